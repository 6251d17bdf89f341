import { lastBelow, type NativeFrame, type OpenSymbols } from "./symbols.ts"

/** A function of a symbol table. */
export type TableSymbol = {
  address: number
  /** 0: up to the next one. */
  size: number
  /** Offset of its name among the names. */
  name: number
}

const MAX_NAME_BYTES = 4096
const SYMBOL_BYTES = 20
/** A name ends the code before it, unless it is this far away: then something else lies between. */
const MAX_UNSIZED_BYTES = 1024 * 1024

/** Names of functions by address, as linkers leave them: without files and lines. */
export function openTable(
  symbols: readonly TableSymbol[],
  names: Buffer,
  /** What compilers put before every name. */
  prefix: "" | "_",
): OpenSymbols {
  const sorted = [...symbols].sort((a, b) => a.address - b.address || b.size - a.size)
  const starts = Float64Array.from(sorted, ({ address }) => address)
  const sizes = Float64Array.from(sorted, ({ size }) => size)
  const offsets = Uint32Array.from(sorted, ({ name }) => name)
  return {
    bytes: names.length + sorted.length * SYMBOL_BYTES,
    framesAt(address): NativeFrame[] | null {
      let index = lastBelow(starts, address)
      // Of several names for one address the first is the largest.
      while (index > 0 && starts[index - 1] === starts[index]) index--
      const beginsAt = starts[index]
      if (beginsAt === undefined) return null
      const size = sizes[index] || MAX_UNSIZED_BYTES
      const name = address < beginsAt + size ? nameAt(names, offsets[index] ?? 0) : ""
      if (name === "") return null
      const bare = prefix !== "" && name.startsWith(prefix) ? name.slice(prefix.length) : name
      return [{ function: bare, file: null, line: null, beginsAt }]
    },
  }
}

function nameAt(names: Buffer, at: number): string {
  const end = names.indexOf(0, at)
  const last = end === -1 ? names.length : end
  return names.toString("utf8", at, Math.min(last, at + MAX_NAME_BYTES))
}

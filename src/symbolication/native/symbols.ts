/** A place in the source of a native program; of calls put into each other oldest first. */
export type NativeFrame = {
  function: string
  /** null: only the name is known. */
  file: string | null
  line: number | null
  /** Where the function begins, from the start of its image. */
  beginsAt: number
}

/** What a debug file tells of addresses, which count from the start of its image. */
export type OpenSymbols = {
  /** null: nothing is known to be there. */
  framesAt(address: number): NativeFrame[] | null
  bytes: number
}

/** What a debug file says of itself. */
export type ObjectLabel = {
  kind: "elf" | "macho" | "breakpad"
  debugId: string
  codeId: string | null
  /** As clients call it: x86_64, arm64. */
  cpu: string
  /** exe lib dbg or none */
  type: "exe" | "lib" | "dbg" | "none"
  features: string[]
}

/** Why a file is of no use. */
export class InvalidSymbols extends Error {}

/** Index of the last of `starts`, which ascend, that is not above `address`; -1: all are. */
export function lastBelow(starts: Float64Array, address: number): number {
  let low = 0
  let high = starts.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= address) low = middle + 1
    else high = middle - 1
  }
  return high
}

import type { DebugImage, Frame } from "#normalize/event.ts"

/** What a native frame says beside its name: where in memory it ran and which file that was. */
export type NativeFacts = {
  address: string
  /** Last part of the image's path. */
  image: string | null
  /** False: the debug file that would name the function is not there. */
  hasName: boolean
  rows: [key: string, value: string][]
}

const HEX = /^0x[0-9a-f]{1,16}$/i

/** null for frames without an address: interpreted languages. */
export function nativeFacts(frame: Frame, images: readonly DebugImage[]): NativeFacts | null {
  const address = frame.instruction_addr
  if (address === undefined) return null
  const image = imageOf(frame, images)
  const path = frame.package ?? textOf(image?.code_file)
  const hasName = frame.function !== undefined
  const debugId = textOf(image?.debug_id)
  const rows: [string, string | undefined][] = [
    ["address", address],
    ["function begins at", frame.symbol_addr],
    ["image", path],
    ["image begins at", frame.image_addr ?? textOf(image?.image_addr)],
    ["found by", frame.trust],
    [hasName ? "debug id" : "missing debug file", debugId],
  ]
  return {
    address,
    image: path?.split(/[/\\]/).at(-1) || null,
    hasName,
    rows: rows.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  }
}

function imageOf(frame: Frame, images: readonly DebugImage[]): DebugImage | undefined {
  const address = numberOf(frame.instruction_addr)
  return images.find((image) => {
    const start = numberOf(image.image_addr)
    if (start === null) return false
    if (start === numberOf(frame.image_addr)) return true
    const size = typeof image.image_size === "number" ? BigInt(Math.trunc(image.image_size)) : 0n
    return address !== null && address >= start && address < start + size
  })
}

function numberOf(value: unknown): bigint | null {
  return typeof value === "string" && HEX.test(value) ? BigInt(value) : null
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined
}

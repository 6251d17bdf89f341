import type { DebugImage, Frame, NormalizedEvent } from "#normalize/event.ts"

const TYPES = new Set(["macho", "elf", "pe", "symbolic"])
const HEX = /^0x[0-9a-f]{1,16}$/i
const RELATIVE = /^rel:(\d{1,5})$/

/** A program or library that was loaded, and where. */
export type Image = {
  /** Its place among all images of the event. */
  index: number
  start: bigint
  end: bigint
  debugId: string | null
  file: string
  arch: string
}

export const isNativeImage = ({ type }: DebugImage) => TYPES.has(type)

export type ImageMap = {
  /** Where a frame was, from the start of its image; null: it is in none. */
  locate(frame: Frame): { image: Image; at: number } | null
}

export function imageMap({ debug_meta: meta }: NormalizedEvent): ImageMap {
  const images = (meta?.images ?? []).map((image, index) =>
    isNativeImage(image) ? imageOf(image, index) : null,
  )
  const sorted = images
    .filter((image) => image !== null)
    .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))
  const around = (address: bigint): Image | null => {
    let [low, high] = [0, sorted.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      if ((sorted[middle]?.start ?? 0n) <= address) low = middle + 1
      else high = middle - 1
    }
    const image = sorted[high]
    return image && address < image.end ? image : null
  }
  return {
    locate(frame) {
      const address = addressOf(frame.instruction_addr)
      if (address === null) return null
      const relative = RELATIVE.exec(frame.addr_mode ?? "")?.[1]
      const image = relative === undefined ? around(address) : images[Number(relative)]
      if (!image) return null
      return { image, at: Number(relative === undefined ? address - image.start : address) }
    },
  }
}

function imageOf(image: DebugImage, index: number): Image | null {
  const start = addressOf(image.image_addr)
  if (start === null) return null
  const size = typeof image.image_size === "number" ? Math.max(0, Math.trunc(image.image_size)) : 0
  return {
    index,
    start,
    end: start + BigInt(Number.isSafeInteger(size) ? size : 0),
    debugId: textOf(image.debug_id) || null,
    file: textOf(image.code_file),
    arch: textOf(image.arch),
  }
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "")

function addressOf(value: unknown): bigint | null {
  return typeof value === "string" && HEX.test(value) ? BigInt(value) : null
}

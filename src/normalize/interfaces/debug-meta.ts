import type { DebugImage, DebugMeta } from "../event.ts"
import { bag, mediumBag, smallBag } from "../values/bag.ts"
import { readDebugId } from "../values/debug-id.ts"
import { filled, isRecord, listOf, type Reader, record } from "../values/read.ts"
import { refuse } from "../values/remarks.ts"

/** An Android process loads several hundred libraries. */
const MAX_IMAGES = 2000
const TYPES = new Set(
  "macho elf pe pe_dotnet wasm symbolic apple proguard jvm sourcemap".split(" "),
)
const readImage = bag(mediumBag)

const image: Reader<DebugImage> = (value, remarks) => {
  const read = readImage(value, remarks)
  if (!read) return undefined
  const type = read.type
  if (typeof type !== "string" || !TYPES.has(type)) {
    return refuse(remarks, type, "unsupported debug image type")
  }
  if (type === "apple") return fromApple(read)
  return isCanonical(read) ? (read as DebugImage) : canonical(read, type)
}

function isCanonical(image: Record<string, unknown>): boolean {
  return (
    image.name === undefined &&
    image.id === undefined &&
    !hasUpperCase(image.code_id) &&
    debugIdOf(image.debug_id) === image.debug_id
  )
}

function hasUpperCase(value: unknown): boolean {
  return typeof value === "string" && value !== value.toLowerCase()
}

function debugIdOf(value: unknown): unknown {
  return typeof value === "string" ? (readDebugId(value) ?? value) : value
}

function canonical(image: Record<string, unknown>, type: string): DebugImage {
  const { name, id, code_id: codeId, ...rest } = image
  const file = rest.code_file ?? name
  const debugId = debugIdOf(rest.debug_id ?? id)
  return {
    ...rest,
    type,
    ...(file !== undefined && { code_file: file }),
    ...(debugId !== undefined && { debug_id: debugId }),
    ...(codeId !== undefined && {
      code_id: typeof codeId === "string" ? codeId.toLowerCase() : codeId,
    }),
  }
}

function fromApple(image: Record<string, unknown>): DebugImage {
  const { name, uuid, cpu_type: _type, cpu_subtype: _subtype, ...rest } = image
  return {
    ...rest,
    type: "macho",
    ...(name !== undefined && { code_file: name }),
    ...(uuid !== undefined && { debug_id: debugIdOf(uuid) }),
  }
}

const readDebugMeta = record<DebugMeta>({
  sdk_info: bag(smallBag),
  images: listOf(image, { max: MAX_IMAGES, keep: "first" }),
})

export const debugMeta: Reader<DebugMeta> = (value, remarks) => {
  const read = filled(readDebugMeta)(value, remarks)
  return isRecord(read) && read.images?.length === 0 && !read.sdk_info ? undefined : read
}

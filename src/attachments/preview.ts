export type Preview = "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "text/plain"

/** Larger ones are only downloaded: a page must stay light, and a picture of pixels by the billion is an attack. */
const MAX_IMAGE_BYTES = 10 * 1024 * 1024
const MAX_TEXT_BYTES = 64 * 1024

const SIGNATURES: [Preview, offset: number, bytes: number[]][] = [
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/gif", 0, [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
]

/**
 * What of an attachment a page may show, by its bytes: neither its name nor the type that the client says is believed. Null:
 * nothing, it can only be downloaded. SVG is among those: it is a program.
 */
export function previewOf(bytes: Uint8Array): Preview | null {
  const signature = SIGNATURES.find(([, offset, expected]) =>
    expected.every((byte, i) => bytes[offset + i] === byte),
  )
  if (signature) return bytes.length <= MAX_IMAGE_BYTES ? signature[0] : null
  return isText(bytes) ? "text/plain" : null
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length > MAX_TEXT_BYTES || bytes.includes(0)) return false
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

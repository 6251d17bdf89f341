import { boundaryOf, type Part, readMultipart } from "#protocol/multipart.ts"
import { type Refusal, refuse } from "../refusal.ts"

/** Crash reporters send a field for everything they know. */
const MAX_PARTS = 1000

/** The parts of a multipart body, files no more than `maxFiles`. */
export function formParts(
  bytes: Uint8Array,
  contentType: string | null,
  maxFiles: number,
): Part[] | Refusal {
  if (bytes.length === 0) return refuse("empty_body")
  const boundary = boundaryOf(contentType)
  const parts = boundary === null ? null : readMultipart(bytes, boundary, MAX_PARTS)
  if (!parts) return refuse("invalid_multipart")
  const files = parts.filter(({ filename }) => filename !== null)
  return files.length > maxFiles ? refuse("invalid_multipart", "too many files") : parts
}

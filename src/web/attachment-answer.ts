import type { App } from "#app.ts"
import type { Attachment } from "#attachments/store.ts"
import { AppError } from "#platform/errors.ts"

/** Whatever its bytes are, they run nowhere: not as a document, not as a part of one. */
const POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
/** Controls and formats (right-to-left overrides among them), and what separates folders. */
const UNSPEAKABLE = /[\p{C}"\\/:*?<>|]/gu
const MAX_NAME_CHARS = 150

/**
 * The bytes of an attachment: for keeping, as nothing in particular, or for looking at, as what its first bytes say that it is.
 * Throws not_found when they are gone, and when there is nothing to look at.
 */
export async function answerAttachment(
  { blobs }: Pick<App, "blobs">,
  attachment: Attachment,
  purpose: "download" | "view",
): Promise<Response> {
  if (purpose === "view" && !attachment.preview) throw gone("This attachment has no preview.")
  const stream = await blobs.stream(attachment.blobKey)
  if (!stream) throw gone("This attachment is gone.")
  return new Response(stream, {
    headers: {
      "Content-Type": purpose === "view" ? typeOf(attachment) : "application/octet-stream",
      "Content-Length": String(attachment.size),
      "Content-Disposition": disposition(
        purpose === "view" ? "inline" : "attachment",
        attachment.name,
      ),
      "Content-Security-Policy": POLICY,
    },
  })
}

function typeOf({ preview }: Attachment): string {
  return preview === "text/plain" ? "text/plain; charset=utf-8" : (preview ?? "")
}

/** In both spellings of RFC 6266: the first for programs that know no other. */
export function disposition(kind: "inline" | "attachment", name: string): string {
  const fileName = name.replace(UNSPEAKABLE, "_").slice(-MAX_NAME_CHARS).toWellFormed()
  const plain = fileName.replace(/[^\w .()-]/g, "_")
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, percentEncoded)
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

const percentEncoded = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase()}`

function gone(message: string): AppError {
  return new AppError("not_found", message)
}

import { utcDay } from "#platform/clock.ts"

/** Sentry's `attachment_type`; what nobody knows is a plain file. */
const TYPES = new Set([
  "event.attachment",
  "event.minidump",
  "event.applecrashreport",
  "event.payload",
  "event.breadcrumbs",
  "event.view_hierarchy",
  "unreal.context",
  "unreal.logs",
  "playstation.prosperodump",
])
const PLAIN_FILE = "event.attachment"

const MAX_NAME_CHARS = 255
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$/

/** What the header of an attachment item says of it; regular, bounded and harmless to store, but not to be believed. */
export type AttachmentLabel = { name: string; type: string; contentType: string }

export function labelOf(headers: Record<string, unknown>): AttachmentLabel {
  const { filename, attachment_type: type, content_type: contentType } = headers
  return {
    name: nameOf(filename),
    type: typeof type === "string" && TYPES.has(type) ? type : PLAIN_FILE,
    contentType: mediaTypeOf(contentType),
  }
}

function nameOf(filename: unknown): string {
  if (typeof filename !== "string") return "unnamed"
  // PostgreSQL stores neither NUL nor half a character.
  const name = filename.slice(0, MAX_NAME_CHARS).replaceAll("\0", "").toWellFormed().trim()
  return name || "unnamed"
}

/** Without its parameters, which nobody needs. */
function mediaTypeOf(value: unknown): string {
  const [type = ""] = typeof value === "string" ? value.slice(0, 200).split(";", 1) : []
  const plain = type.trim().toLowerCase()
  return MEDIA_TYPE.test(plain) ? plain : "application/octet-stream"
}

/** Below it a day's blobs lie in a folder of their own, which goes with the day that they were received. */
export const BLOB_FOLDER = "attachments"

/** The same for every delivery of a message, so that a second try leaves no second blob. */
export function blobKeyOf(message: { id: string; receivedAt: number }, index: number): string {
  return `${BLOB_FOLDER}/${utcDay(new Date(message.receivedAt))}/${message.id}-${index}`
}

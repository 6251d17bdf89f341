const ID = /^[0-9a-f]{32}$/i
const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The canonical event id, 32 lower-case hex digits, of a plain or dashed uuid in any case; null for all else.
 * Event ids become keys and parts of paths, so nothing but these two forms may pass.
 */
export function parseEventId(value: unknown): string | null {
  if (typeof value !== "string") return null
  if (ID.test(value)) return value.toLowerCase()
  return DASHED.test(value) ? value.replaceAll("-", "").toLowerCase() : null
}

/** A random (v4) id for an event that came without one. */
export function newEventId(): string {
  return crypto.randomUUID().replaceAll("-", "")
}

import { parseEventId } from "#protocol/event-id.ts"
import { isJsonObject, parseJson } from "#protocol/json.ts"
import type { Composition } from "../accept-composed.ts"
import { type Refusal, refuse } from "../refusal.ts"

/** Stands for the check-in of the monitor that is open. */
const LATEST = "0".repeat(32)
const STATUSES = new Set<unknown>(["in_progress", "ok", "error"])
const JSON_LIMITS = { maxDepth: 16, maxMembers: 1000 }

/** The check-in of a job: in a JSON body, or in the address, where a shell's one-liner has it. */
export function composeCheckIn(
  bytes: Uint8Array,
  request: { slug: string; query: string },
): Composition | Refusal {
  const said = bytes.length > 0 ? inBody(bytes) : inQuery(new URLSearchParams(request.query))
  if (!said) return refuse("invalid_check_in", "expected a JSON object")
  const { status, duration, check_in_id: given = null } = said
  const id = given === null ? LATEST : parseEventId(given)
  if (id === null) return refuse("invalid_check_in", "invalid check_in_id")
  if (!STATUSES.has(status)) return refuse("invalid_check_in", "invalid status")
  if (!isDuration(duration)) return refuse("invalid_check_in", "invalid duration")
  const checkIn = { ...said, check_in_id: id, monitor_slug: request.slug }
  const payload = Buffer.from(JSON.stringify(checkIn))
  return { eventId: null, items: [{ type: "check_in", headers: {}, payload }] }
}

function inBody(bytes: Uint8Array): Record<string, unknown> | null {
  const parsed = parseJson(bytes, JSON_LIMITS)
  return "value" in parsed && isJsonObject(parsed.value) ? parsed.value : null
}

function inQuery(query: URLSearchParams): Record<string, unknown> {
  const duration = query.get("duration")
  return {
    status: query.get("status"),
    check_in_id: query.get("check_in_id"),
    environment: query.get("environment"),
    ...(duration !== null && { duration: duration.trim() === "" ? Number.NaN : Number(duration) }),
  }
}

/** In seconds. */
function isDuration(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === "number" && value >= 0 && Number.isFinite(value)
}

import type { Breadcrumb, NormalizedEvent } from "./event.ts"
import { type Remarks, remark } from "./values/remarks.ts"
import { secondsOfDate, toMicroseconds } from "./values/time.ts"

/** A client's clock that is off by less is left alone: time zones and daylight saving are whole hours. */
const MIN_DRIFT_SECONDS = 55 * 60
const MAX_FUTURE_SECONDS = 60
/** Events are kept by the day they were received; one that claims to be older would sort below all pages. */
const MAX_PAST_SECONDS = 30 * 24 * 3600

type Timed = Pick<NormalizedEvent, "breadcrumbs"> & { timestamp?: number }

/**
 * The event's own times, in seconds, corrected by how far the client's clock was off when it sent (`sentAt`), and
 * moved to the time of receiving when the event would lie in the future or in a distant past. An event without
 * a time happened when it was received.
 */
export function correctedTimes(
  event: Timed,
  received: { receivedAt: Date; sentAt?: Date | null | undefined },
  remarks: Remarks,
): { timestamp: number; shiftSeconds: number } {
  const now = secondsOfDate(received.receivedAt)
  const drift = driftOf(now, received.sentAt)
  if (drift !== 0)
    remark(remarks, "clock_drift", { name: "timestamp", reason: driftText(drift, now) })
  if (event.timestamp === undefined) return { timestamp: toMicroseconds(now), shiftSeconds: drift }
  const corrected = event.timestamp + drift
  const type = outOfRange(corrected, now)
  if (type) remark(remarks, type, { name: "timestamp", value: event.timestamp })
  const timestamp = toMicroseconds(type ? now : corrected)
  return { timestamp, shiftSeconds: timestamp - event.timestamp }
}

function driftOf(now: number, sentAt: Date | null | undefined): number {
  const drift = sentAt ? now - secondsOfDate(sentAt) : 0
  return Math.abs(drift) >= MIN_DRIFT_SECONDS ? drift : 0
}

function driftText(drift: number, now: number): string {
  const [sdkTime, serverTime] = [now - drift, now].map((seconds) => new Date(seconds * 1000))
  const times = `${timeText(sdkTime)} there, ${timeText(serverTime)} here`
  return `the client's clock was off by ${Math.round(-drift)} s: ${times}`
}

/** A client's header may name a time that no calendar has. */
function timeText(time: Date | undefined): string {
  return time && Number.isFinite(time.getTime()) ? time.toISOString() : "no time"
}

function outOfRange(seconds: number, now: number): "future_timestamp" | "past_timestamp" | null {
  if (seconds > now + MAX_FUTURE_SECONDS) return "future_timestamp"
  return seconds < now - MAX_PAST_SECONDS ? "past_timestamp" : null
}

export function shiftBreadcrumbs(breadcrumbs: Breadcrumb[], seconds: number): Breadcrumb[] {
  return breadcrumbs.map((crumb) =>
    crumb.timestamp === undefined
      ? crumb
      : { ...crumb, timestamp: toMicroseconds(Math.max(0, crumb.timestamp + seconds)) },
  )
}

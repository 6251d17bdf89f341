import type { Json } from "./report-event.ts"

/** Which kind of crash file came, by Sentry's `attachment_type`. */
const CRASHES: Record<string, { type: string; value: string; mechanism: string } | undefined> = {
  "event.minidump": {
    type: "Minidump",
    value: "Invalid Minidump",
    mechanism: "minidump",
  },
  "event.applecrashreport": {
    type: "AppleCrashReport",
    value: "Invalid Apple Crash Report",
    mechanism: "applecrashreport",
  },
}

/**
 * The event of a crash whose files nobody has read: what its client says of it, or nothing, with an exception that stands for the
 * crash. The event itself when it tells what happened, or none of the files is of a crash.
 */
export function crashEvent(event: Json | null, attachmentTypes: readonly string[]): Json | null {
  const crash = attachmentTypes.map((type) => CRASHES[type]).find((each) => each !== undefined)
  if (!crash || (event && hasException(event))) return event
  // Not synthetic, as Sentry's is until it has read the file: its type is all there is to call the issue by.
  const mechanism = { type: crash.mechanism, handled: false }
  return {
    level: "fatal",
    ...event,
    platform: event?.platform ?? "native",
    exception: { values: [{ type: crash.type, value: crash.value, mechanism }] },
  }
}

function hasException(event: Json): boolean {
  const { exception } = event
  if (Array.isArray(exception)) return exception.length > 0
  const { values } = (exception ?? {}) as Json
  return Array.isArray(values) ? values.length > 0 : Boolean(exception)
}

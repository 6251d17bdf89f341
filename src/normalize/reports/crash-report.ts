import { isJsonObject } from "#protocol/json.ts"
import { readMsgpack } from "#protocol/msgpack.ts"
import type { Json } from "./report-event.ts"

/** A file of a crash, by Sentry's `attachment_type`; without `bytes` it was too large to travel with the others. */
type CrashFile = { type: string; bytes?: Uint8Array }

/** What stands for a crash whose file nobody has read. */
const CRASHES = new Map([
  ["event.minidump", { type: "Minidump", value: "Invalid Minidump", mechanism: "minidump" }],
  [
    "event.applecrashreport",
    {
      type: "AppleCrashReport",
      value: "Invalid Apple Crash Report",
      mechanism: "applecrashreport",
    },
  ],
])

/**
 * The event of a crash that came as files: what the client says of it (as an event beside them, else in a file of theirs), with an
 * exception that stands for the crash unless there is one. The event itself, or null, when no file is of a crash.
 */
export function crashEvent(event: Json | null, files: readonly CrashFile[]): Json | null {
  const told = toldIn(files)
  const known = event || told ? { ...told, ...event } : null
  const crash = files.map(({ type }) => CRASHES.get(type)).find((each) => each !== undefined)
  if (!crash || (known && hasException(known))) return known
  // Not synthetic, as Sentry's is until it has read the file: its type is all there is to call the issue by.
  const mechanism = { type: crash.mechanism, handled: false }
  return {
    level: "fatal",
    platform: "native",
    ...known,
    exception: { values: [{ type: crash.type, value: crash.value, mechanism }] },
  }
}

/** The event and the breadcrumbs that a dying process left in files. */
function toldIn(files: readonly CrashFile[]): Json | null {
  const [payload] = valuesIn(files, "event.payload")
  const event = payload?.find(isJsonObject) ?? null
  const breadcrumbs = joined(valuesIn(files, "event.breadcrumbs"))
  if (breadcrumbs.length === 0) return event
  return { breadcrumbs: { values: breadcrumbs }, ...event }
}

function valuesIn(files: readonly CrashFile[], wanted: string): unknown[][] {
  return files.flatMap(({ type, bytes }) => {
    const values = type === wanted && bytes ? readMsgpack(bytes) : null
    return values ? [values.flat()] : []
  })
}

/** Two files written in turn, each up to the same number: of both together the newest are as many as the longer one holds. */
function joined(lists: readonly unknown[][]): unknown[] {
  const [first = [], second = []] = lists
  const inOrder = [first, second].sort((a, b) => lastTime(a) - lastTime(b))
  return inOrder.flat().slice(-Math.max(first.length, second.length))
}

function lastTime(breadcrumbs: readonly unknown[]): number {
  const last = breadcrumbs.at(-1)
  if (!isJsonObject(last)) return 0
  const { timestamp } = last
  const at = typeof timestamp === "number" ? timestamp * 1000 : Date.parse(String(timestamp))
  return Number.isNaN(at) ? 0 : at
}

function hasException({ exception }: Json): boolean {
  if (Array.isArray(exception)) return exception.length > 0
  if (!isJsonObject(exception)) return false
  return Array.isArray(exception.values) ? exception.values.length > 0 : true
}

import { isJsonObject } from "#protocol/json.ts"
import { readMsgpack } from "#protocol/msgpack.ts"
import { crashOfDump } from "../minidump/crash-of-dump.ts"
import type { Json } from "./report-event.ts"

/** A file of a crash, by Sentry's `attachment_type`; without `bytes` it was too large to travel with the others. */
type CrashFile = {
  type: string
  bytes?: Uint8Array
  /** What was read of a minidump that is too large to travel. */
  crash?: Json | null
}

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
 * The event of a crash that came as files: what the client says of it (as an event beside them, else in a file of theirs), with
 * what a minidump tells, and an exception that stands for the crash unless there is one. The event itself, or null, when no file is of a crash.
 */
export function crashEvent(event: Json | null, files: readonly CrashFile[]): Json | null {
  const told = toldIn(files)
  const known = event || told ? { ...told, ...event } : null
  const file = files.find(({ type }) => CRASHES.has(type))
  const crash = file && CRASHES.get(file.type)
  if (!crash) return known
  const read = dumpIn(file)
  if (known && hasException(known)) {
    const { threads, debug_meta } = read ?? {}
    return { ...(read && { threads, debug_meta }), ...known, ...bothContexts(read, known) }
  }
  // Not synthetic, as Sentry's is: its type is all there is to call the issue by.
  const mechanism = { type: crash.mechanism, handled: false }
  const unread = { values: [{ type: crash.type, value: crash.value, mechanism }] }
  return {
    ...(read ?? { level: "fatal", platform: "native" }),
    ...known,
    ...bothContexts(read, known),
    exception: read?.exception ?? unread,
  }
}

function dumpIn({ type, bytes, crash }: CrashFile): Json | null {
  if (type !== "event.minidump") return null
  return crash ?? (bytes ? crashOfDump(bytes) : null)
}

/** What the client knows of its system counts more than what the dump does. */
function bothContexts(read: Json | null, known: Json | null): Json {
  if (!isJsonObject(read?.contexts)) return {}
  const told = known?.contexts
  return { contexts: isJsonObject(told) ? { ...read.contexts, ...told } : read.contexts }
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

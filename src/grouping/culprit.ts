import { lastException, newestFrame } from "./crash-frame.ts"
import { violationOf } from "./csp.ts"
import type {
  GroupingEvent,
  GroupingException,
  GroupingFrame,
  GroupingStacktrace,
} from "./event.ts"
import { basenameOf, functionNameOf } from "./frame.ts"
import { headOf, oneLine } from "./text.ts"

const MAX_CHARACTERS = 200

/** Where it happened, in one line of at most 200 characters: the transaction, else a frame, else the URL. */
export function culpritOf(event: GroupingEvent): string {
  const given = event.culprit || event.transaction
  return oneLine(headOf(given || generated(event), MAX_CHARACTERS)).trim()
}

function generated(event: GroupingEvent): string {
  if (event.csp) return violationOf(event.csp).violated
  if (lastException(event)?.mechanism?.synthetic) return ""
  const platform = event.platform ?? "other"
  const frame = newestFrame(stackOf(event), (frame) => frameCulprit(frame, platform) !== "")
  return (frame && frameCulprit(frame, platform)) || event.request?.url || ""
}

function stackOf(event: GroupingEvent): GroupingStacktrace | undefined {
  const hasFrames = ({ stacktrace }: GroupingException) => (stacktrace?.frames.length ?? 0) > 0
  return event.exception?.values.findLast(hasFrames)?.stacktrace ?? event.stacktrace
}

const BY_FUNCTION = new Set(["objc", "cocoa", "native"])

function frameCulprit(frame: GroupingFrame, eventPlatform: string): string {
  const platform = frame.platform || eventPlatform
  const name = functionNameOf(frame, eventPlatform)
  // Without symbols the module is all that is known, and more than a question mark tells.
  if (BY_FUNCTION.has(platform)) return name || basenameOf(frame.package ?? "") || "?"
  const place = frame.module || frame.filename
  if (!place) return ""
  return platform === "javascript" || platform === "node"
    ? `${name || "?"}(${place})`
    : `${place} in ${name || "?"}`
}

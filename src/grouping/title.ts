import { lastException, mainStackOf } from "./crash-frame.ts"
import { field, normalizedUri, violationOf } from "./csp.ts"
import { violationMessage } from "./csp-message.ts"
import { culpritOf } from "./culprit.ts"
import type { GroupingEvent, GroupingException, GroupingFrame, Report } from "./event.ts"
import { groupExceptions } from "./exceptions.ts"
import { functionNameOf } from "./frame.ts"
import { cutText, firstLine, oneLine } from "./text.ts"

const MAX_TITLE_CHARACTERS = 256
const MAX_TYPE_CHARACTERS = 128
const MAX_VALUE_CHARACTERS = 1024
const MAX_SEARCH_CHARACTERS = 8192

type EventType = "error" | "default" | "csp" | "hpkp" | "expectct" | "expectstaple"

/** How an event is called. */
export type Title = {
  type: EventType
  /** One line of at most 256 characters, never empty. */
  title: string
  /** What the title is made of; a page shows the parts. */
  metadata: Record<string, string>
  /** Where it happened; may be empty. */
  culprit: string
  /** The file or host, in short; null when there is none. */
  location: string | null
  /** For free-text search: message, metadata and culprit. */
  searchText: string
}

/** Names an event; `mainException` is that of its grouping, worked out here when left out. */
export function titleOf(
  event: GroupingEvent,
  mainException: GroupingException | null = mainExceptionOf(event),
): Title {
  const { type, title, metadata, location } = withGivenTitle(namesOf(event, mainException), event)
  const culprit = culpritOf(event)
  return {
    type,
    title,
    metadata,
    culprit,
    location,
    searchText: searchText(event, metadata, culprit),
  }
}

/** Whether an exception of the event ended what the program was doing. */
export function isUnhandled(event: GroupingEvent): boolean {
  return event.exception?.values.some(({ mechanism }) => mechanism?.handled === false) ?? false
}

function mainExceptionOf(event: GroupingEvent): GroupingException | null {
  const values = event.exception?.values ?? []
  return values.length > 1 ? (groupExceptions(event)?.main ?? null) : null
}

/** What a rule calls it wins everywhere. */
function withGivenTitle(names: Names, event: GroupingEvent): Names {
  const title = event.title && cutText(firstLine(event.title), MAX_TITLE_CHARACTERS)
  return title ? { ...names, title, metadata: { ...names.metadata, title } } : names
}

type Names = Pick<Title, "type" | "title" | "metadata" | "location">

function namesOf(event: GroupingEvent, mainException: GroupingException | null): Names {
  const exception = mainException ?? lastException(event)
  if (exception) return exceptionNames(exception, event)
  if (event.csp) return violationNames(event.csp)
  for (const type of ["hpkp", "expectct", "expectstaple"] as const) {
    const report = event[type]
    if (report) return reportNames(type, report)
  }
  return messageNames(event)
}

function exceptionNames(exception: GroupingException, event: GroupingEvent): Names {
  const frame = namedFrame(exception, event)
  const filename = frame?.filename || frame?.abs_path || ""
  const name = (frame && functionNameOf(frame, event.platform ?? "other")) || ""
  const type = exception.mechanism?.synthetic
    ? ""
    : cutText(exception.type || "", MAX_TYPE_CHARACTERS)
  const value = cutText(exception.value ?? "", MAX_VALUE_CHARACTERS)
  const metadata: Record<string, string> = { value }
  if (type) metadata.type = type
  if (filename) metadata.filename = filename
  if (name) metadata.function = name
  const title = type ? typedTitle(type, value) : untypedTitle(exception, event, name)
  return { type: "error", title, metadata, location: filename || null }
}

/** The function it came from; the text, when it is a message that an SDK sent with its stack, for which it makes an exception. */
function untypedTitle(exception: GroupingException, event: GroupingEvent, name: string): string {
  const isMessage = !exception.type && exception.value === messageOf(event)
  const text = (isMessage && firstLine(exception.value ?? "")) || oneLine(name)
  return cutText(text, MAX_TITLE_CHARACTERS) || "<unknown>"
}

function messageOf(event: GroupingEvent): string {
  return event.logentry?.formatted || event.logentry?.message || ""
}

function typedTitle(type: string, value: string): string {
  const name = oneLine(type)
  const line = firstLine(value)
  return line ? `${name}: ${cutText(line, MAX_TITLE_CHARACTERS - name.length - 2)}` : name
}

const NAMELESS = new Set(["<redacted>", "<unknown>"])

/** The newest frame whose function has a name, of the application when there is one. */
function namedFrame(exception: GroupingException, event: GroupingEvent): GroupingFrame | undefined {
  const frames = (exception.stacktrace ?? mainStackOf(event))?.frames ?? []
  const isNamed = (frame: GroupingFrame) =>
    frame.function !== undefined && !NAMELESS.has(frame.function)
  return (
    frames.findLast((frame) => frame.in_app === true && isNamed(frame)) ?? frames.findLast(isNamed)
  )
}

function violationNames(report: Report): Names {
  const violation = violationOf(report)
  const message = violationMessage(violation)
  return {
    type: "csp",
    title: cutText(oneLine(message), MAX_TITLE_CHARACTERS),
    metadata: { directive: violation.directive, uri: violation.uri, message },
    location: violation.uri,
  }
}

const REPORT_NAMES = {
  hpkp: "Public key pinning validation",
  expectct: "Expect-CT",
  expectstaple: "Expect-Staple",
} as const

function reportNames(type: keyof typeof REPORT_NAMES, report: Report): Names {
  const origin = normalizedUri(field(report, "hostname") || "self").replace(/:$/, "")
  const message = `${REPORT_NAMES[type]} failed for '${origin}'`
  return {
    type,
    title: cutText(oneLine(message), MAX_TITLE_CHARACTERS),
    metadata: { origin, message },
    location: origin,
  }
}

function messageNames(event: GroupingEvent): Names {
  const message = messageOf(event)
  const title = cutText(firstLine(message), MAX_TITLE_CHARACTERS) || "<unlabeled event>"
  return { type: "default", title, metadata: { title }, location: null }
}

function searchText(
  event: GroupingEvent,
  metadata: Record<string, string>,
  culprit: string,
): string {
  let text = messageOf(event)
  for (const part of [...Object.values(metadata), culprit]) {
    if (part !== "" && !text.includes(part)) text = text === "" ? part : `${text} ${part}`
  }
  return cutText(text, MAX_SEARCH_CHARACTERS)
}

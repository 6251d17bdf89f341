import type { Bag, NormalizedEvent, Template } from "./event.ts"
import { breadcrumbs } from "./interfaces/breadcrumbs.ts"
import { clientErrors } from "./interfaces/client-errors.ts"
import { contexts } from "./interfaces/contexts.ts"
import { debugMeta } from "./interfaces/debug-meta.ts"
import { exceptions } from "./interfaces/exception.ts"
import { logEntry } from "./interfaces/message.ts"
import { request } from "./interfaces/request.ts"
import { sdk } from "./interfaces/sdk.ts"
import { contextLines, stacktrace } from "./interfaces/stacktrace.ts"
import { tags } from "./interfaces/tags.ts"
import { threads } from "./interfaces/threads.ts"
import { user } from "./interfaces/user.ts"
import { readMeta } from "./meta.ts"
import { bag, largeBag, largerBag, massiveBag, trimTo } from "./values/bag.ts"
import { lenientText, nonEmpty, primitiveText, text, trimmed, unsigned } from "./values/coerce.ts"
import { level } from "./values/level.ts"
import { filled, isEmpty, isRecord, type Reader, record } from "./values/read.ts"
import { dist, environment, release } from "./values/release.ts"
import { nameUnder, type Remarks, refuse, unknownAttribute } from "./values/remarks.ts"
import { cleanText } from "./values/text.ts"
import { timestamp } from "./values/time.ts"

/** What an event says of itself; the rest of NormalizedEvent is decided by the server. */
export type Attributes = Partial<Omit<NormalizedEvent, Decided>>
type Decided =
  | "event_id"
  | "type"
  | "received"
  | "title"
  | "raw_stacktrace"
  | "_fingerprint_info"
  | "_is_skeleton"

const MAX_FINGERPRINT_PARTS = 100
const MAX_FINGERPRINT_CHARACTERS = 8192

const template = filled(
  record<Template>({
    filename: text(128, 20),
    abs_path: text(256, 40),
    lineno: unsigned,
    colno: unsigned,
    pre_context: contextLines,
    context_line: text(1024),
    post_context: contextLines,
  }),
)

const extra: Reader<Bag> = (value, remarks) => {
  const read = bag(massiveBag)(value, remarks)
  if (!read) return undefined
  let copy: Bag | null = null
  for (const key in read) {
    const member = read[key]
    if (
      typeof member === "string" ? member.length < largerBag.characters : typeof member !== "object"
    )
      continue
    const before = remarks.length
    const kept = trimTo(member, largerBag, remarks)
    if (remarks.length > before) nameUnder(remarks, before, key)
    if (kept === member) continue
    copy ??= { ...read }
    copy[key] = kept
  }
  return copy ?? read
}

const modules: Reader<Record<string, string>> = (value, remarks) => {
  const read = bag(largeBag)(value, remarks)
  if (!read) return undefined
  for (const name in read) {
    if (typeof read[name] !== "string") return textMembers(read)
  }
  return read as Record<string, string>
}

function textMembers(object: Bag): Record<string, string> | undefined {
  const result: Record<string, string> = {}
  for (const name in object) {
    const member = primitiveText(object[name])
    if (member !== undefined) result[name] = member
  }
  return isEmpty(result) ? undefined : result
}

/** Parts are never cut: two long ones would become equal. A part beyond all measure is dropped. */
const fingerprint: Reader<string[]> = (value, remarks) => {
  if (!Array.isArray(value)) return refuse(remarks, value, "expected a list")
  const parts: string[] = []
  for (const part of value.slice(0, MAX_FINGERPRINT_PARTS)) {
    const spelled = primitiveText(part)
    if (spelled !== undefined && spelled.length <= MAX_FINGERPRINT_CHARACTERS)
      parts.push(cleanText(spelled))
    else if (part !== null) refuse(remarks, part, "expected a primitive value")
  }
  return parts.length > 0 ? parts : undefined
}

const logger: Reader<string> = (value, remarks) => {
  const name = trimmed(text(64))(value, remarks)
  return name?.replaceAll(/[\r\n]/g, " ")
}

const timeSpent: Reader<number> = (value, remarks) => {
  const milliseconds = unsigned(value, remarks)
  if (milliseconds === undefined || milliseconds < 2 ** 31 - 1) return milliseconds
  return refuse(remarks, value, "too long a time")
}

/** Security reports keep their own spelling; they are read where they are shown. */
const report = bag(largerBag)

const readAttributes = record<Attributes>(
  {
    timestamp,
    level,
    platform: nonEmpty(text(64)),
    logentry: logEntry,
    logger,
    culprit: trimmed(text(200)),
    transaction: trimmed(text(200)),
    server_name: nonEmpty(text(256)),
    site: nonEmpty(text(256)),
    release,
    dist,
    environment,
    user,
    request,
    contexts,
    breadcrumbs,
    exception: exceptions,
    stacktrace,
    template,
    threads,
    tags,
    extra,
    modules,
    fingerprint,
    checksum: trimmed(lenientText(128)),
    sdk,
    debug_meta: debugMeta,
    csp: report,
    hpkp: report,
    expectct: report,
    expectstaple: report,
    time_spent: timeSpent,
    errors: clientErrors,
    _meta: readMeta,
  },
  {
    "sentry.interfaces.Message": "logentry",
    message: "logentry",
    "sentry.interfaces.User": "user",
    "sentry.interfaces.Http": "request",
    "sentry.interfaces.Contexts": "contexts",
    "sentry.interfaces.Breadcrumbs": "breadcrumbs",
    "sentry.interfaces.Exception": "exception",
    "sentry.interfaces.Stacktrace": "stacktrace",
    "sentry.interfaces.Template": "template",
    "sentry.interfaces.Csp": "csp",
    "sentry.interfaces.Hpkp": "hpkp",
    "sentry.interfaces.ExpectCT": "expectct",
    "sentry.interfaces.ExpectStaple": "expectstaple",
  },
)

/** Members that are no mistake of the sender but mean nothing here: set by the server, or by other kinds of events. */
const SILENTLY_DROPPED = new Set(
  (
    "event_id type received project version key_id metadata hashes applecrashreport device repos query " +
    "grouping_config ingest_path scraping_attempts _metrics _dsc spans measurements breakdowns " +
    "transaction_info start_timestamp sentry.interfaces.Query title location title_source"
  ).split(" "),
)
const KNOWN = new Set([...SILENTLY_DROPPED, ...readAttributes.names])

/** Reads the attributes of an event as a client sent it, noting unknown ones. Always a new object. */
export function attributesOf(raw: unknown, remarks: Remarks): Attributes {
  if (!isRecord(raw)) {
    refuse(remarks, raw, "expected an object")
    return {}
  }
  const attributes = { ...readAttributes(raw, remarks) }
  for (const name in raw) {
    if (!KNOWN.has(name)) unknownAttribute(name, raw[name], remarks)
  }
  return attributes
}

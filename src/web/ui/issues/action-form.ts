import type { ArchiveRule, IssueAction, PriorityName } from "#issues/issue.ts"
import { PRIORITY } from "#issues/issue.ts"
import { isReleaseName } from "#normalize/values/release.ts"
import { AppError } from "#platform/errors.ts"
import { localTime } from "../times.ts"

type Form = { get(name: string): unknown }
/** Who sent it, when, and the zone in which they tell times. */
type Sender = { now: Date; viewerId: string; zone: string }
type Reader = (form: Form, sender: Sender) => IssueAction

/** The `action` field of every form that acts on issues, on the stream and on the issue page alike. */
const readers: Record<string, Reader> = {
  resolve: () => ({ kind: "resolve", in: "now" }),
  resolve_in_next_release: () => ({ kind: "resolve", in: "next_release" }),
  resolve_in_version: (form) => ({ kind: "resolve", in: { version: versionField(form) } }),
  resolve_in_commit: (form) => ({ kind: "resolve", in: { sha: commitField(form) } }),
  unresolve: () => ({ kind: "unresolve" }),
  undo: () => ({ kind: "undo" }),
  archive_until_escalating: () => ({ kind: "archive", how: "until_escalating", rule: {} }),
  archive_forever: () => ({ kind: "archive", how: "forever", rule: {} }),
  archive_for: (form, { now }) => archiveWhile(whileRule(form, now)),
  archive_until: (form, sender) => archiveWhile(untilRule(form, sender)),
  archive_until_events: (form) => archiveWhile(eventsRule(form)),
  archive_until_users: (form) => archiveWhile(usersRule(form)),
  assign: (form, { viewerId }) => ({ kind: "assign", to: assignee(form, viewerId) }),
  priority: (form) => ({ kind: "priority", priority: priorityField(form) }),
  bookmark: () => ({ kind: "bookmark", on: true }),
  unbookmark: () => ({ kind: "bookmark", on: false }),
  subscribe: () => ({ kind: "subscribe", on: true }),
  unsubscribe: () => ({ kind: "subscribe", on: false }),
  review: () => ({ kind: "review" }),
}

/** What a form asks to be done. Throws invalid with a message for the person who sent it. */
export function readActionForm(form: Form, sender: Sender): IssueAction {
  const name = String(form.get("action") ?? "")
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined
  if (!read) throw new AppError("invalid", "Choose what to do.", { field: "action" })
  return read(form, sender)
}

function versionField(form: Form): string {
  const version = String(form.get("version") ?? "").trim()
  if (isReleaseName(version)) return version
  throw new AppError("invalid", "Give the version of a release.", { field: "version" })
}

const COMMIT = /^[0-9a-f]{7,64}$/

function commitField(form: Form): string {
  const commit = String(form.get("commit") ?? "")
    .trim()
    .toLowerCase()
  if (COMMIT.test(commit)) return commit
  throw new AppError("invalid", "Give at least the first seven digits of a commit.", {
    field: "commit",
  })
}

function archiveWhile(rule: ArchiveRule): IssueAction {
  return { kind: "archive", how: "until_condition", rule }
}

function whileRule(form: Form, now: Date): ArchiveRule {
  const minutes = wholeField(form, "minutes")
  return { until: new Date(now.getTime() + minutes * 60_000).toISOString() }
}

function untilRule(form: Form, { now, zone }: Sender): ArchiveRule {
  const until = localTime(String(form.get("until") ?? ""), zone)
  if (!until || until <= now) {
    throw new AppError("invalid", "Choose a time that is still to come.", { field: "until" })
  }
  return { until: until.toISOString() }
}

function usersRule(form: Form): ArchiveRule {
  const untilUsers = wholeField(form, "users")
  return form.get("user_window_minutes")
    ? { untilUsers, userWindowMinutes: wholeField(form, "user_window_minutes") }
    : { untilUsers }
}

function eventsRule(form: Form): ArchiveRule {
  const untilEvents = wholeField(form, "count")
  return form.get("window_minutes")
    ? { untilEvents, windowMinutes: wholeField(form, "window_minutes") }
    : { untilEvents }
}

/** A year in minutes and a million events are enough for anybody; more is a slip of the finger. */
const MAX_WHOLE = 1_000_000

function wholeField(form: Form, field: string): number {
  const number = Number(form.get(field))
  if (!Number.isInteger(number) || number < 1 || number > MAX_WHOLE) {
    throw new AppError("invalid", "Give a whole number above zero.", { field })
  }
  return number
}

function assignee(form: Form, viewerId: string) {
  const value = String(form.get("assignee") ?? "")
  if (value === "") return null
  if (value === "me") return { userId: viewerId }
  const match = /^(user|team):(\d{1,18})$/.exec(value)
  if (!match?.[2]) throw new AppError("invalid", "Choose whom to assign.", { field: "assignee" })
  return match[1] === "user" ? { userId: match[2] } : { teamId: match[2] }
}

function priorityField(form: Form): PriorityName {
  const value = String(form.get("priority") ?? "")
  if (!Object.hasOwn(PRIORITY, value)) {
    throw new AppError("invalid", "Priority is high, medium or low.", { field: "priority" })
  }
  return value as PriorityName
}

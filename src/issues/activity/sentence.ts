import { shortSha } from "#releases/version.ts"
import type { ArchiveRule, Substatus } from "../issue.ts"
import { archivedUntil } from "../status/archive-words.ts"
import type { Activity } from "./store.ts"

type Data = Record<string, unknown>
type Told = Pick<Activity, "type" | "data" | "userName" | "userEmail"> & {
  assigneeName?: string | null
}
type Sentence = (who: string, data: Data, entry: Told) => string

const sentences: Record<string, Sentence> = {
  first_seen: (_who, data) =>
    data.version ? `First seen, in ${text(data.version)}.` : "First seen.",
  note: (who, data) => `${who} commented${data.edited ? " (edited)" : ""}.`,
  set_resolved: (who) => `${who} resolved this.`,
  set_resolved_in_release: (who, data) => `${who} resolved this in ${releaseIn(data)}.`,
  set_resolved_in_commit: (who, data, entry) =>
    isOfNobody(entry)
      ? `Resolved by commit ${shortSha(text(data.commit))}${data.version ? `, in ${text(data.version)}` : ""}.`
      : `${who} resolved this in commit ${shortSha(text(data.commit))}.`,
  set_resolved_by_age: (_who, data) =>
    `Resolved by itself: no event for ${count(data.age, "hour")}.`,
  set_unresolved: (who, data) =>
    data.reason === "archive_condition_met"
      ? cameBack(data)
      : `${who} ${data.undo ? "took that back" : "reopened this"}.`,
  undo: (who) => `${who} took that back.`,
  set_ignored: (who, data) =>
    `${who} archived this ${archivedUntil({ substatus: data.substatus as Substatus, rule: ruleIn(data) }, utcTime)}.`,
  set_regression: (_who, data) =>
    `Came back${data.version ? ` in ${text(data.version)}` : ""}${
      data.resolved_in_version
        ? `, resolved in ${text(data.resolved_in_version)}`
        : " after it was resolved"
    }.`,
  set_escalating: (_who, data) => {
    const limit = Number(data.forecast ?? 0).toLocaleString("en")
    return `Escalating: ${count(data.events, "event")} in one hour, ${
      data.usual === undefined
        ? `more than ${limit} are unusual here`
        : `at most ${limit} were foreseen`
    }.`
  },
  auto_set_ongoing: (_who, data) =>
    `Ongoing, after ${count(data.after_days, "day")} without a change.`,
  assigned: (who, data, entry) =>
    `${who} assigned this to ${entry.assigneeName ?? (data.assigneeType === "team" ? "a team" : "somebody")}.`,
  unassigned: (who) => `${who} took the assignment back.`,
  set_priority: (who, data) => `${who} set the priority to ${text(data.priority)}.`,
  mark_reviewed: (who) => `${who} reviewed this.`,
  merge: (who, data) => `${who} merged ${mergedNames(data.issues)} into this.`,
  unmerge_source: (who, data) => `${who} took ${fingerprints(data)} out of this.`,
  unmerge_destination: (who, data) => `${who} made this of ${fingerprints(data)} of another issue.`,
}

/** What an entry tells, as a sentence in plain text. Parts of it come from people and clients. */
export function activitySentence(entry: Told): string {
  const sentence = Object.hasOwn(sentences, entry.type) ? sentences[entry.type] : undefined
  return sentence?.(authorOf(entry), entry.data, entry) ?? `${authorOf(entry)}: ${entry.type}`
}

const isOfNobody = ({ userName, userEmail }: Told) => userName === null && userEmail === null

/** Who did it; what nobody did was the program. */
export function authorOf(entry: Pick<Told, "userName" | "userEmail">): string {
  return entry.userName ?? entry.userEmail ?? "sentry-lite"
}

/** The rule as it was when the issue was archived, without what it is measured from. */
function ruleIn(data: Data): ArchiveRule {
  const { eventsThen: _, usersThen: __, ...rule } = data as ArchiveRule
  return rule
}

function cameBack({ rule, met }: Data): string {
  const { until, untilEvents, windowMinutes, untilUsers, userWindowMinutes } = ruleIn(
    (rule ?? {}) as Data,
  )
  const conditions: Record<string, ArchiveRule> = {
    until: { ...(until && { until }) },
    events: { ...(untilEvents && { untilEvents, ...(windowMinutes && { windowMinutes }) }) },
    users: { ...(untilUsers && { untilUsers, ...(userWindowMinutes && { userWindowMinutes }) }) },
  }
  const condition = conditions[text(met)]
  if (!condition || Object.keys(condition).length === 0) return "Came back from the archive."
  const words = archivedUntil({ substatus: null, rule: condition }, utcTime)
  return `Came back: it was archived ${words}.`
}

function releaseIn(data: Data): string {
  if (data.version) return text(data.version)
  const seen = text(data.current_release_version)
  return seen ? `the release after ${seen}` : "the next release"
}

function mergedNames(issues: unknown): string {
  if (!Array.isArray(issues) || issues.length === 0) return "other issues"
  const [first] = issues
  const more = issues.length > 1 ? ` and ${issues.length - 1} more` : ""
  return `“${text(first?.title)}”${more}`
}

function fingerprints({ fingerprints: all }: Data): string {
  const count = Array.isArray(all) ? all.length : 1
  return count === 1 ? "a fingerprint" : `${count} fingerprints`
}

function utcTime(iso: string): string {
  return `${text(iso).slice(0, 16).replace("T", " ")} UTC`
}

function count(value: unknown, noun: string): string {
  const number = Number(value ?? 0)
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`
}

function text(value: unknown): string {
  return String(value ?? "").slice(0, 200)
}

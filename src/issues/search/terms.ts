import { LEVEL, PRIORITY, type Substatus } from "../issue.ts"
import { parseShortId } from "../short-id.ts"
import type { Assignee, Condition, Person, TextColumn } from "./condition.ts"
import { SearchError, type Span } from "./expression.ts"
import { comparisonOf, containing, escapeLike, matchOf, rangeOf } from "./values.ts"

/** One value of one key; lists and negation are done by the caller. */
type Term = { key: string; value: string; now: Date; at: Span }
type Reader = (term: Term) => Condition

const IS: Record<string, Condition | undefined> = {
  unresolved: { kind: "status", status: "unresolved" },
  resolved: { kind: "status", status: "resolved" },
  archived: { kind: "status", status: "archived" },
  ignored: { kind: "status", status: "archived" },
  muted: { kind: "status", status: "archived" },
  new: unresolvedAs("new"),
  ongoing: unresolvedAs("ongoing"),
  regressed: unresolvedAs("regressed"),
  escalating: unresolvedAs("escalating"),
  archived_until_escalating: { kind: "substatus", substatus: "archived_until_escalating" },
  archived_until_condition_met: { kind: "substatus", substatus: "archived_until_condition_met" },
  archived_forever: { kind: "substatus", substatus: "archived_forever" },
  for_review: { kind: "forReview" },
  assigned: { kind: "isAssigned" },
  unassigned: { kind: "not", of: { kind: "isAssigned" } },
  linked: { kind: "never" },
  unlinked: { kind: "not", of: { kind: "never" } },
  reprocessing: { kind: "never" },
}

/** Keys with a meaning of their own, under every name that Sentry knows them by. Any other key is a tag. */
const READERS = byName<Reader>([
  [["is", "status", "substatus"], isReader],
  [["assigned", "assigned_to", "assignee", "assigned_or_suggested"], assigneeReader],
  [["bookmarks", "bookmarked_by"], (term) => ({ kind: "bookmarked", by: personOf(term) })],
  [["subscribed", "subscribed_by"], (term) => ({ kind: "subscribed", by: personOf(term) })],
  [["level"], ({ value, at }) => ({ kind: "level", level: oneOf(LEVEL, value, "level", at) })],
  [["issue.priority", "priority"], priorityReader],
  [["firstSeen", "first_seen", "age"], timeReader("firstSeen")],
  [["lastSeen", "last_seen", "timestamp", "event.timestamp", "date"], timeReader("lastSeen")],
  [
    ["timesSeen", "times_seen"],
    ({ value, at }) => ({ kind: "timesSeen", ...comparisonOf(value, at) }),
  ],
  [["release"], releaseReader],
  [["firstRelease", "first_release", "first-release"], firstReleaseReader],
  [["release.package"], ({ value }) => releaseLike(`${escapeLike(value)}@%`)],
  [["release.build"], ({ value }) => releaseLike(`%+${escapeLike(value)}`)],
  [["release.version"], releaseVersionReader],
  [["message"], ({ value, at }) => columnLike("searchText", value, at)],
  [["stack.filename", "stack.abs_path", "stack.module", "stack.function"], stackReader],
  [["title"], columnReader("title")],
  [["culprit", "location"], columnReader("culprit")],
  [["platform", "platform.name"], columnReader("platform")],
  [["logger"], columnReader("logger")],
  [["type", "issue.type", "issue.category", "event.type"], columnReader("type")],
  [["error.type"], columnReader("errorType")],
  [["error.value"], columnReader("errorValue")],
  [["error.unhandled"], (term) => when(booleanOf(term), { kind: "unhandled" })],
  [["error.handled"], (term) => when(!booleanOf(term), { kind: "unhandled" })],
  [["issue"], shortIdReader],
  [["issue.id"], (term) => ({ kind: "issueId", id: idOf(term) })],
  [["project", "project.name"], ({ value }) => ({ kind: "project", slug: value.toLowerCase() })],
  [["project.id"], (term) => ({ kind: "projectId", id: idOf(term) })],
  [["id"], eventIdReader],
  [["user.id", "user.email", "user.username", "user.ip"], userReader],
])

/** The condition of `key:value`. Throws SearchError for a value that the key cannot have. */
export function conditionOf(term: Term): Condition {
  if (term.key.endsWith(")")) {
    throw new SearchError("Aggregate filters are not supported in issue searches.", term.at)
  }
  const read = READERS.get(term.key)
  if (read) return read(term)
  return tagCondition(term.key, term.value, term.at)
}

export function tagCondition(key: string, value: string, at: Span): Condition {
  return { kind: "tag", key, match: matchOf(value, at) }
}

/** `key:""`: there is no such key. */
export function absentCondition(key: string): Condition {
  if (/^assign/.test(key)) return { kind: "assignee", who: { kind: "nobody" } }
  return { kind: "not", of: { kind: "tag", key, match: null } }
}

function unresolvedAs(substatus: Substatus): Condition {
  return { kind: "substatus", substatus }
}

function isReader({ value, at }: Term): Condition {
  const name = value.toLowerCase()
  const condition = Object.hasOwn(IS, name) ? IS[name] : undefined
  if (condition) return condition
  const known =
    "unresolved, resolved, archived, new, regressed, escalating, ongoing, assigned, unassigned or for_review"
  throw new SearchError(`Invalid value "${value}" for 'is:'. It can be ${known}.`, at)
}

function assigneeReader(term: Term): Condition {
  return { kind: "assignee", who: assigneeOf(term) }
}

function assigneeOf(term: Term): Assignee {
  if (term.value === "none") return { kind: "nobody" }
  if (term.value === "my_teams") return { kind: "viewerTeams" }
  if (term.value.startsWith("#")) return { kind: "team", slug: term.value.slice(1).toLowerCase() }
  return personOf(term)
}

function personOf({ value }: Term): Person {
  return value === "me" ? { kind: "viewer" } : { kind: "user", email: value.toLowerCase() }
}

function priorityReader({ value, at }: Term): Condition {
  return { kind: "priority", priority: oneOf(PRIORITY, value, "priority", at) }
}

function timeReader(column: "firstSeen" | "lastSeen"): Reader {
  return ({ value, now, at }) => ({ kind: "time", column, ...rangeOf(value, now, at) })
}

function releaseReader({ value, at }: Term): Condition {
  if (value === "latest") return { kind: "latestRelease" }
  return { kind: "tag", key: "release", match: matchOf(value, at) }
}

function firstReleaseReader({ value, at }: Term): Condition {
  if (value === "latest") return { kind: "latestFirstRelease" }
  return { kind: "firstRelease", match: matchOf(value, at) }
}

/** `2.1.0` of `shop@2.1.0` and `shop@2.1.0+77`. */
function releaseVersionReader({ value, at }: Term): Condition {
  if (/^[<>=]/.test(value)) {
    throw new SearchError("Versions can be searched by equality and wildcards, not by order.", at)
  }
  const version = matchOf(value, at)
  const text = "like" in version ? version.like : escapeLike(version.equals)
  const forms = [text, `${text}+%`, `%@${text}`, `%@${text}+%`]
  return { kind: "or", of: forms.map(releaseLike) }
}

function releaseLike(like: string): Condition {
  return { kind: "tag", key: "release", match: { like } }
}

function columnReader(column: TextColumn): Reader {
  return ({ value, at }) => ({ kind: "column", column, match: matchOf(value, at) })
}

/** Found anywhere in the text unless wildcards say otherwise. */
function columnLike(column: TextColumn, value: string, at: Span): Condition {
  const match = matchOf(value, at)
  return { kind: "column", column, match: "like" in match ? match : containing(match.equals) }
}

/** The search text holds file and function of the frames that name the issue. */
function stackReader({ value, at }: Term): Condition {
  const match = matchOf(value, at)
  const like = "like" in match ? `%${match.like}%` : `%${escapeLike(match.equals)}%`
  return { kind: "column", column: "searchText", match: { like } }
}

function shortIdReader({ value, at }: Term): Condition {
  const shortId = parseShortId(value)
  if (!shortId) throw new SearchError(`'${value}' is no short id such as BACKEND-2S.`, at)
  return { kind: "shortId", ...shortId }
}

function eventIdReader({ value, at }: Term): Condition {
  const id = eventIdOf(value)
  if (!id) throw new SearchError(`'${value}' is no event id (32 hexadecimal digits).`, at)
  return { kind: "eventId", id }
}

/** An event id in any of its forms as 32 lower-case digits; null for anything else. */
export function eventIdOf(text: string): string | null {
  const digits = text.trim().replaceAll("-", "").toLowerCase()
  return /^[0-9a-f]{32}$/.test(digits) ? digits : null
}

/** Events carry one `user` tag, made of the first of id, username, email and address. */
function userReader({ key, value, at }: Term): Condition {
  const match = matchOf(value, at)
  const prefix = `${key.slice("user.".length)}:`
  if ("equals" in match)
    return { kind: "tag", key: "user", match: { equals: prefix + match.equals } }
  return { kind: "tag", key: "user", match: { like: prefix + match.like } }
}

function booleanOf({ key, value, at }: Term): boolean {
  if (/^(?:true|1|yes)$/i.test(value)) return true
  if (/^(?:false|0|no)$/i.test(value)) return false
  throw new SearchError(`'${key}:' is true or false, not '${value}'.`, at)
}

function idOf({ key, value, at }: Term): string {
  if (/^\d{1,18}$/.test(value)) return value
  throw new SearchError(`'${key}:' needs a number, not '${value}'.`, at)
}

function when(holds: boolean, condition: Condition): Condition {
  return holds ? condition : { kind: "not", of: condition }
}

function oneOf(names: Record<string, number>, value: string, what: string, at: Span): number {
  const number = Object.hasOwn(names, value.toLowerCase()) ? names[value.toLowerCase()] : undefined
  if (number !== undefined) return number
  throw new SearchError(
    `Unknown ${what} '${value}'. It can be ${Object.keys(names).join(", ")}.`,
    at,
  )
}

function byName<Value>(entries: readonly (readonly [readonly string[], Value])[]) {
  return new Map(entries.flatMap(([names, value]) => names.map((name) => [name, value] as const)))
}

import { orderPrefix, versionOrder } from "./version.ts"

/** One thing that is asked of a release's name. */
export type VersionTerm =
  /** In any case. */
  | { kind: "part"; text: string }
  | { kind: "like"; pattern: string }
  /** From this place in the order of versions on, and before that one. */
  | { kind: "between"; from: string; before: string }

export type ReleaseSearch = { ok: true; terms: VersionTerm[] } | { ok: false; message: string }

const KEYED = /(?:^|\s)release(?:\.(version|package|build|stage))?:("[^"]*"|\S*)/g
const COMPARED = /^(>=|<=|>|<)?(\d{1,15}(?:\.\d{1,15}){0,3}(?:[-+][0-9A-Za-z.+-]{1,200})?)$/
const BEGUN = /^(\d{1,15}(?:\.\d{1,15}){0,2})\.\*$/

/** Patterns are matched by trying: each wildcard multiplies the work. */
const MAX_WILDCARDS = 8

/** Before all versions, and after all of them: their first character counts digits. */
const FIRST = "0"
const LAST = "~"

/** Reads `release:`, `release.version:`, `release.package:` and `release.build:`; what else is typed is a part of the name. */
export function readReleaseSearch(query: string): ReleaseSearch {
  const terms: VersionTerm[] = []
  for (const [, key = "name", quoted = ""] of query.matchAll(KEYED)) {
    const value = quoted.replace(/^"(.*)"$/, "$1")
    const term = termOf(key, value)
    if (typeof term === "string") return { ok: false, message: term }
    terms.push(term)
  }
  const text = query.replaceAll(KEYED, " ").replaceAll("*", "").trim()
  return { ok: true, terms: text === "" ? terms : [...terms, { kind: "part", text }] }
}

/** A text says what is wrong with it. */
function termOf(key: string, value: string): VersionTerm | string {
  if (key === "stage") return "release.stage: is told by sessions, which are not stored here."
  if (value === "") return "Something is missing behind the colon."
  if (value.split("*").length - 1 > MAX_WILDCARDS) {
    return `A value may have ${MAX_WILDCARDS} wildcards at most.`
  }
  switch (key) {
    case "name":
      return { kind: "like", pattern: likeOf(value) }
    case "package":
      return { kind: "like", pattern: `${likeOf(value)}@%` }
    case "build":
      return { kind: "like", pattern: `%@%+${likeOf(value)}` }
    default:
      return versionTerm(value) ?? "release.version: takes a version: 1.2.3, >=1.2 or 1.2.*."
  }
}

function versionTerm(value: string): VersionTerm | null {
  const begun = BEGUN.exec(value)
  if (begun) {
    const from = orderPrefix((begun[1] ?? "").split("."))
    return { kind: "between", from, before: `${from}${LAST}` }
  }
  const [, sign = "", version = ""] = COMPARED.exec(value) ?? []
  const at = versionOrder(`package@${version}`)
  if (at === null) return null
  // Without a build, all builds of the version are meant; they begin with "+", which is just before ",".
  const behind = version.includes("+") ? `${at}\u0001` : `${at},`
  switch (sign) {
    case ">":
      return { kind: "between", from: behind, before: LAST }
    case ">=":
      return { kind: "between", from: at, before: LAST }
    case "<":
      return { kind: "between", from: FIRST, before: at }
    case "<=":
      return { kind: "between", from: FIRST, before: behind }
    default:
      return { kind: "between", from: at, before: behind }
  }
}

/** Only `*` stands for anything. */
function likeOf(value: string): string {
  return value.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%")
}

import { branch, type Component, leaf } from "./component.ts"
import type { GroupingEvent, Report } from "./event.ts"
import { headOf } from "./text.ts"

const SELF = "'self'"
const MAX_URI_CHARACTERS = 2048

/** What a violated policy was about: `directive` without its sources, `uri` as host, scheme or 'self'. */
export type Violation = { directive: string; uri: string; violated: string }

export function violationOf(report: Report): Violation {
  const violated = field(report, "violated_directive", "violated-directive", "violatedDirective")
  const effective = field(
    report,
    "effective_directive",
    "effective-directive",
    "effectiveDirective",
  )
  return {
    directive: (effective || violated).trim().split(/\s+/, 1)[0] ?? "",
    uri: normalizedUri(field(report, "blocked_uri", "blocked-uri", "blockedURL", "blockedURI")),
    violated,
  }
}

/** Browsers spell the members with "_", "-" or in camel case. */
export function field(report: Report, ...names: string[]): string {
  for (const name of names) {
    const value = Object.hasOwn(report, name) ? report[name] : undefined
    if (typeof value === "string" && value !== "") return headOf(value, MAX_URI_CHARACTERS)
  }
  return ""
}

/** Host for the web, scheme and host for others, scheme alone when there is no more. */
export function normalizedUri(uri: string): string {
  if (uri === "" || uri === "self" || uri === SELF) return SELF
  const colon = uri.indexOf(":")
  if (colon === -1) return `${uri}:`
  const scheme = uri.slice(0, colon).toLowerCase()
  const rest = uri.slice(colon + 1)
  if (!rest.startsWith("//")) return `${scheme}:`
  const host = rest.slice(2).split(/[/?#]/, 1)[0] ?? ""
  return scheme === "http" || scheme === "https" ? host : `${scheme}://${host}`
}

/** The keyword of a local violation, which says more than "self". */
function localKind({ directive, uri, violated }: Violation): string | undefined {
  if (directive !== "script-src" || uri !== SELF) return undefined
  return ["'unsafe-inline'", "'unsafe-eval'"].find((keyword) => violated.includes(keyword))
}

/** Security reports: what was violated, and by what host. */
export function reportComponent(event: GroupingEvent): Component | null {
  if (event.csp) {
    const violation = violationOf(event.csp)
    const source = localKind(violation) ?? violation.uri
    return branch("csp", [leaf("salt", violation.directive), leaf("uri", source)])
  }
  for (const kind of ["hpkp", "expectct", "expectstaple"] as const) {
    const report = event[kind]
    if (report)
      return branch(kind, [leaf("salt", kind), leaf("hostname", field(report, "hostname"))])
  }
  return null
}

import type { Json, ReportEvent } from "./report-event.ts"

type Kind = "hpkp" | "expectct" | "expectstaple"

/** Members that become tags, besides the host itself. */
const TAGS: Record<Kind, string[]> = {
  hpkp: ["port", "include_subdomains"],
  expectct: ["port"],
  expectstaple: ["port", "response_status", "cert_status"],
}

const TIMES = ["date_time", "effective_expiration_date"]
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/i

/** A report of a certificate that a host should not have shown, or should have. Old clients send them still. */
export function hostReportEvent(kind: Kind, report: unknown): ReportEvent | "broken" {
  if (typeof report !== "object" || report === null || Array.isArray(report)) return "broken"
  const members: Json = {}
  for (const [name, value] of Object.entries(report)) members[name.replaceAll("-", "_")] = value
  const { hostname } = members
  if (typeof hostname !== "string" || hostname.trim() === "") return "broken"
  if (TIMES.some((name) => !isTime(members[name]))) return "broken"

  const tags: Json = { hostname }
  for (const name of TAGS[kind]) {
    if (members[name] !== undefined)
      tags[name.replace("include_", "include-")] = String(members[name])
  }
  return {
    attributes: { [kind]: members, logger: kind, culprit: hostname, tags },
    request: { url: hostname },
  }
}

function isTime(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return typeof value === "string" && RFC_3339.test(value)
}

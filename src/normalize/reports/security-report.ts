import { cspEvent } from "./csp-report.ts"
import { hostReportEvent } from "./host-report.ts"
import type { Json, ReportEvent } from "./report-event.ts"

/** What the request says that a report itself does not. */
export type ReportSource = {
  /** `sentry_release` and `sentry_environment` of the report's address. */
  release: unknown
  environment: unknown
  userAgent: string
}

export type ReportFault = "security_report_type" | "security_report"

/**
 * The event that a browser's security report stands for, as a client would have sent it: normalize it like any other.
 * Knows Content-Security-Policy in both forms (`csp-report` and an element of the Reporting API), Expect-CT,
 * Expect-Staple and HPKP. `security_report_type`: none of them; `security_report`: one that makes no sense.
 */
export function securityEvent(report: Json, source: ReportSource): Json | { fault: ReportFault } {
  const event = eventOf(report)
  if (event === null) return { fault: "security_report_type" }
  if (event === "broken") return { fault: "security_report" }
  const { headers = {}, ...request } = event.request
  const agent = source.userAgent === "" ? {} : { "User-Agent": source.userAgent }
  return {
    ...event.attributes,
    level: "error",
    platform: "other",
    release: source.release,
    environment: source.environment,
    request: { ...request, headers: { ...headers, ...agent } },
    user: { ip_address: "{{auto}}" },
  }
}

function eventOf(report: Json): ReportEvent | "broken" | null {
  if ("csp-report" in report) return cspEvent(report["csp-report"])
  if (report.type === "csp-violation") return cspEvent(report.body)
  if ("expect-ct-report" in report) return hostReportEvent("expectct", report["expect-ct-report"])
  if ("expect-staple-report" in report) {
    return hostReportEvent("expectstaple", report["expect-staple-report"])
  }
  if ("known-pins" in report) return hostReportEvent("hpkp", report)
  return null
}

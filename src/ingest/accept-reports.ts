import { newEventId } from "#protocol/event-id.ts"
import { reportsIn } from "#protocol/report-body.ts"
import { admit, callerOf, refuseFrom } from "./accept.ts"
import type { Caller } from "./caller.ts"
import type { Door } from "./door.ts"
import { openBody } from "./open-body.ts"
import { composeParcel } from "./parcel.ts"
import { type Answer, isRefusal, type Refusal, refuse } from "./refusal.ts"
import type { Submission } from "./submission.ts"

/** What a browser posts by itself; `release` and `environment` are of the address it was given. */
export type ReportSubmission = Submission & {
  type: "csp-violation" | "network-error"
  release: string | null
  environment: string | null
}

/** Ids are needed only where something is stored. */
const NOTHING_STORED: Answer = { accepted: true, eventId: null, limits: [] }

/**
 * Takes the reports of a body in, each as an envelope of its own: each becomes an event of its own. Accepted when one of them was,
 * or when there was nothing to do.
 */
export async function acceptReports(door: Door, submission: ReportSubmission): Promise<Answer> {
  const caller = await callerOf(door, submission)
  if (!caller) return refuse("missing_credentials")
  if (isRefusal(caller)) return caller
  const reports = await readReports(door, submission)
  const isNetwork = submission.type === "network-error"
  if (isRefusal(reports)) {
    return refuseFrom(door, caller, reports, isNetwork ? "error" : "security")
  }
  if (isNetwork) return countUnread(door, caller, reports.length)

  const answers = await Promise.all(
    reports.map((report) => acceptReport(door, submission, caller, report)),
  )
  return answers.find(({ accepted }) => accepted) ?? answers[0] ?? NOTHING_STORED
}

async function readReports(
  { limits, heavyLane }: Door,
  submission: ReportSubmission,
): Promise<Record<string, unknown>[] | Refusal> {
  const body = await submission.readBody()
  if (isRefusal(body)) return body
  const opened = await openBody({ ...submission, body }, limits.maxEventBytes, heavyLane)
  if (isRefusal(opened)) return opened
  const jsonLimits = { maxDepth: limits.maxJsonDepth, maxMembers: limits.maxJsonKeys }
  return reportsIn(opened.bytes, submission.type, jsonLimits) ?? refuse("invalid_json")
}

/** A policy of a few kilobytes, and what was blocked by it; a body may hold many. */
const MAX_REPORT_BYTES = 64 * 1024

async function acceptReport(
  door: Door,
  submission: ReportSubmission,
  caller: Caller,
  report: Record<string, unknown>,
): Promise<Answer> {
  const { release, environment } = submission
  const headers = {
    ...(release && { sentry_release: release }),
    ...(environment && { sentry_environment: environment }),
  }
  const payload = Buffer.from(JSON.stringify(report))
  if (payload.length > MAX_REPORT_BYTES) {
    return refuseFrom(door, caller, refuse("too_large"), "security")
  }
  const item = { type: "raw_security", headers, payload }
  return admit(door, submission, caller, composeParcel(newEventId(), [item], door.limits))
}

/** Nobody reads network errors; who sends them is told so in the statistics. */
function countUnread(door: Door, { access }: Caller, quantity: number): Answer {
  if (access && quantity > 0) {
    const { projectId, keyId } = access
    const receivedAt = door.clock.now().getTime()
    const ending = { category: "error", outcome: "unsupported", reason: "nel", quantity }
    door.counts.add({ projectId, keyId, receivedAt, ...ending })
  }
  return NOTHING_STORED
}

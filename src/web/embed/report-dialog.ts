import { admit, callerOf, refuseFrom } from "#ingest/accept.ts"
import type { Caller } from "#ingest/caller.ts"
import { composeReport } from "#ingest/compose/report-form.ts"
import type { Door } from "#ingest/door.ts"
import { composeParcel } from "#ingest/parcel.ts"
import { isRefusal, type Refusal } from "#ingest/refusal.ts"
import type { Submission } from "#ingest/submission.ts"
import { parseDsn } from "#protocol/dsn.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { readBody } from "../ingest/read-body.ts"
import { refusedResponse } from "../ingest/responses.ts"
import dialog from "./browser/report-dialog.js" with { type: "text" }

/** What a report may be long, with room for its encoding. */
const MAX_FORM_BYTES = 64 * 1024
const INVALID = "Missing or invalid parameter."

/**
 * `/api/embed/error-page/`: GET is a script that asks the visitor of a customer's page what happened, POST takes the answer in. It
 * goes the way of events, so it is safe on this machine when it is answered, whether PostgreSQL is there or not.
 */
export async function answerReportDialog(
  door: Door,
  request: Request,
  client: { query: string; address: string },
): Promise<Response> {
  const { method, headers } = request
  if (method === "OPTIONS") return new Response(null, { headers: corsFor(request) })
  if (method !== "GET" && method !== "POST") return refuse(request, 405, {})
  const parameters = new URLSearchParams(client.query)
  const eventId = parseEventId(parameters.get("eventId"))
  if (eventId === null) return refuse(request, 400, { eventId: INVALID })
  const dsn = parseDsn(parameters.get("dsn") ?? "")
  if (!dsn) return refuse(request, 404, { dsn: INVALID })

  const submission: Submission = {
    kind: "envelope",
    projectId: dsn.projectId,
    credentials: { sentryAuth: null, authorization: null, query: "", path: dsn.publicKey },
    origin: headers.get("origin") ?? headers.get("referer"),
    contentEncoding: null,
    clientAddress: client.address,
    userAgent: headers.get("user-agent") ?? "",
    readBody: () => readBody(request, MAX_FORM_BYTES),
  }
  const caller = await callerOf(door, submission)
  if (caller === null) return refuse(request, 404, { dsn: INVALID })
  if (isRefusal(caller)) return refuseCaller(request, caller)
  return method === "GET"
    ? scriptResponse(request)
    : take(door, request, submission, caller, eventId)
}

async function take(
  door: Door,
  request: Request,
  submission: Submission,
  caller: Caller,
  eventId: string,
): Promise<Response> {
  const body = await submission.readBody()
  if (isRefusal(body)) return refusedResponse(refuseFrom(door, caller, body, "feedback"))
  const composition = composeReport(body, eventId)
  if ("errors" in composition) return refuse(request, 400, composition)
  const parcel = composeParcel(eventId, composition.items, door.limits)
  const answer = await admit(door, submission, caller, parcel)
  return answer.accepted
    ? Response.json({}, { headers: corsFor(request) })
    : refusedResponse(answer)
}

function refuseCaller(request: Request, { reason }: Refusal): Response {
  return reason === "cors"
    ? refuse(request, 403, { detail: "This page may not send reports to the project." })
    : refuse(request, 404, { dsn: INVALID })
}

function scriptResponse(request: Request): Response {
  return new Response(dialog, {
    headers: { ...corsFor(request), "Content-Type": "text/javascript; charset=utf-8" },
  })
}

/** A script element has no use for JSON: who asks for a script finds what is wrong in a header. */
function refuse(request: Request, status: number, context: object): Response {
  const json = JSON.stringify(context)
  const wantsScript = request.headers.get("accept")?.includes("text/javascript") ?? false
  return new Response(wantsScript ? "" : json, {
    status,
    headers: {
      ...corsFor(request),
      "Content-Type": wantsScript ? "text/javascript" : "application/json",
      ...(wantsScript && { "X-Sentry-Context": json }),
    },
  })
}

function corsFor({ headers }: Request): Record<string, string> {
  return {
    "Access-Control-Allow-Origin": headers.get("origin") ?? "*",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Authorization, X-Requested-With",
    "Access-Control-Max-Age": "1000",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "cross-origin",
    Vary: "Accept, Origin",
    "X-Content-Type-Options": "nosniff",
  }
}

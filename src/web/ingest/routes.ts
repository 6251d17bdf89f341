import { accept } from "#ingest/accept.ts"
import { acceptReports, type ReportSubmission } from "#ingest/accept-reports.ts"
import type { Door } from "#ingest/door.ts"
import { type Answer, refuse } from "#ingest/refusal.ts"
import type { Submission } from "#ingest/submission.ts"
import type { Log } from "#platform/log.ts"
import type { AddressList } from "#platform/network.ts"
import { clientAddress } from "../middleware/client-address.ts"
import { type IngestPath, ingestPath, splitUrl } from "./paths.ts"
import { readBody } from "./read-body.ts"
import {
  acceptedResponse,
  brokenResponse,
  emptyResponse,
  methodNotAllowedResponse,
  pixelResponse,
  preflightResponse,
  refusedResponse,
} from "./responses.ts"
import { answerUpload } from "./uploads.ts"

/**
 * Answers what SDKs send; null when the request is for somebody else, so it is asked before every other face.
 * `remoteAddress` is the other end of the connection, "" when it has none.
 */
export type IngestHandler = (request: Request, remoteAddress: string) => Promise<Response> | null

/**
 * `POST /api/N/store/`, `POST /api/N/envelope/`, `POST /api/store/`, the image form `GET /api/N/store/`, what browsers report to
 * `POST /api/N/security/` and `/nel/`, crashes and files of ./uploads.ts, and `POST /tunnel/`, an envelope by way of the
 * application's own address. Stands before the router of the pages: no cookie, no session, no redirect, and none of the router's
 * time for each event.
 */
export function ingestHandler(options: {
  door: Door
  log: Log
  /** Path of system.url-prefix, without a slash at its end; "" at the root. */
  pathPrefix: string
  proxies: AddressList
}): IngestHandler {
  const { door, log, pathPrefix, proxies } = options
  return (request, remoteAddress) => {
    const { pathname, query } = splitUrl(request.url)
    const path = ingestPath(pathname, pathPrefix)
    if (!path) return null
    const address = clientAddress(request.headers, remoteAddress || null, proxies)
    return answer(door, request, { ...path, query, clientAddress: address }).catch(
      (err: unknown) => {
        log.error({ err }, "request at the door failed")
        return brokenResponse()
      },
    )
  }
}

type Base = Pick<Submission, "projectId" | "clientAddress"> &
  Pick<IngestPath, "endpoint" | "key" | "subject"> & { query: string }

async function answer(door: Door, request: Request, base: Base): Promise<Response> {
  const isCron = base.endpoint === "cron"
  switch (request.method) {
    case "POST":
      return answerPost(door, request, base)
    case "GET": {
      if (isCron) return answerUpload(door, request, base, post(request, base, 0))
      const data =
        base.endpoint === "store" ? new URLSearchParams(base.query).get("sentry_data") : null
      if (data === null) return methodNotAllowedResponse("POST, OPTIONS")
      return respond(await accept(door, image(request, base, data)), pixelResponse)
    }
    case "OPTIONS":
      return preflightResponse()
    default:
      return methodNotAllowedResponse(isCron ? "GET, POST, OPTIONS" : "POST, OPTIONS")
  }
}

async function answerPost(door: Door, request: Request, base: Base): Promise<Response> {
  const submission = post(request, base, door.limits.maxCompressedBytes)
  switch (base.endpoint) {
    case "store":
    case "envelope":
    case "tunnel":
      return respond(await accept(door, submission), acceptedResponse)
    case "security":
    case "nel":
      if (!isReport(request)) return refusedResponse(refuse("unsupported_media_type"))
      return respond(await acceptReports(door, reportOf(submission, base)), emptyResponse)
    default:
      return answerUpload(door, request, base, submission)
  }
}

function respond(
  outcome: Answer,
  success: (acceptance: Extract<Answer, { accepted: true }>) => Response,
): Response {
  return outcome.accepted ? success(outcome) : refusedResponse(outcome)
}

function post(request: Request, base: Base, maxBytes: number): Submission {
  const { headers } = request
  const isEnvelope = headers.get("content-type")?.startsWith("application/x-sentry-envelope")
  return {
    ...commonOf(request, base),
    kind: isEnvelope || base.endpoint !== "store" ? "envelope" : "store",
    contentEncoding: headers.get("content-encoding"),
    readBody: () => readBody(request, maxBytes),
  }
}

const REPORT_TYPE =
  /^application\/(?:json|csp-report|expect-ct-report(?:\+json)?|expect-staple-report|reports\+json) *(?:;|$)/i

function isReport({ headers }: Request): boolean {
  return REPORT_TYPE.test(headers.get("content-type") ?? "")
}

function reportOf(submission: Submission, { endpoint, query }: Base): ReportSubmission {
  const parameters = new URLSearchParams(query)
  return {
    ...submission,
    type: endpoint === "nel" ? "network-error" : "csp-violation",
    release: parameters.get("sentry_release"),
    environment: parameters.get("sentry_environment"),
  }
}

/** The oldest browsers could only load an image: the event stands in the query. */
function image(request: Request, base: Base, data: string): Submission {
  return {
    ...commonOf(request, base),
    kind: "store",
    contentEncoding: null,
    readBody: () => Promise.resolve(Buffer.from(data)),
  }
}

function commonOf({ headers }: Request, base: Base) {
  return {
    projectId: base.projectId,
    credentials: {
      sentryAuth: headers.get("x-sentry-auth"),
      authorization: headers.get("authorization"),
      query: base.query,
      path: base.key ?? null,
    },
    origin: headers.get("origin") ?? headers.get("referer"),
    clientAddress: base.clientAddress,
    userAgent: headers.get("user-agent") ?? "",
  }
}

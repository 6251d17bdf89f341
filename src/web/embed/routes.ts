import type { Door } from "#ingest/door.ts"
import type { Log } from "#platform/log.ts"
import type { AddressList } from "#platform/network.ts"
import { pathInside, splitUrl } from "../ingest/paths.ts"
import { brokenResponse, methodNotAllowedResponse, preflightResponse } from "../ingest/responses.ts"
import type { IngestHandler } from "../ingest/routes.ts"
import { clientAddress } from "../middleware/client-address.ts"
import { createLoader, type Loader } from "./loader.ts"
import { answerReportDialog } from "./report-dialog.ts"

const DIALOG = /^\/api\/embed\/error-page\/?$/
const LOADER = /^\/js-sdk-loader\/([^/]{1,64}?)(?:\.min)?\.js\/?$/
const SDK = /^\/js-sdk-loader\/sdk\/([^/]{1,100})\/?$/

/** What runs in the pages of customers: other origins, no cookie, no session, no policy of ours. null: it is for somebody else. */
export function embedHandler(options: {
  door: Door
  log: Log
  /** Path of system.url-prefix, without a slash at its end; "" at the root. */
  pathPrefix: string
  /** What DSNs begin with. */
  ingestPrefix: string
  proxies: AddressList
}): IngestHandler {
  const { door, log, pathPrefix, proxies } = options
  const loader = createLoader(door, options.ingestPrefix)
  return (request, remoteAddress) => {
    const { pathname, query } = splitUrl(request.url)
    const path = pathInside(pathname, pathPrefix)
    if (path === null) return null
    const address = clientAddress(request.headers, remoteAddress || null, proxies)
    const answer = DIALOG.test(path)
      ? answerReportDialog(door, request, { query, address })
      : answerLoader(loader, request, path)
    if (!answer) return null
    return answer.catch((err: unknown) => {
      log.error({ err }, "request of a customer's page failed")
      return brokenResponse()
    })
  }
}

function answerLoader(loader: Loader, request: Request, path: string): Promise<Response> | null {
  const [, sdk] = SDK.exec(path) ?? []
  const [, key] = LOADER.exec(path) ?? []
  if (sdk === undefined && key === undefined) return null
  switch (request.method) {
    case "GET":
    case "HEAD":
      return sdk === undefined
        ? loader.script(key ?? "")
        : loader.sdk(sdk, /\bgzip\b/.test(request.headers.get("accept-encoding") ?? ""))
    case "OPTIONS":
      return Promise.resolve(preflightResponse())
    default:
      return Promise.resolve(methodNotAllowedResponse("GET, OPTIONS"))
  }
}

import { Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import { createMiddleware } from "hono/factory"
import { HTTPException } from "hono/http-exception"
import { timeout } from "hono/timeout"
import { getPath } from "hono/utils/url"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { randomHex } from "#platform/ids.ts"
import { addressList } from "#platform/network.ts"
import type { Service } from "#platform/service.ts"
import type { ApiEnv } from "./api/caller.ts"
import type { WebContext, WebEnv } from "./context.ts"
import { answerRefusal } from "./error-page.ts"
import { refusalOf } from "./errors.ts"
import { corsHeaders } from "./ingest/cors.ts"
import type { IngestHandler } from "./ingest/routes.ts"
import { clientAddress } from "./middleware/client-address.ts"
import { csrfProtection } from "./middleware/csrf.ts"
import { hostCheck } from "./middleware/host-check.ts"
import { loggedPath, requestLog } from "./middleware/request-log.ts"
import { secureHeaders } from "./middleware/secure-headers.ts"
import { session } from "./middleware/session.ts"
import { assetRoutes } from "./ui/assets.ts"
import { unsubscribeRoutes } from "./ui/unsubscribe/routes.tsx"

/** Longer than any statement of a page may take; whoever waits so long has gone. */
const REQUEST_TIMEOUT_MS = 30_000
/** Forms are small; events have limits of their own. */
const FORM_MAX_BYTES = 1024 * 1024
const ROBOTS = "User-agent: *\nDisallow: /\n"

export type Faces = {
  /** Asked first: SDKs have no session, no cookies and no Host check. */
  ingest: IngestHandler
  /** Asked second, for the same reasons: what runs in customers' pages. */
  embed: IngestHandler
  health: Hono<WebEnv>
  /** Routes below /api/0/. Its callers name themselves with a token, whatever host they found it under. */
  api?: Hono<ApiEnv>
  /** Pages. */
  ui: Hono<WebEnv>
}

/** Everything but ingestion, as one hono app: `createPages(app, faces).request(path, init, { remoteAddress })`. */
export function createPages(app: App, faces: Omit<Faces, "ingest" | "embed">): Hono<WebEnv> {
  const pages = new Hono<WebEnv>({ getPath: pathWithSlash })
  pages.use(identify(app))
  pages.use(secureHeaders(app.config))
  pages.route("/", faces.health)
  pages.get("/robots.txt", (c) => c.text(ROBOTS))
  pages.route("/", assetRoutes())
  if (app.config["web.access-log"]) pages.use(requestLog(app.log))
  if (faces.api) pages.route("/api/0/", faces.api)
  // Clients that try an endpoint of another server's are to read the answer, not a page.
  pages.all("/api/:project{[0-9]+}/*", (c) => c.json({ detail: "not found" }, 404, corsHeaders))
  pages.use(hostCheck(app.config))
  pages.use(timeout(REQUEST_TIMEOUT_MS, refuseSlow))
  pages.use(bodyLimit({ maxSize: FORM_MAX_BYTES, onError: refuseLargeForm }))
  // Links in mails: their signature says who clicks, in place of session and form token.
  pages.route("/", unsubscribeRoutes(app))
  pages.use(session(app))
  pages.use(csrfProtection(app))
  pages.route("/", faces.ui)
  pages.notFound(answerUnknown)
  pages.onError((error, c) => answerError(app, error, c))
  return pages
}

/** Listens; several processes may share the port. */
export function listen(app: App, faces: Faces): Service & { port: number } {
  const pages = createPages(app, faces)
  const server = Bun.serve({
    hostname: app.config["web.host"],
    port: app.config["web.port"],
    reusePort: true,
    idleTimeout: app.config["web.read-timeout"],
    // Each face bounds what it reads; this only keeps Bun from refusing a large envelope without a word.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch(received, socket) {
      const request = addressed(received)
      if (!request) return new Response("Bad Request\n", { status: 400 })
      const remoteAddress = socket.requestIP(received)?.address ?? ""
      return (
        faces.ingest(request, remoteAddress) ??
        faces.embed(request, remoteAddress) ??
        pages.fetch(request, { remoteAddress })
      )
    },
    error(error) {
      app.log.error({ err: error }, "request failed outside of the pages")
      return new Response("Internal error\n", { status: 500 })
    },
  })
  return {
    port: server.port ?? 0,
    async stop({ withinMs }) {
      const drained = server.stop()
      await Promise.race([drained, Bun.sleep(withinMs)])
      await server.stop(true)
    },
  }
}

/**
 * Bun gives a bare path for an address where the Host is missing, as HTTP/1.0 allows and load balancers do, or is no
 * name. null: it is no name.
 */
function addressed(request: Request): Request | null {
  if (URL.canParse(request.url)) return request
  return request.headers.get("host") ? null : new Request(`http://localhost${request.url}`, request)
}

/**
 * Every path ends in a slash; a form or program that forgot it is understood: a redirect would lose a body, and many programs
 * do not follow one.
 */
function pathWithSlash(request: Request): string {
  const path = getPath(request)
  if (path.endsWith("/")) return path
  const isPage = request.method === "GET" || request.method === "HEAD"
  return isPage && !path.startsWith("/api/") ? path : `${path}/`
}

function identify(app: App) {
  const proxies = addressList(app.config["web.trusted-proxies"])
  return createMiddleware<WebEnv>(async (c, next) => {
    const peer = c.env.remoteAddress || null
    c.set("requestId", randomHex(16))
    c.set("clientAddress", clientAddress(c.req.raw.headers, peer, proxies))
    await next()
  })
}

function refuseSlow(): HTTPException {
  return new HTTPException(503, { message: "This took too long. Try again in a moment." })
}

function refuseLargeForm(): never {
  throw new AppError("too_large", "This form is larger than 1 MB.")
}

function answerUnknown(c: WebContext) {
  const { pathname, search } = new URL(c.req.url)
  const isPage = c.req.method === "GET" && !pathname.endsWith("/") && !pathname.includes(".")
  // "//host" would leave this site.
  if (isPage && !pathname.startsWith("//")) return c.redirect(`${pathname}/${search}`, 301)
  return answerRefusal(c, refusalOf(new AppError("not_found", "There is no such page.")))
}

function answerError(app: App, error: Error, c: WebContext) {
  if (error instanceof HTTPException) {
    const { status, message } = error
    return answerRefusal(c, { status, message, headers: {}, isBug: false })
  }
  const refusal = refusalOf(error)
  if (refusal.isBug) {
    const path = loggedPath(c.req.path)
    app.log.error({ err: error, path, requestId: c.var.requestId }, "request failed")
  }
  return answerRefusal(c, refusal)
}

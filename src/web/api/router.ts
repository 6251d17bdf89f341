import { type Context, Hono } from "hono"
import { bodyLimit } from "hono/body-limit"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { attachmentRoutes } from "./attachments/routes.ts"
import { authentication, refuseBadCredentials } from "./authentication.ts"
import { type ApiEnv, notFound } from "./caller.ts"
import { cors } from "./cors.ts"
import { answerApiError } from "./errors.ts"
import { eventRoutes } from "./events/routes.ts"
import { feedbackRoutes } from "./feedback/routes.ts"
import { indexRoutes } from "./index-routes.ts"
import { issueRoutes } from "./issues/routes.ts"
import { organizationRoutes } from "./organizations/routes.ts"
import { projectDetailRoutes } from "./projects/detail-routes.ts"
import { filterRoutes } from "./projects/filters-routes.ts"
import { projectRoutes } from "./projects/routes.ts"
import { rateLimit } from "./rate-limit.ts"
import { committersRoutes } from "./releases/committers-routes.ts"
import { releaseHistoryRoutes } from "./releases/history-routes.ts"
import { releaseRoutes } from "./releases/routes.ts"
import { statsRoutes } from "./stats/routes.ts"
import { artifactRoutes } from "./uploads/artifact-routes.ts"
import { assembleRoutes } from "./uploads/assemble-routes.ts"
import { chunkRoutes } from "./uploads/chunk-routes.ts"
import { debugFileRoutes } from "./uploads/debug-file-routes.ts"
import { FORM_BYTES, MAX_REQUEST_BYTES } from "./uploads/limits.ts"
import { releaseFileRoutes } from "./uploads/release-file-routes.ts"
import { sourceMapDebugRoutes } from "./uploads/source-map-debug-routes.ts"
import { userRoutes } from "./users/routes.ts"

const MAX_BODY_BYTES = 1024 * 1024
const MAX_HISTORY_BYTES = 16 * 1024 * 1024

/** Sentry's Web API, to be mounted at /api/0/. Paths arrive with their last slash. Every answer is JSON. */
export function apiRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.use(cors)
  routes.use(authentication(app))
  routes.use(rateLimit(app))
  routes.use(refuseBadCredentials)
  routes.use((c, next) => limitOf(c.req.path)(c, next))
  routes.route("/", indexRoutes(app))
  routes.route("/", userRoutes(app))
  routes.route("/", organizationRoutes(app))
  routes.route("/", projectRoutes(app))
  routes.route("/", projectDetailRoutes(app))
  routes.route("/", filterRoutes(app))
  routes.route("/", issueRoutes(app))
  routes.route("/", eventRoutes(app))
  routes.route("/", attachmentRoutes(app))
  routes.route("/", feedbackRoutes(app))
  routes.route("/", statsRoutes(app))
  routes.route("/", releaseRoutes(app))
  routes.route("/", releaseHistoryRoutes(app))
  routes.route("/", committersRoutes(app))
  routes.route("/", chunkRoutes(app))
  routes.route("/", assembleRoutes(app))
  routes.route("/", releaseFileRoutes(app))
  routes.route("/", sourceMapDebugRoutes(app))
  routes.route("/", debugFileRoutes(app))
  routes.route("/", artifactRoutes(app))
  routes.all("*", () => {
    throw notFound()
  })
  routes.onError((error, c) => answerApiError(app, error, c))
  return routes
}

const UPLOADS = /\/(?:chunk-upload|releases\/[^/]{1,1000}\/files)\/$/
/** A release with the files of its commits. */
const HISTORIES = /\/releases\/(?:[^/]{1,1000}\/)?$/

function limitOf(path: string) {
  if (UPLOADS.test(path)) return uploadLimit
  return HISTORIES.test(path) ? historyLimit : plainLimit
}

const historyLimit = bodyLimit({
  maxSize: MAX_HISTORY_BYTES,
  onError: () => {
    throw new AppError("too_large", "The body is larger than 16 MB.")
  },
})
const plainLimit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLargeBody })
const uploadLimit = bodyLimit({
  maxSize: MAX_REQUEST_BYTES + FORM_BYTES,
  onError: refuseLargeUpload,
})

function refuseLargeUpload(c: Context) {
  return c.json({ error: "Request too large" }, 400)
}

function refuseLargeBody(): never {
  throw new AppError("too_large", "The body is larger than 1 MB.")
}

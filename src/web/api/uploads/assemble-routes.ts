import { Hono } from "hono"
import { z } from "zod"
import type { App } from "#app.ts"
import { isDistName, isReleaseName } from "#normalize/values/release.ts"
import { AppError } from "#platform/errors.ts"
import { requestAssembly } from "#symbolication/artifacts/assemble.ts"
import { type ApiContext, type ApiEnv, accessIn } from "../caller.ts"
import { resolveProjects } from "../issues/search.ts"
import { RELEASE_WRITERS, releaseIn } from "../releases/requests.ts"
import { refuseUpload } from "./refusal.ts"

/** More than the largest bundle has. */
const MAX_CHUNKS = 10_000
const sha1 = z.string().regex(/^[0-9a-f]{40}$/, "checksum must be 40 hexadecimal digits")

const Upload = z.object({
  checksum: sha1,
  chunks: z
    .array(sha1)
    .min(1, "chunks must not be empty")
    .max(MAX_CHUNKS, "there are too many chunks"),
})
const Bundle = Upload.extend({
  projects: z.array(z.union([z.string(), z.number().transform(String)])).default([]),
  version: z.string().refine(isReleaseName, "version is not a valid release name").nullish(),
  dist: z.string().refine(isDistName, "dist is not a valid name").nullish(),
})

/** The end of an upload: the pieces become a bundle. */
export function assembleRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.post("/organizations/:org/artifactbundle/assemble/", (c) => assembleBundle(app, c))
  routes.post("/organizations/:org/releases/:version/assemble/", (c) => assembleRelease(app, c))
  return routes
}

async function assembleBundle(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", ...RELEASE_WRITERS)
  const body = await readBody(c, Bundle)
  if ("error" in body) return refuseUpload(c, body.error)
  const { checksum, chunks, projects, version, dist } = body.value
  if (projects.length === 0) return refuseUpload(c, "You need to specify at least one project")
  const projectIds = await resolveProjects(app, access, projects).catch(noneOf)
  if (!projectIds) return refuseUpload(c, "One or more projects are invalid")
  const { organizationId } = access
  const use = { projectIds, release: version ?? "", dist: (version && dist) || "" }
  return c.json(await requestAssembly(app, { organizationId, checksum, chunks, use }))
}

/** How clients before artifact bundles finish an upload: for all projects of the release. */
async function assembleRelease(app: App, c: ApiContext) {
  const { access, release } = await releaseIn(app, c, RELEASE_WRITERS)
  const body = await readBody(c, Upload)
  if ("error" in body) return refuseUpload(c, body.error)
  const projectIds = release.projects.map(({ id }) => id)
  if (projectIds.length === 0) return refuseUpload(c, "You need to specify at least one project")
  const { organizationId } = access
  const use = { projectIds, release: release.version, dist: "" }
  return c.json(await requestAssembly(app, { organizationId, ...body.value, use }))
}

function noneOf(error: unknown): null {
  if (error instanceof AppError) return null
  throw error
}

async function readBody<Shape extends z.ZodType>(
  c: ApiContext,
  shape: Shape,
): Promise<{ value: z.infer<Shape> } | { error: string }> {
  const json = await c.req.json().catch(() => undefined)
  if (json === undefined) return { error: "Invalid json body" }
  const { success, data, error } = shape.safeParse(json)
  if (success) return { value: data }
  const [issue] = error.issues
  return { error: `${issue?.path.join(".") || "body"}: ${issue?.message}` }
}

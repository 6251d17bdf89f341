import { Hono } from "hono"
import { z } from "zod"
import { listOrganizationsById } from "#accounts/organizations/store.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { listProjectListings } from "#projects/listing-store.ts"
import { changeProject, changeProjectSettings } from "#projects/projects.ts"
import { getProjectById, listProjectTeams, type Project } from "#projects/store.ts"
import { publicUrl } from "../answer.ts"
import {
  type Access,
  type ApiContext,
  type ApiEnv,
  accessIn,
  actorOf,
  notFound,
} from "../caller.ts"
import { serializeOrganization } from "../organizations/serialize.ts"
import { scrubBody, scrubChanges, serializeScrub } from "../scrubbing.ts"
import { projectIn } from "./path.ts"
import { serializeProject } from "./serialize.ts"

const PATH = "/projects/:org/:project/"

/** What a PUT may change; other names of Sentry's are passed over. */
const Body = scrubBody.extend({
  name: z.string().optional(),
  slug: z.string().optional(),
  platform: z.string().trim().min(1).max(64).optional(),
  scrapeJavaScript: z.boolean().optional(),
  allowedDomains: z.array(z.string().trim().min(1).max(255)).max(100).optional(),
  /** Hours. */
  resolveAge: z.int().min(0).max(8760).optional(),
})

/** One project: as it is, and its settings. */
export function projectDetailRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(PATH, async (c) => {
    const access = accessIn(c, c.req.param("org") ?? "", "project:read")
    return show(app, c, access, await projectIn(app, c, access))
  })
  routes.put(PATH, (c) => change(app, c))
  return routes
}

async function change(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:write")
  const project = await projectIn(app, c, access)
  const body = Body.parse(await c.req.json().catch(() => null))
  if (body.scrapeJavaScript && !app.config["sourcemaps.scrape"]) {
    throw new AppError("forbidden", "This installation does not allow fetching from the web.")
  }
  const settings = {
    ...scrubChanges(body),
    ...(body.allowedDomains && { allowedDomains: body.allowedDomains }),
    ...(body.scrapeJavaScript !== undefined && {
      scraping: { ...project.settings.scraping, isOn: body.scrapeJavaScript },
    }),
    ...(body.resolveAge !== undefined && { resolveAgeHours: body.resolveAge }),
  }
  const { name = project.name, slug = project.slug, platform = project.platform } = body
  const isRenamed = name !== project.name || slug !== project.slug || platform !== project.platform
  const teams = await listProjectTeams(app.sql, project.id)
  const actor = actorOf(access, c)
  await app.sql.begin(async (tx) => {
    if (isRenamed) {
      await changeProject(tx, actor, project, { name, slug, platform, teams, settings: {} })
    }
    await changeProjectSettings(tx, actor, project, settings)
  })
  return show(app, c, access, await getProjectById(app.sql, project.id))
}

async function show(app: App, c: ApiContext, access: Access, project: Project) {
  const [listing] = await listProjectListings(app.sql, {
    organizationIds: [access.organizationId],
    memberIds: access.memberId ? [access.memberId] : [],
    filter: { id: project.id },
    limit: 1,
    offset: 0,
  })
  const [organization] = await listOrganizationsById(app.sql, [access.organizationId])
  if (!listing || !organization) throw notFound()
  const { settings } = project
  return c.json({
    ...serializeProject(listing, access),
    organization: serializeOrganization(organization, publicUrl(app, "")),
    ...serializeScrub(settings, app.config["ingest.scrub.defaults"]),
    allowedDomains: settings.allowedDomains,
    scrapeJavaScript: app.config["sourcemaps.scrape"] && settings.scraping.isOn,
    resolveAge: settings.resolveAgeHours,
    fingerprintingRules: settings.fingerprintRules,
    groupingEnhancements: settings.stackTraceRules,
    storeCrashReports: null,
    options: {},
    plugins: [],
    processingIssues: 0,
  })
}

import { Hono } from "hono"
import { z } from "zod"
import { getMember } from "#accounts/organizations/members-store.ts"
import {
  changeOrganization,
  changeOrganizationSettings,
} from "#accounts/organizations/organizations.ts"
import { ROLES } from "#accounts/organizations/roles.ts"
import {
  getOrganizationSettings,
  listOrganizationsById,
  type Organization,
} from "#accounts/organizations/store.ts"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import type { App } from "#app.ts"
import { listProjectListings } from "#projects/listing-store.ts"
import { answerList, publicUrl } from "../answer.ts"
import {
  type Access,
  type ApiContext,
  type ApiEnv,
  accessesWith,
  accessIn,
  actorOf,
  notFound,
  seesProjects,
} from "../caller.ts"
import { cutPage, readPage } from "../pagination.ts"
import { serializeProject } from "../projects/serialize.ts"
import { scrubBody, scrubChanges } from "../scrubbing.ts"
import { serializeOrganization, serializeOrganizationDetail, serializeTeam } from "./serialize.ts"

/** Enough for any organization's own page; lists have pages. */
const MAX_PROJECTS = 1000

export function organizationRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/organizations/", (c) => listMine(app, c))
  routes.get("/organizations/:org/", (c) => show(app, c, accessIn(c, orgIn(c), "org:read")))
  routes.put("/organizations/:org/", (c) => change(app, c))
  return routes
}

async function listMine(app: App, c: ApiContext) {
  const ids = accessesWith(c, "org:read", "org:ci").map(({ organizationId }) => organizationId)
  const page = readPage(c.req.query())
  const all = await listOrganizationsById(app.sql, ids)
  const wanted = (c.req.query("query") ?? "").toLowerCase()
  const found = all.filter((each) => `${each.name} ${each.slug}`.toLowerCase().includes(wanted))
  const { rows, hasMore } = cutPage(found.slice(page.offset), page)
  const address = publicUrl(app, "")
  const items = rows.map((organization) => serializeOrganization(organization, address))
  return answerList(app, c, { items, page, hasMore })
}

const orgIn = (c: ApiContext) => c.req.param("org") ?? ""

/** What a PUT may change; other names of Sentry's are passed over. */
const Body = scrubBody.extend({
  name: z.string().optional(),
  slug: z.string().optional(),
  defaultRole: z.enum(ROLES).exclude(["owner"]).optional(),
})

async function change(app: App, c: ApiContext) {
  const access = accessIn(c, orgIn(c), "org:write")
  const { organizationId } = access
  const [organization] = await listOrganizationsById(app.sql, [organizationId])
  if (!organization) throw notFound()
  const { name, slug, defaultRole, ...scrub } = Body.parse(await c.req.json().catch(() => null))
  const wanted = withDefaults(organization, { name, slug, defaultRole })
  const settings = scrubChanges(scrub)
  const actor = actorOf(access, c)
  await app.sql.begin(async (tx) => {
    if (wanted) await changeOrganization(tx, actor, organizationId, wanted)
    await changeOrganizationSettings(tx, actor, organizationId, settings)
  })
  return show(app, c, access)
}

type Named = Pick<Organization, "name" | "slug" | "defaultRole">

/** null: it stays as it is. */
function withDefaults(
  { name, slug, defaultRole }: Organization,
  asked: { [K in keyof Named]: Named[K] | undefined },
): Named | null {
  if (!asked.name && !asked.slug && !asked.defaultRole) return null
  return {
    name: asked.name ?? name,
    slug: asked.slug ?? slug,
    defaultRole: asked.defaultRole ?? defaultRole,
  }
}

async function show(app: App, c: ApiContext, access: Access) {
  const [organization] = await listOrganizationsById(app.sql, [access.organizationId])
  if (!organization) throw notFound()
  const detail = serializeOrganizationDetail(organization, {
    address: publicUrl(app, ""),
    access,
    settings: await getOrganizationSettings(app.sql, organization.id),
    canScrape: app.config["sourcemaps.scrape"],
  })
  if (c.req.query("detailed") === "0") return c.json(detail)
  return c.json({ ...detail, ...(await contentsOf(app, organization, access)) })
}

async function contentsOf(app: App, organization: Organization, access: Access) {
  if (!seesProjects(access)) return { teams: [], projects: [] }
  const [teams, mine, projects] = await Promise.all([
    listTeams(app.sql, organization.id),
    access.memberId ? getMember(app.sql, organization.id, access.memberId) : null,
    listProjectListings(app.sql, {
      organizationIds: [organization.id],
      memberIds: access.memberId ? [access.memberId] : [],
      limit: MAX_PROJECTS,
      offset: 0,
    }),
  ])
  const mySlugs = new Set(mine?.teams)
  return {
    teams: teams.map((team) => serializeTeam(team, access, mySlugs.has(team.slug))),
    projects: projects.map((project) => serializeProject(project, access)),
  }
}

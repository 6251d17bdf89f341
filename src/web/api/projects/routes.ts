import { Hono } from "hono"
import { listOrganizationsById } from "#accounts/organizations/store.ts"
import type { App } from "#app.ts"
import { listProjectListings, type ProjectListing } from "#projects/listing-store.ts"
import { answerList, publicUrl } from "../answer.ts"
import {
  type Access,
  type ApiContext,
  type ApiEnv,
  accessesWith,
  accessIn,
  checked,
  seesProjects,
} from "../caller.ts"
import { serializeOrganization } from "../organizations/serialize.ts"
import { cutPage, type Page, readPage } from "../pagination.ts"
import { readProjectFilter } from "./requests.ts"
import { serializeProject } from "./serialize.ts"

export function projectRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get("/projects/", (c) => listAll(app, c))
  routes.get("/organizations/:org/projects/", (c) => listOfOrganization(app, c))
  return routes
}

async function listOfOrganization(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "org:read", "project:read", "org:ci")
  if (!seesProjects(access)) checked(access, ["project:read"])
  const page = readPage(c.req.query())
  const { rows, hasMore } = await find(app, c, [access], page)
  const items = rows.map((project) => serializeProject(project, access))
  return answerList(app, c, { items, page, hasMore })
}

/** Every project the caller can see, each with its organization: clients that know no organization begin here. */
async function listAll(app: App, c: ApiContext) {
  const accesses = accessesWith(c, "project:read")
  const page = readPage(c.req.query())
  const { rows, hasMore } = await find(app, c, accesses, page)
  const organizations = await listOrganizationsById(
    app.sql,
    rows.map(({ organizationId }) => organizationId),
  )
  const items = rows.flatMap((project) => {
    const organization = organizations.find(({ id }) => id === project.organizationId)
    const access = accesses.find(({ organizationId }) => organizationId === project.organizationId)
    if (!organization || !access) return []
    const about = serializeOrganization(organization, publicUrl(app, ""))
    return [{ ...serializeProject(project, access), organization: about }]
  })
  return answerList(app, c, { items, page, hasMore })
}

async function find(app: App, c: ApiContext, accesses: readonly Access[], page: Page) {
  const found = await listProjectListings(app.sql, {
    organizationIds: accesses.map(({ organizationId }) => organizationId),
    memberIds: accesses.flatMap(({ memberId }) => memberId ?? []),
    filter: readProjectFilter(c.req.query("query") ?? ""),
    limit: page.limit + 1,
    offset: page.offset,
  })
  return cutPage<ProjectListing>(found, page)
}

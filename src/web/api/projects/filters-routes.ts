import { Hono } from "hono"
import { z } from "zod"
import type { App } from "#app.ts"
import { type FilterId, filterNamed, SWITCHES } from "#normalize/filters/catalogue.ts"
import { LEGACY_BROWSERS } from "#normalize/filters/legacy-browsers.ts"
import { AppError } from "#platform/errors.ts"
import { changeFilters } from "#projects/filters.ts"
import type { ProjectSettings } from "#projects/settings.ts"
import { type ApiContext, type ApiEnv, accessIn, actorOf, notFound } from "../caller.ts"
import { projectIn } from "./path.ts"

const LIST = "/projects/:org/:project/filters/"
const LEGACY = "legacy-browsers"
/** Those that clients know: the others have lists, which are options of the project there. */
const SERVED: FilterId[] = [...SWITCHES.map(({ id }) => id), LEGACY as FilterId].sort()

const Body = z.object({
  active: z.boolean().optional(),
  subfilters: z.array(z.enum(LEGACY_BROWSERS.map(({ id }) => id))).optional(),
})

export function filterRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(LIST, async (c) => {
    const access = accessIn(c, c.req.param("org") ?? "", "project:read")
    const { settings } = await projectIn(app, c, access)
    return c.json(SERVED.map((id) => serialize(id, settings.filters)))
  })
  routes.put(`${LIST}:filter/`, (c) => change(app, c))
  return routes
}

async function change(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:write")
  const project = await projectIn(app, c, access)
  const id = idIn(c.req.param("filter") ?? "")
  const body = Body.parse(await c.req.json().catch(() => null))
  const filters = { ...project.settings.filters, ...changesOf(id, body) }
  const actor = actorOf(access, c)
  await app.sql.begin((tx) => changeFilters(tx, actor, project, filters))
  return c.body(null, 204)
}

/** Clients and their documentation differ in one letter. */
function idIn(name: string): FilterId {
  const asked = name === "legacy-browser" ? LEGACY : name
  const id = SERVED.find((each) => each === asked)
  if (!id) throw notFound()
  return id
}

function changesOf(
  id: FilterId,
  { active, subfilters }: z.infer<typeof Body>,
): Partial<ProjectSettings["filters"]> {
  if (id === LEGACY && subfilters) return { legacyBrowsers: [...new Set(subfilters)] }
  if (active === undefined) {
    throw new AppError("invalid", "This field is required.", { field: "active" })
  }
  if (id === LEGACY) return { legacyBrowsers: active ? ["default"] : [] }
  return { [filterNamed(id).setting]: active }
}

function serialize(id: FilterId, filters: ProjectSettings["filters"]) {
  const { setting, label, help } = filterNamed(id)
  const value = filters[setting]
  const active = Array.isArray(value) && value.length === 0 ? false : value
  return { id, active, name: label, description: help }
}

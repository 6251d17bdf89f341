import { Hono } from "hono"
import type { App } from "#app.ts"
import { listReleases } from "#releases/catalog-store.ts"
import { changeRelease, createRelease } from "#releases/releases.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, accessIn } from "../caller.ts"
import { cutPage, readPage } from "../pagination.ts"
import {
  namedProjects,
  pathProject,
  RELEASE_LISTS,
  RELEASE_READERS,
  RELEASE_WRITERS,
  readChanges,
  readCreation,
  releaseIn,
} from "./requests.ts"
import { serializeRelease } from "./serialize.ts"

/** Releases, as uploads need them: made, listed, shown, finalized. */
export function releaseRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const list of RELEASE_LISTS) {
    routes.get(list, (c) => listAll(app, c))
    routes.post(list, (c) => create(app, c))
    routes.get(`${list}:version/`, async (c) => {
      const { release } = await releaseIn(app, c, RELEASE_READERS)
      return c.json(serializeRelease(release))
    })
    routes.put(`${list}:version/`, (c) => change(app, c))
  }
  return routes
}

async function listAll(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", ...RELEASE_READERS)
  const projectId = await pathProject(app, c, access)
  const page = readPage(c.req.query())
  const scope = {
    organizationId: access.organizationId,
    projectId,
    text: c.req.query("query") ?? "",
  }
  const found = await listReleases(app.sql, scope, { limit: page.limit + 1, offset: page.offset })
  const { rows, hasMore } = cutPage(found, page)
  return answerList(app, c, { items: rows.map(serializeRelease), page, hasMore })
}

async function create(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", ...RELEASE_WRITERS)
  const inPath = await pathProject(app, c, access)
  const { version, projects, changes } = await readCreation(c)
  const projectIds = await namedProjects(app, access, { names: projects, inPath })
  const key = { organizationId: access.organizationId, version }
  const { release, isNew } = await createRelease(app, key, projectIds, changes)
  return c.json(serializeRelease(release), isNew ? 201 : 208)
}

async function change(app: App, c: ApiContext) {
  const { access, release } = await releaseIn(app, c, RELEASE_WRITERS)
  const key = { organizationId: access.organizationId, version: release.version }
  return c.json(serializeRelease(await changeRelease(app, key, await readChanges(c))))
}

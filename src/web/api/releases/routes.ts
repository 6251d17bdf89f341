import { Hono } from "hono"
import type { App } from "#app.ts"
import { isReleaseReferenced } from "#issues/resolving/commit-link-store.ts"
import { setReleaseCommits } from "#issues/resolving/commits.ts"
import { AppError } from "#platform/errors.ts"
import { deleteRelease, listReleases, type Release } from "#releases/catalog-store.ts"
import { recordReleaseRefs } from "#releases/record-commits.ts"
import { changeRelease, createRelease, getRelease } from "#releases/releases.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, accessIn } from "../caller.ts"
import { readProjects } from "../issues/requests.ts"
import { cutPage, readPage } from "../pagination.ts"
import {
  namedProjects,
  pathProject,
  RELEASE_LISTS,
  RELEASE_READERS,
  RELEASE_REMOVERS,
  RELEASE_WRITERS,
  readChanges,
  readCreation,
  readScope,
  releaseIn,
  type Told,
} from "./requests.ts"
import { serializeRelease } from "./serialize.ts"

/** Releases: made, listed, shown, finalized, archived, told their commits, deleted. */
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
    routes.delete(`${list}:version/`, (c) => remove(app, c))
  }
  return routes
}

async function listAll(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", ...RELEASE_READERS)
  const inPath = await pathProject(app, c, access)
  const page = readPage(c.req.query())
  const named = await namedProjects(app, access, { names: readProjects(c), inPath })
  const scope = {
    organizationId: access.organizationId,
    projectIds: named.length === 0 ? null : named,
    ...readScope(c),
  }
  const found = await listReleases(app.sql, scope, { limit: page.limit + 1, offset: page.offset })
  const { rows, hasMore } = cutPage(found, page)
  return answerList(app, c, { items: rows.map(serializeRelease), page, hasMore })
}

async function create(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", ...RELEASE_WRITERS)
  const inPath = await pathProject(app, c, access)
  const { version, projects, ...told } = await readCreation(c)
  const projectIds = await namedProjects(app, access, { names: projects, inPath })
  const key = { organizationId: access.organizationId, version }
  const { release, isNew } = await createRelease(app, key, projectIds, told.changes)
  return c.json(await withHistory(app, key, release, told), isNew ? 201 : 208)
}

async function change(app: App, c: ApiContext) {
  const { access, release } = await releaseIn(app, c, RELEASE_WRITERS)
  const key = { organizationId: access.organizationId, version: release.version }
  const told = await readChanges(c)
  return c.json(await withHistory(app, key, await changeRelease(app, key, told.changes), told))
}

/** Keeps what was told of commits and answers with the release as it is then. An empty list of refs takes the commits away. */
async function withHistory(
  app: App,
  key: { organizationId: string; version: string },
  release: Release,
  { commits, refs }: Told,
) {
  const told = { ...key, releaseId: release.id }
  if (commits || refs?.length === 0) await setReleaseCommits(app, told, commits ?? [])
  if (refs && refs.length > 0) await app.sql.begin((tx) => recordReleaseRefs(tx, told, refs))
  return serializeRelease(commits || refs ? await getRelease(app.sql, key) : release)
}

async function remove(app: App, c: ApiContext) {
  const { release } = await releaseIn(app, c, RELEASE_REMOVERS)
  if (await isReleaseReferenced(app.sql, release.id)) {
    throw new AppError(
      "invalid",
      "This release is referenced by active issues and cannot be removed.",
    )
  }
  await deleteRelease(app.sql, release.id)
  return c.body(null, 204)
}

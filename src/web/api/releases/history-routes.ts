import { Hono } from "hono"
import { z } from "zod"
import type { App } from "#app.ts"
import { findRelease } from "#releases/catalog-store.ts"
import { listDeploys } from "#releases/deploy-store.ts"
import { addDeploy } from "#releases/deploys.ts"
import {
  findVersionWithCommits,
  listReleaseCommits,
  listRepositories,
} from "#releases/history-store.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, accessIn } from "../caller.ts"
import { cutPage, type Page, readPage } from "../pagination.ts"
import { moment } from "./commit-request.ts"
import {
  jsonOf,
  namedProjects,
  names,
  RELEASE_LISTS,
  RELEASE_READERS,
  RELEASE_WRITERS,
  releaseIn,
} from "./requests.ts"
import {
  serializeCommit,
  serializeDeploy,
  serializeRelease,
  serializeRepository,
} from "./serialize.ts"

/** What a release is made of and where it runs; the organization's repositories. */
export function releaseHistoryRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const list of RELEASE_LISTS) {
    routes.get(`${list}:version/commits/`, (c) => commits(app, c))
    routes.get(`${list}:version/previous-with-commits/`, (c) => previousWithCommits(app, c))
    routes.get(`${list}:version/deploys/`, (c) => deploys(app, c))
    routes.post(`${list}:version/deploys/`, (c) => deploy(app, c))
  }
  routes.get("/organizations/:org/repos/", (c) => repositories(app, c))
  return routes
}

/** The rows that a page holds and one more, which tells whether the list goes on. */
const reach = ({ limit, offset }: Page) => ({ limit: limit + 1, offset })

async function commits(app: App, c: ApiContext) {
  const { release } = await releaseIn(app, c, RELEASE_READERS)
  const page = readPage(c.req.query())
  const { rows, hasMore } = cutPage(
    await listReleaseCommits(app.sql, release.id, reach(page)),
    page,
  )
  return answerList(app, c, { items: rows.map(serializeCommit), page, hasMore })
}

async function previousWithCommits(app: App, c: ApiContext) {
  const { access, release } = await releaseIn(app, c, RELEASE_READERS)
  const { organizationId } = access
  const version = await findVersionWithCommits(app.sql, organizationId, release.id)
  const previous = version && (await findRelease(app.sql, organizationId, version))
  return c.json(previous ? serializeRelease(previous) : {})
}

async function deploys(app: App, c: ApiContext) {
  const { release } = await releaseIn(app, c, RELEASE_READERS)
  const page = readPage(c.req.query())
  const { rows, hasMore } = cutPage(await listDeploys(app.sql, release.id, reach(page)), page)
  return answerList(app, c, { items: rows.map(serializeDeploy), page, hasMore })
}

const ToldDeploy = z.object({
  environment: z.string("This field is required."),
  name: z.string().nullish(),
  url: z.string().nullish(),
  dateStarted: moment.nullish(),
  dateFinished: moment.nullish(),
  projects: names.nullish(),
})

async function deploy(app: App, c: ApiContext) {
  const { access, release } = await releaseIn(app, c, RELEASE_WRITERS)
  const told = ToldDeploy.parse(await jsonOf(c))
  const projectIds = await namedProjects(app, access, { names: told.projects ?? [], inPath: null })
  const { organizationId } = access
  const made = await addDeploy(
    app,
    { ...release, organizationId },
    {
      environment: told.environment,
      name: told.name ?? null,
      url: told.url ?? null,
      startedAt: told.dateStarted ?? null,
      finishedAt: told.dateFinished ?? app.clock.now(),
      projectIds,
    },
  )
  return c.json(serializeDeploy(made), 201)
}

async function repositories(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "org:read", ...RELEASE_WRITERS)
  const page = readPage(c.req.query())
  const found = await listRepositories(app.sql, access.organizationId, {
    ...reach(page),
    text: c.req.query("query") ?? "",
  })
  const { rows, hasMore } = cutPage(found, page)
  return answerList(app, c, { items: rows.map(serializeRepository), page, hasMore })
}

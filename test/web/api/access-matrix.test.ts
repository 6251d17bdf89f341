import { beforeAll, expect, test } from "bun:test"
import type { Scope } from "#accounts/organizations/roles.ts"
import { apiRoutes } from "#web/api/router.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { givenEvents, givenMember, givenShop, zeroDivision } from "../../support/issues.ts"

/** "anybody" has no need to say who; "account": any credentials will do; else any one of these scopes. */
type Right = "anybody" | "account" | readonly Scope[]

const UPLOAD = ["org:ci", "project:releases", "project:write"] as const
const RELEASES = ["project:read", ...UPLOAD] as const

const issueRights = (base: string): Record<string, Right> => ({
  [`GET ${base}/`]: ["event:read"],
  [`PUT ${base}/`]: ["event:write"],
  [`DELETE ${base}/`]: ["event:admin"],
  [`GET ${base}/hashes/`]: ["event:read"],
  [`DELETE ${base}/hashes/`]: ["event:write"],
  [`GET ${base}/events/`]: ["event:read"],
  [`GET ${base}/events/:event/`]: ["event:read"],
  [`GET ${base}/user-reports/`]: ["event:read"],
})

const releaseRights = (base: string): Record<string, Right> => ({
  [`GET ${base}/releases/`]: RELEASES,
  [`POST ${base}/releases/`]: UPLOAD,
  [`GET ${base}/releases/:version/`]: RELEASES,
  [`PUT ${base}/releases/:version/`]: UPLOAD,
  [`GET ${base}/releases/:version/commits/`]: RELEASES,
  [`GET ${base}/releases/:version/previous-with-commits/`]: RELEASES,
  [`GET ${base}/releases/:version/deploys/`]: RELEASES,
  [`POST ${base}/releases/:version/deploys/`]: UPLOAD,
  [`GET ${base}/releases/:version/files/`]: RELEASES,
  [`POST ${base}/releases/:version/files/`]: UPLOAD,
  [`GET ${base}/releases/:version/files/:file/`]: RELEASES,
  [`DELETE ${base}/releases/:version/files/:file/`]: UPLOAD,
  [`DELETE ${base}/releases/:version/`]: UPLOAD,
})

const ORG = "/organizations/:org"
const PROJECT = "/projects/:org/:project"

/** Which right each route asks for. A route that is not here makes this file fail. */
const RIGHTS: Record<string, Right> = {
  "GET /": "anybody",
  "GET /internal/health/": "anybody",
  "GET /auth/": "account",
  "GET /users/me/": "account",
  "GET /users/me/regions/": "account",
  "GET /organizations/": ["org:read", "org:ci"],
  [`GET ${ORG}/`]: ["org:read"],
  [`PUT ${ORG}/`]: ["org:write"],
  "GET /projects/": ["project:read"],
  [`GET ${ORG}/projects/`]: ["org:read", "project:read", "org:ci"],
  [`GET ${PROJECT}/`]: ["project:read"],
  [`PUT ${PROJECT}/`]: ["project:write"],
  [`GET ${PROJECT}/filters/`]: ["project:read"],
  [`PUT ${PROJECT}/filters/:filter/`]: ["project:write"],
  [`GET ${ORG}/issues/`]: ["event:read"],
  [`PUT ${ORG}/issues/`]: ["event:write"],
  [`DELETE ${ORG}/issues/`]: ["event:admin"],
  [`GET ${PROJECT}/issues/`]: ["event:read"],
  [`PUT ${PROJECT}/issues/`]: ["event:write"],
  [`DELETE ${PROJECT}/issues/`]: ["event:admin"],
  [`GET ${PROJECT}/events/:event/attachments/`]: ["project:read"],
  [`GET ${PROJECT}/events/:event/attachments/:attachment/`]: ["project:read"],
  [`GET ${PROJECT}/events/:event/committers/`]: ["project:read", "event:read"],
  [`GET ${PROJECT}/events/:event/source-map-debug/`]: ["project:read"],
  [`GET ${PROJECT}/user-feedback/`]: ["project:read"],
  [`POST ${PROJECT}/user-feedback/`]: ["project:write"],
  [`GET ${PROJECT}/user-reports/`]: ["project:read"],
  [`POST ${PROJECT}/user-reports/`]: ["project:write"],
  [`GET ${ORG}/stats_v2/`]: ["org:read"],
  [`GET ${PROJECT}/stats/`]: ["project:read"],
  [`GET ${PROJECT}/verdicts/`]: ["event:read"],
  [`GET ${ORG}/repos/`]: ["org:read", ...UPLOAD],
  [`GET ${ORG}/chunk-upload/`]: UPLOAD,
  [`POST ${ORG}/chunk-upload/`]: UPLOAD,
  [`POST ${ORG}/artifactbundle/assemble/`]: UPLOAD,
  [`POST ${ORG}/releases/:version/assemble/`]: UPLOAD,
  [`POST ${PROJECT}/files/difs/assemble/`]: UPLOAD,
  [`GET ${PROJECT}/files/dsyms/`]: RELEASES,
  [`DELETE ${PROJECT}/files/dsyms/`]: UPLOAD,
  [`GET ${PROJECT}/files/artifact-bundles/`]: RELEASES,
  [`DELETE ${PROJECT}/files/artifact-bundles/`]: UPLOAD,
  [`GET ${PROJECT}/artifact-bundles/:bundle/files/`]: RELEASES,
  [`GET ${PROJECT}/files/source-maps/`]: RELEASES,
  [`DELETE ${PROJECT}/files/source-maps/`]: UPLOAD,
  ...releaseRights(ORG),
  ...releaseRights(PROJECT),
  ...issueRights(`${ORG}/issues/:issue`),
  ...issueRights(`${ORG}/groups/:issue`),
  ...issueRights("/issues/:issue"),
  ...issueRights("/groups/:issue"),
}

const SCOPES: readonly Scope[] = [
  ...(["org:read", "org:write", "org:ci", "member:read", "member:admin", "team:read"] as const),
  ...(["team:admin", "project:read", "project:write", "project:releases"] as const),
  ...(["event:read", "event:write", "event:admin"] as const),
]
/** What a scope stands for beside itself. */
const IMPLIED: Partial<Record<Scope, Scope[]>> = {
  "org:write": ["org:read"],
  "project:write": ["project:read"],
  "event:write": ["event:read"],
  "event:admin": ["event:read", "event:write"],
}

const app = await testApp({ "api.rate-limit.token": 0, "api.rate-limit.user": 0 })
const values: Record<string, string> = {
  ...{ ":org": "shop", ":project": "shop", ":version": "2.14.1", ":filter": "localhost" },
  ...{ ":event": "latest", ":attachment": "1", ":file": "1" },
}
let ann: string
let stranger: string
beforeAll(async () => {
  const shop = await givenShop(app, "shop")
  ann = await givenMember(app, shop, { name: "ann", role: "owner" })
  const foreign = await givenShop(app, "foreign")
  stranger = await givenMember(app, foreign, { name: "stranger", role: "owner" })
  values[":issue"] = (await givenEvents(app, shop, [zeroDivision()])).issueId
})

async function ask(route: string, client: ApiClient): Promise<number> {
  const [method = "", pattern = ""] = route.split(" ")
  const path = pattern.replaceAll(/:\w+/g, (name) => values[name] ?? name)
  const init =
    method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } }
  return (await client.send(method, path, init)).status
}

const scoped = Object.entries(RIGHTS).filter(
  (each): each is [string, readonly Scope[]] => typeof each[1] !== "string",
)

test("every route declares its right", () => {
  const routes = apiRoutes(app).routes.flatMap(({ method, path }) =>
    method === "ALL" ? [] : [`${method} ${path}`],
  )
  expect([...new Set(routes)].sort()).toEqual(Object.keys(RIGHTS).sort())
})

test("without credentials there is nothing to see", async () => {
  const nobody = apiClient(app, null)
  for (const [route, right] of Object.entries(RIGHTS)) {
    expect([route, await ask(route, nobody)]).toEqual([route, right === "anybody" ? 200 : 401])
  }
})

test("a token without the scope is refused, one with it is not", async () => {
  for (const scope of SCOPES) {
    const client = apiClient(app, await givenUserToken(app, ann, [scope]))
    const granted = [scope, ...(IMPLIED[scope] ?? [])]
    for (const [route, scopes] of scoped) {
      const isOpen = scopes.some((each) => granted.includes(each))
      // Others look for what it deletes.
      if (isOpen && isDeletion(route)) continue
      const status = await ask(route, client)
      const isRefused = status === 401 || status === 403
      expect([scope, route, status, isRefused]).toEqual([scope, route, status, !isOpen])
    }
  }
})

const isDeletion = (route: string) => route.startsWith("DELETE ")

test("to owners of another organization none of it exists", async () => {
  const client = apiClient(app, await givenUserToken(app, stranger))
  for (const [route] of scoped) {
    if (!/:org|:issue/.test(route)) continue
    expect([route, await ask(route, client)]).toEqual([route, 404])
  }
})

test("who may delete is not refused", async () => {
  const client = apiClient(app, await givenUserToken(app, ann))
  for (const [route] of scoped.filter(([route]) => isDeletion(route))) {
    const status = await ask(route, client)
    expect([route, status, [401, 403].includes(status)]).toEqual([route, status, false])
  }
})

import { beforeAll, expect, test } from "bun:test"
import { startSession } from "#accounts/users/sessions.ts"
import {
  type ApiClient,
  apiClient,
  givenOrganizationToken,
  givenUserToken,
} from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"

const app = await testApp()

let shop: GivenProject
let foreign: GivenProject
let ann: string
let seen: { issueId: string; eventId: string }
let unseen: { issueId: string; eventId: string }
beforeAll(async () => {
  shop = await givenShop(app, "shop")
  foreign = await givenShop(app, "foreign")
  ann = await givenMember(app, shop, { name: "ann", role: "owner" })
  seen = await givenEvents(app, shop, [zeroDivision()])
  unseen = await givenEvents(app, foreign, [zeroDivision()])
})

const detailOf = async (response: Response) =>
  ((await response.json()) as { detail: string }).detail
const MISSING = "You do not have permission to perform this action."

const UPLOADERS = ["org:ci", "project:releases", "project:write"]

/** Every route about one organization's things: the scopes that open it, any one of them. */
const routes = (): [method: string, path: string, scopes: string[]][] => [
  ["GET", "/organizations/shop/", ["org:read"]],
  ["GET", "/organizations/shop/projects/", ["org:read", "project:read", "org:ci"]],
  ["GET", "/organizations/shop/issues/", ["event:read"]],
  ["GET", "/projects/shop/shop/issues/", ["event:read"]],
  ["GET", `/organizations/shop/issues/${seen.issueId}/`, ["event:read"]],
  ["GET", `/organizations/shop/groups/${seen.issueId}/`, ["event:read"]],
  ["GET", `/issues/${seen.issueId}/`, ["event:read"]],
  ["GET", `/groups/${seen.issueId}/`, ["event:read"]],
  ["GET", `/issues/${seen.issueId}/events/`, ["event:read"]],
  ["GET", `/organizations/shop/issues/${seen.issueId}/events/`, ["event:read"]],
  ["GET", `/issues/${seen.issueId}/events/latest/`, ["event:read"]],
  ["GET", `/organizations/shop/issues/${seen.issueId}/events/${seen.eventId}/`, ["event:read"]],
  ["PUT", `/issues/${seen.issueId}/`, ["event:write"]],
  ["PUT", `/organizations/shop/issues/${seen.issueId}/`, ["event:write"]],
  ["GET", `/issues/${seen.issueId}/user-reports/`, ["event:read"]],
  ["GET", "/projects/shop/shop/user-feedback/", ["project:read"]],
  ["GET", "/projects/shop/shop/user-reports/", ["project:read"]],
  ["GET", `/projects/shop/shop/events/${seen.eventId}/attachments/`, ["project:read"]],
  ["GET", `/projects/shop/shop/events/${seen.eventId}/source-map-debug/`, ["project:read"]],
  ["GET", "/projects/shop/shop/", ["project:read"]],
  ["PUT", "/projects/shop/shop/", ["project:write"]],
  ["PUT", "/organizations/shop/", ["org:write"]],
  ["GET", "/projects/shop/shop/filters/", ["project:read"]],
  ["PUT", "/projects/shop/shop/filters/localhost/", ["project:write"]],
  [
    "GET",
    "/organizations/shop/stats_v2/?field=sum(quantity)&groupBy=outcome&statsPeriod=1d",
    ["org:read"],
  ],
  ["GET", "/projects/shop/shop/stats/", ["project:read"]],
  ["GET", "/projects/shop/shop/verdicts/", ["event:read"]],
  ["GET", "/organizations/shop/releases/", ["project:read", ...UPLOADERS]],
  ["GET", "/projects/shop/shop/releases/2.14.1/", ["project:read", ...UPLOADERS]],
  ["GET", "/organizations/shop/releases/2.14.1/files/", ["project:read", ...UPLOADERS]],
  ["GET", "/organizations/shop/releases/2.14.1/commits/", ["project:read", ...UPLOADERS]],
  ["GET", "/organizations/shop/releases/2.14.1/deploys/", ["project:read", ...UPLOADERS]],
  [
    "GET",
    "/projects/shop/shop/releases/2.14.1/previous-with-commits/",
    ["project:read", ...UPLOADERS],
  ],
  ["GET", "/organizations/shop/repos/", ["org:read", ...UPLOADERS]],
  ["PUT", "/organizations/shop/releases/2.14.1/", UPLOADERS],
  ["GET", "/projects/shop/shop/files/dsyms/", ["project:read", ...UPLOADERS]],
  ["GET", "/projects/shop/shop/files/artifact-bundles/", ["project:read", ...UPLOADERS]],
  ["GET", "/projects/shop/shop/files/source-maps/", ["project:read", ...UPLOADERS]],
  ["GET", "/organizations/shop/chunk-upload/", UPLOADERS],
  ["GET", "/organizations/", ["org:read", "org:ci"]],
  ["GET", "/projects/", ["project:read"]],
]
const ASKED = [
  "org:read",
  "org:write",
  "org:ci",
  "project:read",
  "project:write",
  "project:releases",
  "event:read",
  "event:write",
  "event:admin",
]
/** What a scope stands for beside itself. */
const IMPLIED: Record<string, string[]> = {
  "org:write": ["org:read"],
  "project:write": ["project:read"],
  "event:write": ["event:read"],
  "event:admin": ["event:read", "event:write"],
}

const sendTo = (client: ApiClient, [method, path]: [string, string, string[]]) =>
  method === "PUT" ? client.put(path, { hasSeen: true, active: true }) : client.get(path)

test("each route opens for its scopes and answers 403 to every other one", async () => {
  for (const scope of ASKED) {
    const client = apiClient(app, await givenUserToken(app, ann, [scope]))
    const granted = [scope, ...(IMPLIED[scope] ?? [])]
    for (const route of routes()) {
      const isOpen = route[2].some((each) => granted.includes(each))
      const response = await sendTo(client, route)
      const status = isOpen ? (route[1].includes("/filters/localhost/") ? 204 : 200) : 403
      expect([scope, ...route, response.status]).toEqual([scope, ...route, status])
      if (isOpen) continue
      expect(await response.json()).toEqual({ detail: MISSING })
      expect(response.headers.get("x-sentry-error")).toContain(route[2][0] ?? "")
    }
  }
})

test("each route answers 401 without credentials and 404 to people of another organization", async () => {
  const stranger = await givenMember(app, foreign, { name: "stranger", role: "owner" })
  const outside = apiClient(app, await givenUserToken(app, stranger))
  for (const route of routes()) {
    const anonymous = await sendTo(apiClient(app, null), route)
    expect([...route, anonymous.status]).toEqual([...route, 401])
    expect(anonymous.headers.get("www-authenticate")).toBe('xBasic realm="api"')
    expect(await detailOf(anonymous)).toBe("Authentication credentials were not provided.")
    if (["/organizations/", "/projects/"].includes(route[1])) continue
    const response = await sendTo(outside, route)
    expect([...route, response.status]).toEqual([...route, 404])
    expect(await response.json()).toEqual({ detail: "The requested resource does not exist" })
  }
})

test("an organization's own path does not show another organization's issues and events", async () => {
  const client = apiClient(app, await givenUserToken(app, ann))
  for (const path of [
    `/organizations/shop/issues/${unseen.issueId}/`,
    `/organizations/shop/issues/${unseen.issueId}/events/latest/`,
    `/organizations/shop/issues/${seen.issueId}/events/${unseen.eventId}/`,
    `/issues/${unseen.issueId}/`,
    "/organizations/shop/issues/FOREIGN-1/",
    "/issues/FOREIGN-1/",
    "/organizations/foreign/issues/",
  ]) {
    expect([path, (await client.get(path)).status]).toEqual([path, 404])
  }
  const listed = await client.get("/organizations/")
  expect(((await listed.json()) as { slug: string }[]).map(({ slug }) => slug)).toEqual(["shop"])
})

test("a deleted issue, and one being deleted, are not found", async () => {
  const { issueId } = await givenEvents(app, shop, [zeroDivision({ fingerprint: ["going"] })])
  const client = apiClient(app, await givenUserToken(app, ann))
  expect((await client.get(`/issues/${issueId}/`)).status).toBe(200)
  await app.sql`update issues set status = 3 where id = ${issueId}`
  expect((await client.get(`/issues/${issueId}/`)).status).toBe(404)
  await app.sql`delete from issues where id = ${issueId}`
  expect((await client.get(`/organizations/shop/issues/${issueId}/`)).status).toBe(404)
  expect((await client.put(`/issues/${issueId}/`, { status: "resolved" })).status).toBe(404)
})

test("a person's token can do no more than the person's role", async () => {
  const money = await givenMember(app, shop, { name: "money", role: "billing" })
  const client = apiClient(app, await givenUserToken(app, money))
  const shown = await client.get("/organizations/shop/")
  expect(await shown.json()).toMatchObject({ slug: "shop", projects: [], teams: [] })
  expect((await client.get("/organizations/shop/projects/")).status).toBe(403)
  expect((await client.get("/projects/")).status).toBe(403)
  expect((await client.get("/organizations/shop/issues/")).status).toBe(403)
  expect((await client.get(`/issues/${seen.issueId}/`)).status).toBe(403)
})

test("an organization's token works in its organization alone and is nobody", async () => {
  const shopToken = { id: shop.organizationId, slug: "shop" }
  const reader = apiClient(app, await givenOrganizationToken(app, shopToken, ["event:read"]))
  expect((await reader.get("/organizations/shop/issues/")).status).toBe(200)
  expect((await reader.get("/organizations/foreign/issues/")).status).toBe(404)
  const ci = apiClient(app, await givenOrganizationToken(app, shopToken, ["org:ci"]))
  expect((await ci.get("/organizations/shop/issues/")).status).toBe(403)
  expect((await ci.get("/organizations/shop/projects/")).status).toBe(200)
  expect(await (await ci.get("/")).json()).toEqual({
    version: "0",
    auth: { scopes: ["org:ci"] },
    user: null,
  })
  expect((await ci.get("/users/me/")).status).toBe(400)
})

test("credentials that are wrong say why", async () => {
  const expired = await givenUserToken(app, ann, ["org:read"], new Date(Date.now() - 1000))
  const gone = await givenMember(app, shop, { name: "gone" })
  const inactive = await givenUserToken(app, gone, ["org:read"])
  await app.sql`update users set is_active = false where id = ${gone}`
  const refusals: [header: string, detail: string][] = [
    ["Bearer garbage", "Invalid token"],
    [`Bearer sntryu_${"0".repeat(64)}`, "Invalid token"],
    ["Bearer sntrys_e30=_abc", "Invalid org token"],
    [`Bearer ${"x".repeat(10_000)}`, "Invalid token"],
    ["Bearer", "Invalid token header. No credentials provided."],
    ["Bearer a b", "Invalid token header. Token string should not contain spaces."],
    [`Bearer ${expired}`, "Token expired"],
    [`Bearer ${inactive}`, "User inactive or deleted"],
  ]
  for (const [authorization, detail] of refusals) {
    const response = await apiClient(app, null).get("/", { authorization })
    expect([detail, response.status, await detailOf(response)]).toEqual([detail, 401, detail])
  }
  const basic = await apiClient(app, null).get("/organizations/", {
    authorization: `Basic ${btoa("key:password")}`,
  })
  expect(await detailOf(basic)).toBe("Authentication credentials were not provided.")
})

test("a revoked token stops at once", async () => {
  const token = await givenUserToken(app, ann)
  const client = apiClient(app, token)
  expect((await client.get("/organizations/")).status).toBe(200)
  await app.sql`delete from api_tokens where user_id = ${ann}`
  expect((await client.get("/organizations/")).status).toBe(401)
})

test("a legacy token of 64 bare hex digits works", async () => {
  const token = "ab".repeat(32)
  await app.sql`
    insert into api_tokens (user_id, token_hash, token_last_characters, scopes)
    values (${ann}, sha256(${token}::text::bytea), 'abab', array['org:read'])`
  expect((await apiClient(app, token).get("/organizations/")).status).toBe(200)
})

test("a token's last use is noted, and not with every request", async () => {
  const client = apiClient(app, await givenUserToken(app, ann))
  const uses = () =>
    app.sql`select last_used_at from api_tokens where user_id = ${ann} order by id desc limit 1`
  await client.get("/organizations/")
  const [first] = await uses()
  expect(first?.lastUsedAt).toBeInstanceOf(Date)
  await client.get("/organizations/")
  expect((await uses())[0]?.lastUsedAt).toEqual(first?.lastUsedAt)
})

test("a browser's session reads and never writes", async () => {
  const session = await startSession(app, app.sql, ann, { ip: "", userAgent: "" })
  const cookie = `sl_session=${session}`
  const client = apiClient(app, null)
  const read = await client.get(`/issues/${seen.issueId}/`, { cookie })
  expect(read.status).toBe(200)
  const written = await client.send("PUT", `/issues/${seen.issueId}/`, {
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ status: "resolved" }),
  })
  expect(written.status).toBe(401)
  expect(((await (await client.get("/", { cookie })).json()) as { auth: null }).auth).toBeNull()
})

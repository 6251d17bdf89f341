import { beforeAll, expect, test } from "bun:test"
import type { App } from "#app.ts"
import { testApp } from "../../../support/app.ts"
import { type GivenProject, givenMember, givenShop } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"
import { type GivenIssue, givenIssue } from "../../../support/stream.ts"

const app: App = await testApp()
let shop: GivenProject
let ann: SignedIn
let path = ""

beforeAll(async () => {
  shop = await givenShop(app)
  await app.sql`update projects set first_event_at = now()`
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann" }))
  path = `/organizations/${shop.slug}/issues/`
})

const given = (issue: GivenIssue = {}) =>
  givenIssue(app.sql, shop, { lastSeen: new Date(Date.now() - 60_000), ...issue })

const statusOf = async (ids: string[]) =>
  (await app.sql`select status from issues where id = any(${ids}::bigint[]) order by id`).map(
    (row) => row.status,
  )

test("the stream lists what is unresolved and answers with the page's own policy", async () => {
  await given({ title: "Visible <one>" })
  const response = await ann.get(path)
  expect(response.status).toBe(200)
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'")
  expect(await response.text()).toContain("Visible &lt;one&gt;")
})

test("a query that is not understood is a 400 with its place marked, and lists nothing", async () => {
  const response = await ann.get(`${path}?query=is:unresolvd`)
  expect(response.status).toBe(400)
  const html = await response.text()
  expect(html).toContain("<mark>is:unresolvd</mark>")
  expect(html).not.toContain("data-row")
})

test("strange parameters fall back and never break the page", async () => {
  for (const query of [
    "sort=x&limit=9e9&cursor=%00&statsPeriod=%27&project=-1&project=x",
    "environment=%00",
    "query=%00",
  ]) {
    expect((await ann.get(`${path}?${query}`)).status).toBeLessThan(500)
  }
})

test("strangers see no organization of that name", async () => {
  const other = await givenShop(app)
  const eve = await signIn(app, await givenMember(app, other, { name: "Eve" }))
  expect((await eve.get(path)).status).toBe(404)
  expect(
    (
      await eve.post(path, [
        ["action", "resolve"],
        ["id", "1"],
      ])
    ).status,
  ).toBe(404)
})

test("ticked issues are resolved, said so once, and Undo takes it back", async () => {
  const ids = [await given({ substatus: "new" }), await given({ substatus: "new" })]
  const done = await ann.post(path, [
    ["action", "resolve"],
    ...ids.map((id) => ["id", id] as const),
  ])
  expect(done.status).toBe(303)
  expect(done.headers.get("location")).toBe(path)
  expect(await statusOf(ids)).toEqual([1, 1])
  const flash = done.headers.get("set-cookie")?.split(";")[0] ?? ""
  const html = await (await ann.get(path, { cookie: `${ann.cookie}; ${flash}` })).text()
  expect(html).toContain("2 issues are resolved.")
  const undo = /name="action" value="(\w+)"[^>]*>\s*<input[^>]*name="id" value="([\d,]+)"/.exec(
    html,
  )
  expect(undo?.[2]?.split(",").toSorted()).toEqual(ids.toSorted())
  await ann.post(path, [
    ["action", undo?.[1] ?? ""],
    ["id", ids.join(",")],
  ])
  expect(await statusOf(ids)).toEqual([0, 0])
  const rows = await app.sql`select substatus from issues where id = any(${ids}::bigint[])`
  expect(rows.map(({ substatus }) => substatus)).toEqual(["new", "new"])
})

test("a button's own details win over what is ticked", async () => {
  const [ticked, meant] = [await given(), await given()]
  await ann.post(path, [
    ["action", `assign?assignee=me&only=${meant}`],
    ["id", ticked!],
  ])
  const rows = await app.sql`select id from issues where assignee_user_id is not null`
  expect(rows.map(({ id }) => id)).toEqual([meant])
})

test("nothing ticked is refused, and nothing changes", async () => {
  const id = await given()
  const response = await ann.post(path, [["action", "resolve"]])
  expect(response.status).toBe(422)
  expect(await statusOf([id])).toEqual([0])
})

test("issues of others cannot be acted on by naming their ids", async () => {
  const other = await givenShop(app)
  const id = await givenIssue(app.sql, other)
  await ann.post(path, [
    ["action", "resolve"],
    ["id", id],
  ])
  expect(await statusOf([id])).toEqual([0])
})

test("an issue is only given to people of the organization", async () => {
  const id = await given()
  const [stranger] = await app.sql`insert into users (email) values ('x@y.test') returning id`
  const response = await ann.post(path, [
    ["action", `assign?assignee=user:${stranger?.id}`],
    ["id", id],
  ])
  expect(response.status).toBe(422)
})

const bulk = (fields: [string, string][]) => ann.post(`${path}bulk/`, fields)
const asked = (): [string, string] => ["at", new Date().toISOString()]

test("an empty or broken query never widens a query-wide action", async () => {
  const id = await given({ title: "never widened" })
  for (const query of ["", "   ", "is:", "is:unresolvd", "(", '"']) {
    const response = await bulk([
      ["action", "resolve"],
      ["query", query],
      ["expected", "1"],
      asked(),
    ])
    expect(response.status).toBe(422)
    const page = await ann.get(`${path}bulk/?query=${encodeURIComponent(query)}`)
    expect(page.status).toBe(422)
  }
  const missing = await bulk([["action", "resolve"], ["expected", "1"], asked()])
  expect(missing.status).toBe(422)
  expect(await statusOf([id])).toEqual([0])
})

test("a whole query is acted on after its count was confirmed, and only then", async () => {
  const ids = [
    await given({ title: "tidal one" }),
    await given({ title: "tidal two" }),
    await given(),
  ]
  const page = await (await ann.get(`${path}bulk/?query=tidal`)).text()
  expect(page).toContain("2 issues match")
  const moved = await bulk([["action", "resolve"], ["query", "tidal"], ["expected", "9"], asked()])
  expect(moved.status).toBe(409)
  expect(await statusOf(ids)).toEqual([0, 0, 0])
  const done = await bulk([["action", "resolve"], ["query", "tidal"], ["expected", "2"], asked()])
  expect(done.status).toBe(303)
  expect(await statusOf(ids)).toEqual([1, 1, 0])
})

test("polling is 204 until a batch stored something, then counts what is new", async () => {
  const html = await (await ann.get(path)).text()
  const since = /data-since="([^"]+)"/.exec(html)?.[1] ?? ""
  const changes = `${path}changes/?since=${since}`
  expect((await ann.get(changes)).status).toBe(204)
  const id = await given({ lastSeen: new Date(Date.now() + 1_000) })
  await app.sql`update projects set change_seq = change_seq + 1 where id = ${shop.projectId}`
  const answer = await (await ann.get(`${changes}&id=${id}`)).json()
  expect(answer).toMatchObject({ news: 1, events: { [id]: 0 } })
})

test("the jump box leads to an issue by its short id, and searches for anything else", async () => {
  const id = await given()
  const [row] = await app.sql`select short_id from issues where id = ${id}`
  const { formatShortId } = await import("#issues/short-id.ts")
  const shortId = formatShortId(shop.slug, row?.shortId)
  const jump = (text: string) =>
    ann.get(`/organizations/${shop.slug}/search/?q=${encodeURIComponent(text)}`)
  expect((await jump(shortId.toLowerCase())).headers.get("location")).toBe(`${path}${id}/`)
  expect((await jump("some text")).headers.get("location")).toBe(
    `${path}?query=some+text&statsPeriod=90d`,
  )
})

import { beforeAll, expect, test } from "bun:test"
import { foldTags } from "#issues/tags/fold.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { givenEvents, givenMember, givenShop, zeroDivision } from "../../support/issues.ts"

const app = await testApp()

type Event = {
  eventID: string
  previousEventID: string | null
  nextEventID: string | null
  entries?: { type: string }[]
}

let client: ApiClient
let issueId: string
const ids: string[] = []
beforeAll(async () => {
  const shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
  for (const environment of ["prod", "test", "prod"]) {
    const stored = await givenEvents(app, shop, [zeroDivision({ environment })])
    issueId = stored.issueId
    ids.push(stored.eventId)
  }
})

const events = async (query: string) =>
  (await (await client.get(`/issues/${issueId}/events/${query}`)).json()) as Event[]
const idsOf = async (query: string) => (await events(query)).map(({ eventID }) => eventID)

test("events are listed latest first, page by page", async () => {
  expect(await idsOf("")).toEqual(ids.toReversed())
  const first = await client.get(`/issues/${issueId}/events/?per_page=2`)
  expect(first.headers.get("link")).toContain(`rel="next"; results="true"; cursor="0:2:0"`)
  expect(await idsOf("?per_page=2&cursor=0:2:0")).toEqual([ids[0] ?? ""])
})

test("lists are short unless the whole events are asked for", async () => {
  expect((await events(""))[0]?.entries).toBeUndefined()
  for (const full of ["1", "true"]) {
    const [event] = await events(`?full=${full}`)
    expect(event?.entries?.map(({ type }) => type)).toContain("exception")
  }
})

test("an event names the hash by which it came to its issue, as the issue's list of hashes does", async () => {
  const [hash] = (await (await client.get(`/issues/${issueId}/hashes/`)).json()) as { id: string }[]
  const [listed] = (await events("?full=1")) as { fingerprints?: string[] }[]
  const shown = await (await client.get(`/issues/${issueId}/events/latest/`)).json()
  expect(hash?.id).toMatch(/^[0-9a-f]{32}$/)
  expect([listed, shown]).toMatchObject([
    { fingerprints: [hash!.id] },
    { fingerprints: [hash!.id] },
  ])
})

test("events are found by their SDK", async () => {
  const shop = await givenShop(app)
  const zed = await givenMember(app, shop, { name: "zed" })
  const sdk = { name: "sentry.python.django", version: "2.0.0" }
  const { issueId: found } = await givenEvents(app, shop, [zeroDivision({ sdk })])
  await foldTags(app.sql, new AbortController().signal, () => {})
  const asZed = apiClient(app, await givenUserToken(app, zed))
  const search = async (path: string) => (await (await asZed.get(path)).json()) as object[]
  const list = `/organizations/${shop.slug}/issues/?query=`
  expect(await search(`${list}sdk.name:sentry.python.django`)).toMatchObject([{ id: found }])
  expect(await search(`${list}sdk.name:sentry.python.*`)).toHaveLength(1)
  expect(await search(`${list}sdk.name:sentry.php`)).toEqual([])
  const events = `/issues/${found}/events/?query=sdk.name:`
  expect(await search(`${events}sentry.python.django`)).toHaveLength(1)
  expect(await search(`${events}other`)).toEqual([])
})

test("tags, the environment and a window narrow the list", async () => {
  expect(await idsOf("?query=environment:test")).toEqual([ids[1] ?? ""])
  expect(await idsOf("?environment=test")).toEqual([ids[1] ?? ""])
  expect(await idsOf("?statsPeriod=1h")).toHaveLength(3)
  expect(await idsOf("?end=2020-01-01&start=2019-01-01")).toEqual([])
  const refused = await client.get(`/issues/${issueId}/events/?query=environment:*`)
  expect(refused.status).toBe(400)
  expect(((await refused.json()) as { detail: string }).detail).toContain("wildcards")
})

test("one event is found by place and by id, dashes or not, with its neighbours", async () => {
  const [oldest = "", middle = "", latest = ""] = ids
  const dashed = middle.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
  const cases: [which: string, id: string][] = [
    ["latest", latest],
    ["oldest", oldest],
    ["recommended", latest],
    [middle, middle],
    [dashed, middle],
    [middle.toUpperCase(), middle],
  ]
  for (const [which, id] of cases) {
    const response = await client.get(`/organizations/shop/issues/${issueId}/events/${which}/`)
    expect([which, ((await response.json()) as Event).eventID]).toEqual([which, id])
  }
  const event = (await (await client.get(`/issues/${issueId}/events/${middle}/`)).json()) as Event
  expect([event.previousEventID, event.nextEventID]).toEqual([oldest, latest])
})

test("an event that is not there is not found, whatever its name", async () => {
  for (const which of ["0".repeat(32), "nope", "latest'--"]) {
    expect(
      (await client.get(`/issues/${issueId}/events/${encodeURIComponent(which)}/`)).status,
    ).toBe(404)
  }
})

import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()

type Issue = { id: string; shortId: string; title: string; status: string; stats?: object }

let shop: GivenProject
let client: ApiClient
let resolvedId: string
let lastEventId: string
beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
  const names = ["one", "two", "three", "four", "five"]
  for (const name of names) {
    const event = { message: name, level: name === "five" ? "fatal" : "error", environment: "prod" }
    lastEventId = (await givenEvents(app, shop, [event])).eventId
  }
  resolvedId = (await givenEvents(app, shop, [{ message: "done", environment: "test" }])).issueId
  await app.sql`update issues set status = 1, substatus = null, last_seen = last_seen - interval '3 hours' where id = ${resolvedId}`
})

const LIST = "/organizations/shop/issues/"
async function titles(path: string): Promise<string[]> {
  const response = await client.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return ((await response.json()) as Issue[]).map(({ title }) => title)
}
async function refusal(path: string): Promise<string> {
  const response = await client.get(path)
  expect([path, response.status]).toEqual([path, 400])
  return ((await response.json()) as { detail: string }).detail
}

test("without a query the unresolved are meant, with an empty one all of them", async () => {
  expect(await titles(LIST)).toEqual(["five", "four", "three", "two", "one"])
  expect(await titles(`${LIST}?query=`)).toContain("done")
  expect(await titles(`${LIST}?query=is:resolved`)).toEqual(["done"])
})

test("the search, the order, the environment and the window narrow the list", async () => {
  expect(await titles(`${LIST}?query=level:fatal`)).toEqual(["five"])
  expect(await titles(`${LIST}?sort=new&query=`)).toEqual([
    "done",
    "five",
    "four",
    "three",
    "two",
    "one",
  ])
  expect(await titles(`${LIST}?query=&statsPeriod=1h`)).not.toContain("done")
  expect(await titles(`${LIST}?query=&statsPeriod=24h`)).toContain("done")
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString()
  expect(await titles(`${LIST}?query=&end=${hourAgo}`)).toEqual([])
  expect(await titles(`${LIST}?query=&start=${hourAgo.slice(0, 19)}`)).not.toContain("done")
})

test("mistakes are told in words", async () => {
  expect(await refusal(`${LIST}?query=level:`)).toStartWith("Error parsing search query: ")
  expect(await refusal(`${LIST}?query=(a`)).toStartWith("Error parsing search query: ")
  expect(await refusal(`${LIST}?sort=zzz`)).toContain("Invalid sort parameter: 'zzz'")
  expect(await refusal(`${LIST}?statsPeriod=9x`)).toBe("Invalid statsPeriod: '9x'")
  expect(await refusal(`${LIST}?start=yesterday`)).toContain("Invalid start")
  expect(await refusal(`${LIST}?start=2026-02-02&end=2026-01-01`)).toBe("start must be before end")
  expect(await refusal(`${LIST}?groupStatsPeriod=9d`)).toBe(
    "Invalid stats_period. Valid choices are '', '24h', '14d' and 'auto'",
  )
  expect(await refusal(`${LIST}?cursor=foo`)).toBe("Invalid cursor parameter.")
  expect(await refusal(`${LIST}?per_page=x`)).toBe("Invalid per_page parameter.")
  expect(await refusal(`${LIST}?per_page=101`)).toBe(
    "Invalid per_page value. Must be between 1 and 100.",
  )
  expect((await client.get(`${LIST}?limit=10000&cursor=`)).status).toBe(200)
})

test("series come with the name they were asked by", async () => {
  const statsOf = async (query: string) =>
    ((await (await client.get(`${LIST}${query}`)).json()) as Issue[])[0]?.stats as
      | Record<string, [number, number][]>
      | undefined
  expect((await statsOf(""))?.["24h"]).toHaveLength(24)
  expect((await statsOf("?groupStatsPeriod=14d"))?.["14d"]).toHaveLength(14)
  const fitted = await statsOf("?groupStatsPeriod=auto&statsPeriod=14d")
  expect(fitted?.auto?.length).toBeWithin(40, 61)
  expect(fitted?.auto?.reduce((sum, [, events]) => sum + events, 0)).toBe(1)
  expect(await statsOf("?groupStatsPeriod=")).toBeUndefined()
  expect(await statsOf("?collapse=stats")).toBeUndefined()
})

const LINK =
  /^<[^>,]+>; rel="previous"; results="(?:true|false)"; cursor="[^",]+", <[^>,]+>; rel="next"; results="(?:true|false)"; cursor="[^",]+"$/

test("following the Link header walks through all pages and back", async () => {
  const seen: string[] = []
  let path = `${LIST}?limit=2&query=is:unresolved`
  for (let pages = 0; pages < 5; pages++) {
    const response = await client.get(path)
    const link = response.headers.get("link") ?? ""
    expect(link).toMatch(LINK)
    expect(link).toContain("http://sentry.test:9000/api/0/organizations/shop/issues/?limit=2&")
    expect(response.headers.get("x-hits")).toBe("5")
    expect(response.headers.get("x-max-hits")).toBe("1000")
    seen.push(...((await response.json()) as Issue[]).map(({ title }) => title))
    const next = /<([^>]+)>; rel="next"; results="(\w+)"/.exec(link)
    if (next?.[2] !== "true") break
    path = (next[1] ?? "").replace("http://sentry.test:9000/api/0", "")
  }
  expect(seen).toEqual(["five", "four", "three", "two", "one"])
  const second = (await client.get(`${LIST}?limit=2&cursor=0:2:0`)).headers.get("link") ?? ""
  expect(second).toContain(`rel="previous"; results="true"; cursor="0:0:1"`)
  expect(await titles(`${LIST}?limit=2&cursor=0:0:1`)).toEqual(["five", "four"])
  expect(await titles(`${LIST}?limit=2&cursor=0:5000:0`)).toEqual([])
})

test("projects are named by id or slug; one that is not there is forbidden, as one that is not mine", async () => {
  const foreign = await givenShop(app, "elsewhere")
  expect(await titles(`${LIST}?project=${shop.projectId}`)).toHaveLength(5)
  expect(await titles(`${LIST}?project=shop&project=-1`)).toHaveLength(5)
  for (const name of [foreign.projectId, "elsewhere", "999999"]) {
    const response = await client.get(`${LIST}?project=${name}`)
    expect([name, response.status]).toEqual([name, 403])
  }
})

test("a project's own list names its graphs' window statsPeriod, and hides that other projects exist", async () => {
  expect(await titles("/projects/shop/shop/issues/?statsPeriod=24h")).toHaveLength(5)
  expect(await titles(`/projects/shop/${shop.projectId}/issues/?query=&statsPeriod=`)).toContain(
    "done",
  )
  expect(await refusal("/projects/shop/shop/issues/?statsPeriod=7d")).toContain(
    "Invalid stats_period",
  )
  expect((await client.get("/projects/shop/elsewhere/issues/")).status).toBe(404)
})

test("the id of an event, or a short id when asked, finds its one issue", async () => {
  const dashed = lastEventId.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
  for (const query of [lastEventId, dashed]) {
    const response = await client.get(`${LIST}?query=${query}`)
    expect(response.headers.get("x-sentry-direct-hit")).toBe("1")
    const [issue] = (await response.json()) as (Issue & { matchingEventId: string })[]
    expect([issue?.title, issue?.matchingEventId]).toEqual(["five", lastEventId])
  }
  const short = await client.get(`${LIST}?query=shop-1&shortIdLookup=1`)
  expect(short.headers.get("x-sentry-direct-hit")).toBe("1")
  expect(((await short.json()) as Issue[]).map(({ title }) => title)).toEqual(["one"])
  const unknown = await client.get(`${LIST}?query=${"0".repeat(32)}`)
  expect(unknown.headers.get("x-sentry-direct-hit")).toBeNull()
  expect(await unknown.json()).toEqual([])
})

test("an issue answers to its id, its short id in any case, and with or without its organization", async () => {
  for (const name of [resolvedId, "SHOP-6", "shop-6"]) {
    for (const path of [`/organizations/shop/issues/${name}/`, `/issues/${name}/`]) {
      const issue = (await (await client.get(path)).json()) as Issue
      expect([path, issue.id]).toEqual([path, resolvedId])
    }
  }
  expect((await client.get(`/organizations/${shop.organizationId}/issues/SHOP-6/`)).status).toBe(
    200,
  )
  expect((await client.get("/issues/99999999999999999999/")).status).toBe(404)
})

import { beforeAll, expect, test } from "bun:test"
import { utcDay } from "#platform/clock.ts"
import { type OutcomeCount, recordOutcomes } from "#stats/outcome-store.ts"
import { insertVerdicts } from "#stats/verdict-store.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"
import { givenDays } from "../../support/occurrences.ts"

const app = await testApp()
type Usage = {
  start: string
  end: string
  intervals: string[]
  groups: { by: object; totals: Record<string, number>; series: object }[]
}

const HOUR_MS = 3_600_000
const thisHour = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
const iso = (at: number) => new Date(at).toISOString().replace(".000Z", "Z")
let shop: GivenProject
let other: GivenProject
let api: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  other = await givenShop(app, "other")
  await givenDays(app.sql, [
    utcDay(new Date(thisHour - HOUR_MS)),
    utcDay(new Date(thisHour - 30 * HOUR_MS)),
  ])
  api = apiClient(app, await givenUserToken(app, await givenMember(app, shop, { name: "ann" })))
  const count = (given: Partial<OutcomeCount>): OutcomeCount => ({
    projectId: shop.projectId,
    keyId: "7",
    receivedAt: thisHour,
    category: "error",
    outcome: "accepted",
    reason: "",
    quantity: 1,
    ...given,
  })
  await recordOutcomes(app.sql, [
    count({ quantity: 5 }),
    count({ quantity: 2, receivedAt: thisHour - HOUR_MS }),
    count({ quantity: 3, outcome: "rate_limited", reason: "key_quota" }),
    count({ quantity: 4, outcome: "filtered", reason: "localhost" }),
    count({ quantity: 900, category: "attachment" }),
    count({ quantity: 8, outcome: "client_discard", reason: "before_send" }),
    count({ quantity: 77, projectId: other.projectId }),
    count({ quantity: 6, receivedAt: thisHour - 30 * HOUR_MS }),
  ])
})

async function ok<T>(path: string): Promise<T> {
  const response = await api.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return (await response.json()) as T
}
const refusal = async (path: string) => {
  const response = await api.get(path)
  return [response.status, ((await response.json()) as { detail: string }).detail]
}

test("stats_v2 groups and cuts into intervals as clients of Sentry expect, of one's own organization alone", async () => {
  const span = `start=${iso(thisHour - HOUR_MS)}&end=${iso(thisHour + HOUR_MS)}`
  const answer = await ok<Usage>(
    `/organizations/shop/stats_v2/?${span}&interval=1h&field=sum(quantity)&groupBy=outcome&groupBy=category`,
  )
  expect(answer.start).toBe(iso(thisHour - HOUR_MS))
  expect(answer.end).toBe(iso(thisHour + HOUR_MS))
  expect(answer.intervals).toEqual([iso(thisHour - HOUR_MS), iso(thisHour)])
  expect(answer.groups).toHaveLength(5)
  expect(answer.groups).toContainEqual({
    by: { outcome: "accepted", category: "error" },
    totals: { "sum(quantity)": 7 },
    series: { "sum(quantity)": [2, 5] },
  })
  expect(answer.groups).toContainEqual({
    by: { outcome: "accepted", category: "attachment" },
    totals: { "sum(quantity)": 900 },
    series: { "sum(quantity)": [0, 900] },
  })
})

test("stats_v2 filters by category, outcome, reason and project, and counts whole days", async () => {
  const sums = async (query: string) =>
    (
      await ok<Usage>(
        `/organizations/shop/stats_v2/?statsPeriod=2d&interval=1d&field=sum(quantity)&${query}`,
      )
    ).groups.map((group) => [group.by, group.totals["sum(quantity)"]])
  expect(await sums("groupBy=category&category=error&outcome=accepted")).toEqual([
    [{ category: "error" }, 13],
  ])
  expect(await sums("groupBy=reason&reason=localhost")).toEqual([[{ reason: "localhost" }, 4]])
  expect(await sums(`groupBy=project&outcome=rate_limited&project=${shop.projectId}`)).toEqual([
    [{ project: Number(shop.projectId) }, 3],
  ])
  expect(await sums("groupBy=outcome&project=-1&outcome=filtered")).toEqual([
    [{ outcome: "filtered" }, 4],
  ])
})

test("stats_v2 refuses what it cannot answer", async () => {
  const path = "/organizations/shop/stats_v2/"
  expect(await refusal(`${path}?groupBy=outcome`)).toEqual([
    400,
    'At least one "field" is required.',
  ])
  expect(await refusal(`${path}?field=sum(quantity)`)).toEqual([
    400,
    'At least one "groupBy" is required.',
  ])
  expect(await refusal(`${path}?field=avg(x)&groupBy=outcome`)).toEqual([
    400,
    'Invalid field: "avg(x)"',
  ])
  const asked = `${path}?field=sum(quantity)&groupBy=outcome`
  expect((await refusal(`${asked}&interval=5h`))[0]).toBe(400)
  expect((await refusal(`${asked}&interval=1m`))[0]).toBe(400)
  expect((await refusal(`${asked}&statsPeriod=never`))[0]).toBe(400)
  expect((await refusal(`${asked}&groupBy=cake`))[0]).toBe(400)
  expect(await refusal(`${asked}&project=${other.projectId}`)).toEqual([
    403,
    "You do not have permission to perform this action.",
  ])
})

test("a project's stats are pairs of seconds and numbers, of errors", async () => {
  const sums = async (query: string) => {
    const pairs = await ok<[number, number][]>(`/projects/shop/shop/stats/?${query}`)
    expect(pairs.every(([at]) => at % 3600 === 0)).toBe(true)
    return pairs.reduce((sum, [, n]) => sum + n, 0)
  }
  expect(await sums("")).toBe(14)
  expect(await sums("stat=rejected")).toBe(3)
  expect(await sums("stat=blacklisted&resolution=1d")).toBe(4)
  expect(
    await sums(`stat=generated&since=${(thisHour - HOUR_MS) / 1000}&until=${thisHour / 1000 - 1}`),
  ).toBe(2)
  const { length } = await ok<unknown[]>("/projects/shop/shop/stats/?resolution=10s")
  expect(length).toBe(25)
  expect(await refusal("/projects/shop/shop/stats/?stat=cake")).toEqual([400, "Invalid stat: cake"])
  expect(await refusal("/projects/shop/other/stats/")).toEqual([
    404,
    "The requested resource does not exist",
  ])
})

test("an event is found by its id whether it was stored or not", async () => {
  const { issueId, eventId } = await givenEvents(app, shop, [zeroDivision()])
  const [accepted] = await ok<object[]>(`/projects/shop/shop/verdicts/?eventId=${eventId}`)
  expect(accepted).toMatchObject({ eventId, outcome: "accepted", issueId })
  const lost = {
    projectId: shop.projectId,
    keyId: "0",
    receivedAt: Date.now(),
    category: "error",
    cause: "",
    client: "test/1",
  }
  await insertVerdicts(app.sql, [
    { ...lost, eventId: "c".repeat(32), outcome: "filtered", reason: "localhost" },
    {
      ...lost,
      projectId: other.projectId,
      eventId: "d".repeat(32),
      outcome: "invalid",
      reason: "invalid_json",
    },
  ])
  const dashed = "CCCCCCCC-cccc-cccc-cccc-cccccccccccc"
  expect(await ok(`/projects/shop/shop/verdicts/?eventId=${dashed}`)).toMatchObject([
    {
      eventId: "c".repeat(32),
      outcome: "filtered",
      reason: "localhost",
      description: "By the filter “Local development”",
      key: null,
      issueId: null,
    },
  ])
  expect(await ok(`/projects/shop/shop/verdicts/?eventId=${"d".repeat(32)}`)).toEqual([])
  expect(await ok("/projects/shop/shop/verdicts/")).toHaveLength(1)
  expect(await refusal("/projects/shop/shop/verdicts/?eventId=x")).toEqual([
    400,
    "Invalid event ID.",
  ])
})

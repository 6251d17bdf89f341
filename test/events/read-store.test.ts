import { beforeAll, expect, test } from "bun:test"
import {
  findEvent,
  findEventIssue,
  findLatestEvent,
  findNeighbours,
  findOldestEvent,
  type IssueEvents,
  listEvents,
} from "#events/read-store.ts"
import { recommendedEvent } from "#events/recommended.ts"
import { openEvent } from "#events/stored-event.ts"
import { readEventSearch } from "#issues/event-filter.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { listIssueHours, listTagShares } from "#issues/tags/shares-store.ts"
import { testApp } from "../support/app.ts"
import { type GivenProject, givenEvents, givenShop, zeroDivision } from "../support/issues.ts"

const app = await testApp()
const { sql } = app
const today = new Date().toISOString().slice(0, 10)
const ids: string[] = []
let project: GivenProject
let scope: IssueEvents

beforeAll(async () => {
  project = await givenShop(app)
  for (const color of ["red", "blue", "red"]) {
    const { issueId, eventId } = await givenEvents(app, project, [
      zeroDivision({ tags: { color } }),
    ])
    ids.push(eventId)
    scope = {
      projectId: project.projectId,
      issueId,
      firstReceivedDay: today,
      lastReceivedDay: today,
    }
  }
})

const filterOf = (query: string) => {
  const search = readEventSearch(query)
  if (!search.ok) throw new Error(search.message)
  return search.filter
}

test("latest and oldest are the last and first received", async () => {
  expect((await findLatestEvent(sql, scope))?.eventId).toBe(ids[2]!)
  expect((await findOldestEvent(sql, scope))?.eventId).toBe(ids[0]!)
})

test("from each event one walks to the older and the newer one", async () => {
  const middle = (await findEvent(sql, scope, ids[1]!))!
  expect(await findNeighbours(sql, scope, middle)).toEqual({ older: ids[0]!, newer: ids[2]! })
  const last = (await findEvent(sql, scope, ids[2]!))!
  expect(await findNeighbours(sql, scope, last)).toEqual({ older: ids[1]!, newer: null })
})

test("a search by tags narrows the walk and the list", async () => {
  const filter = filterOf("color:red")
  const last = (await findEvent(sql, scope, ids[2]!))!
  expect(await findNeighbours(sql, scope, last, filter)).toEqual({ older: ids[0]!, newer: null })
  expect(
    (await listEvents(sql, scope, { limit: 10, filter })).map(({ eventId }) => eventId),
  ).toEqual([ids[2]!, ids[0]!])
  expect(await listEvents(sql, scope, { limit: 10, filter: filterOf("color:green") })).toHaveLength(
    0,
  )
})

test("the list goes on below an event without repeating it", async () => {
  const [first] = await listEvents(sql, scope, { limit: 1 })
  const rest = await listEvents(sql, scope, { limit: 10, before: first! })
  expect(rest.map(({ eventId }) => eventId)).toEqual([ids[1]!, ids[0]!])
})

test("an event names its release and environment and opens as it was stored", async () => {
  const stored = openEvent((await findLatestEvent(sql, scope))!)
  expect([stored.release, stored.environment]).toEqual(["2.14.1", "production"])
  expect(stored.event.exception?.values[0]?.type).toBe("ZeroDivisionError")
  expect(recommendedEvent([stored])?.eventId).toBe(stored.eventId)
})

test("an event id alone leads to its issue, among the given projects only", async () => {
  const eventId = ids[0]!
  const found = await findEventIssue(sql, { projectIds: [project.projectId], eventId })
  expect(found).toEqual({ projectId: project.projectId, issueId: scope.issueId })
  expect(await findEventIssue(sql, { projectIds: ["0"], eventId })).toBeNull()
})

test("an event search that is not one exact tag value is refused, never widened", () => {
  for (const query of [
    "boom",
    "!color:red",
    "color:r*",
    "color:[red,blue]",
    "has:color",
    'color:""',
  ]) {
    expect([query, readEventSearch(query).ok]).toEqual([query, false])
  }
})

test("shares are counted after the fold, hours at once", async () => {
  await foldTags(sql, new AbortController().signal)
  const issue = { projectId: scope.projectId, id: scope.issueId }
  const [share] = await listTagShares(sql, issue, { keyLimit: 50, top: 5, keys: ["color"] })
  expect(share?.values.map(({ value, events }) => [value, events])).toEqual([
    ["red", "2"],
    ["blue", "1"],
  ])
  const hours = await listIssueHours(sql, issue, {
    from: new Date(Date.now() - 7_200_000),
    to: new Date(Date.now() + 3_600_000),
  })
  expect(hours.reduce((sum, { events }) => sum + events, 0)).toBe(3)
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import type { Occurrence } from "#issues/occurrences/occurrence.ts"
import { testDatabase } from "../../support/database.ts"
import {
  DAY,
  givenDays,
  givenProject,
  hashOf,
  NOON,
  occurrence,
  record,
} from "../../support/occurrences.ts"

const { sql } = await testDatabase()
let project: { organizationId: string; projectId: string }
const seen = (given: Partial<Occurrence> = {}) => occurrence(project, given)
const hashes = (...names: string[]) => names.map(hashOf)

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  project = await givenProject(sql)
})

const issues = () =>
  sql`select id, short_id, status, substatus, title, culprit, times_seen, users_seen, first_seen, last_seen, priority,
    level, metadata from issues where project_id = ${project.projectId} order by short_id`

test("a first event makes an issue, the next ones are counted on it", async () => {
  const first = await record(sql, [seen({ userHash: "1", occurredAt: NOON - 5000 })])
  expect(first.news).toMatchObject([{ trigger: "new", activityId: "" }])
  const second = await record(sql, [
    seen({ userHash: "1", occurredAt: NOON - 9000 }),
    seen({ userHash: "-2", occurredAt: NOON + 1000, title: "ValueError: still no", level: 50 }),
  ])
  expect(second.news).toEqual([])
  expect(second.places[0]).toEqual(first.places[0]!)
  expect(await issues()).toMatchObject([
    {
      id: first.places[0]!.issueId,
      shortId: "1",
      status: 0,
      substatus: "new",
      title: "ValueError: still no",
      level: 50,
      timesSeen: "3",
      usersSeen: 2,
      priority: 75,
      firstSeen: new Date(NOON - 9000),
      lastSeen: new Date(NOON + 1000),
    },
  ])
})

test("a late event moves the beginning back, and neither the end nor the first release", async () => {
  const releases = []
  for (const version of ["early", "late"]) {
    const [row] = await sql<{ id: string }[]>`
      insert into releases (organization_id, version) values (${project.organizationId}, ${version}) returning id`
    releases.push(row!.id)
  }
  const [first, second] = releases as [string, string]
  const sighting = (releaseId: string, occurredAt: number) =>
    record(sql, [occurrence(project, { hashes: [hashOf("late one")], releaseId, occurredAt })])
  const { places } = await sighting(first, NOON)
  await sighting(second, NOON - 86_400_000)
  const [row] = await sql`
    select first_seen, last_seen, first_release_id from issues where id = ${places[0]!.issueId}`
  expect(row).toMatchObject({
    firstSeen: new Date(NOON - 86_400_000),
    lastSeen: new Date(NOON),
    firstReleaseId: first,
  })
})

test("an issue is unhandled when its latest event is", async () => {
  const unhandled = async () => {
    const rows = await sql`
      select is_unhandled from issues where project_id = ${project.projectId} order by short_id`
    return rows.map((row) => row.isUnhandled)
  }
  await record(sql, [seen({ isUnhandled: true }), seen({ hashes: hashes("two") })])
  expect(await unhandled()).toEqual([true, false])
  await record(sql, [seen(), seen({ hashes: hashes("two"), isUnhandled: true })])
  expect(await unhandled()).toEqual([false, true])
})

test("a batch with several new issues numbers them in the order they came", async () => {
  const { places, news } = await record(sql, [
    seen({ hashes: hashes("z"), title: "Z" }),
    seen({ hashes: hashes("a"), title: "A" }),
    seen({ hashes: hashes("z"), title: "Z" }),
  ])
  expect((await issues()).map((i) => [i.shortId, i.title, i.timesSeen])).toEqual([
    ["1", "Z", "2"],
    ["2", "A", "1"],
  ])
  expect(places[0]).toEqual(places[2]!)
  expect(news.length).toBe(2)
})

test("an event joins through any hash and brings its other hashes along", async () => {
  const [a] = (await record(sql, [seen({ hashes: hashes("a1", "s1") })])).places
  const [b] = (await record(sql, [seen({ hashes: hashes("a2", "s1") })])).places
  const [c] = (await record(sql, [seen({ hashes: hashes("a2", "s9") })])).places
  expect([b!.issueId, c!.issueId]).toEqual([a!.issueId, a!.issueId])
})

test("the same rule holds within one batch", async () => {
  const { places } = await record(sql, [
    seen({ hashes: hashes("a1", "s1") }),
    seen({ hashes: hashes("a2", "s1") }),
    seen({ hashes: hashes("a2", "s9") }),
    seen({ hashes: hashes("other") }),
  ])
  expect(new Set(places.map((place) => place!.issueId)).size).toBe(2)
  expect((await issues()).map((issue) => issue.timesSeen)).toEqual(["3", "1"])
})

test("events of a discarded hash have no effect", async () => {
  await sql`insert into issue_hashes (project_id, hash, is_discarded)
    values (${project.projectId}, ${hashOf("gone")}, true)`
  const { places } = await record(sql, [seen({ hashes: hashes("gone", "s") }), seen()])
  expect(places.map((place) => place === null)).toEqual([true, false])
  expect((await issues()).length).toBe(1)
})

test("a hash whose issue is being deleted starts a new issue", async () => {
  const [old] = (await record(sql, [seen()])).places
  await sql`update issues set status = 3 where id = ${old!.issueId}`
  const [fresh] = (await record(sql, [seen()])).places
  expect(fresh!.issueId).not.toBe(old!.issueId)
  expect((await issues()).map((issue) => issue.shortId)).toEqual(["1", "2"])
})

test.each([
  ["behind", "update project_counters set last_short_id = 1"],
  ["gone", "delete from project_counters"],
])("a counter that is %s goes on from the greatest number", async (_, harm) => {
  for (const name of ["a", "b", "c"]) await record(sql, [seen({ hashes: hashes(name) })])
  await sql.unsafe(`${harm} where project_id = ${project.projectId}`)
  const both = [seen({ hashes: hashes("d") }), seen({ hashes: hashes("e") })]
  await record(sql, both)
  await record(sql, [seen({ hashes: hashes("f") })])
  const numbers = (await issues()).map((issue) => issue.shortId)
  expect(numbers).toEqual(["1", "2", "3", "4", "5", "6"])
})

test("a counter is never set back by the end of an issue", async () => {
  await record(sql, [seen({ hashes: hashes("a") })])
  await record(sql, [seen({ hashes: hashes("b") })])
  await sql`delete from issues where project_id = ${project.projectId} and short_id = 2`
  await record(sql, [seen({ hashes: hashes("c") })])
  expect((await issues()).map((issue) => issue.shortId)).toEqual(["1", "3"])
})

test("a title that says nothing does not replace one that does", async () => {
  await record(sql, [seen()])
  await record(sql, [seen({ title: "<unlabeled event>", culprit: "", metadata: {} })])
  expect((await issues())[0]).toMatchObject({ title: "ValueError: no", culprit: "shop in buy" })
})

test("events are counted by environment and UTC hour", async () => {
  await record(sql, [
    seen(),
    seen({ receivedAt: NOON + 3_599_999 }),
    seen({ receivedAt: NOON + 3_600_000 }),
    seen({ environmentId: "2" }),
  ])
  const rows = await sql`select environment_id, hour, events from issue_hours
    where project_id = ${project.projectId} order by 1, 2`
  expect(rows.map((r) => [r.environmentId, r.hour.toISOString().slice(11, 13), r.events])).toEqual([
    ["1", "12", 2],
    ["1", "13", 1],
    ["2", "12", 1],
  ])
})

test("users are counted exactly up to 10,000", async () => {
  await record(sql, [seen({ userHash: "1" })])
  await sql`update issues set users_seen = 9999 where project_id = ${project.projectId}`
  await record(sql, [seen({ userHash: "2" }), seen({ userHash: "3" })])
  expect((await issues())[0]?.usersSeen).toBe(10_000)
  await record(sql, [seen({ userHash: "4" })])
  expect((await issues())[0]?.usersSeen).toBe(10_000)
})

test("a resolved issue regresses once, with an activity; an archived one only counts", async () => {
  await record(sql, [seen(), seen({ hashes: hashes("archived") })])
  await sql`update issues set status = 1, substatus = null, resolved_at = now()
    where project_id = ${project.projectId} and short_id = 1`
  await sql`update issues set status = 2, substatus = 'archived_forever'
    where project_id = ${project.projectId} and short_id = 2`
  const cause = seen()
  const { news } = await record(sql, [cause, seen(), seen({ hashes: hashes("archived") })])
  expect(news).toMatchObject([{ trigger: "regression", eventId: cause.eventId }])
  const rows = await issues()
  expect(rows.map((i) => [i.status, i.substatus, i.timesSeen])).toEqual([
    [0, "regressed", "3"],
    [2, "archived_forever", "2"],
  ])
  const activity =
    await sql`select id, type, data from issue_activity where project_id = ${project.projectId}`
  expect(activity).toMatchObject([
    { id: news[0]!.activityId, type: "set_regression", data: { event_id: cause.eventId } },
  ])
})

test("a resolution in a release holds for older releases and for events without one", async () => {
  const release = async (version: string, day: number) => {
    const [row] = await sql<{ id: string }[]>`
      insert into releases (organization_id, version, created_at)
      values (${project.organizationId}, ${version}, ${`2026-11-0${day}`}) returning id`
    return row!.id
  }
  const [old, fixed, next] = [await release("a", 1), await release("b", 2), await release("c", 3)]
  await record(sql, [seen()])
  const resolveIn = (type: string) =>
    sql`update issues set status = 1, resolution_type = ${type}, resolved_release_id = ${fixed}
      where project_id = ${project.projectId}`
  const regresses = async (releaseId: string | null) =>
    (await record(sql, [seen({ releaseId })])).news.length === 1

  await resolveIn("in_release")
  expect([await regresses(null), await regresses(old), await regresses(fixed)]).toEqual([
    false,
    false,
    true,
  ])
  await resolveIn("in_next_release")
  expect([await regresses(fixed), await regresses(next)]).toEqual([false, true])
})

test("first and last day bound the days of an issue's events", async () => {
  await record(sql, [seen(), seen({ receivedDay: "2026-11-23", receivedAt: NOON - 86_400_000 })])
  const [row] = await sql`select first_received_day::text as first, last_received_day::text as last
    from issues where project_id = ${project.projectId}`
  expect(row).toEqual({ first: "2026-11-23", last: DAY })
})

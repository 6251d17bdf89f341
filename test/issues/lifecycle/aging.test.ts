import { beforeAll, beforeEach, expect, test } from "bun:test"
import { ageIssues } from "#maintenance/age-issues.ts"
import { testApp } from "../../support/app.ts"
import {
  appAt,
  archive,
  givenIssue,
  historyOf,
  sightings,
  stateOf,
} from "../../support/lifecycle.ts"
import { givenDays, givenProject, NOON, record } from "../../support/occurrences.ts"

const app = await testApp()
const HOUR = 3_600_000
const WEEK = 7 * 24 * HOUR
const signal = new AbortController().signal
let project: Awaited<ReturnType<typeof givenProject>>
beforeAll(() => givenDays(app.sql))
beforeEach(async () => {
  project = await givenProject(app.sql)
})

const ageAt = (ms: number) => ageIssues(appAt(app, ms), signal)
const setResolveAge = (hours: number) =>
  app.sql`update projects set settings = jsonb_build_object('resolveAgeHours', ${hours}::int) where id = ${project.projectId}`

test("what was new for a week is ongoing, and its history says so", async () => {
  const issue = await givenIssue(app, project, "new")
  await ageAt(NOON + WEEK - 1)
  expect((await stateOf(app, issue)).substatus).toBe("new")
  await ageAt(NOON + WEEK)
  expect((await stateOf(app, issue)).substatus).toBe("ongoing")
  expect(await historyOf(app, issue)).toEqual([
    { type: "auto_set_ongoing", data: { after_days: 7 } },
  ])
})

test("what came back is ongoing a week after it came, however old it is", async () => {
  const issue = await givenIssue(app, project, "back", { occurredAt: NOON - 2 * WEEK })
  await app.sql`update issues set substatus = 'regressed', active_at = ${new Date(NOON)} where id = ${issue.id}`
  await ageAt(NOON + WEEK - 1)
  expect((await stateOf(app, issue)).substatus).toBe("regressed")
  await ageAt(NOON + WEEK)
  expect((await stateOf(app, issue)).substatus).toBe("ongoing")
})

test("what a late event brings back is back since the event was received", async () => {
  const issue = await givenIssue(app, project, "late", { occurredAt: NOON - 3 * WEEK })
  await app.sql`update issues set status = 1, substatus = null where id = ${issue.id}`
  await record(app.sql, sightings(project, "late", 1, { occurredAt: NOON - 2 * WEEK }))
  await ageAt(NOON + WEEK - 1)
  expect((await stateOf(app, issue)).substatus).toBe("regressed")
})

test("what came back from the archive waits for review for a week, without an entry when that is over", async () => {
  const issue = await givenIssue(app, project, "returned", { occurredAt: NOON - 2 * WEEK })
  await archive(app, issue, { untilEvents: 1 })
  await record(app.sql, sightings(project, "returned", 1))
  expect((await stateOf(app, issue)).isReturned).toBe(true)
  await ageAt(NOON + WEEK)
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "ongoing", isReturned: false })
  expect((await historyOf(app, issue))[0]?.type).toBe("set_unresolved")
})

test("an issue without an event for as long as its project says is resolved by itself", async () => {
  await setResolveAge(2)
  const issue = await givenIssue(app, project, "quiet")
  const archived = await givenIssue(app, project, "archived")
  await archive(app, archived, "forever")
  await ageAt(NOON + 2 * HOUR - 1)
  expect((await stateOf(app, issue)).status).toBe(0)
  await ageAt(NOON + 2 * HOUR)
  expect(await stateOf(app, issue)).toMatchObject({ status: 1, substatus: null })
  expect((await stateOf(app, archived)).status).toBe(2)
  expect(await historyOf(app, issue)).toEqual([{ type: "set_resolved_by_age", data: { age: 2 } }])
  const { news } = await record(app.sql, sightings(project, "quiet", 1))
  expect(news).toMatchObject([{ trigger: "regression" }])
})

test("without the setting nothing is resolved by itself", async () => {
  const issue = await givenIssue(app, project, "kept")
  await ageAt(NOON + 52 * WEEK)
  expect((await stateOf(app, issue)).status).toBe(0)
})

test("several crons and a batch at once: one entry for each issue, and none lost", async () => {
  await setResolveAge(1)
  const issues = []
  for (let n = 0; n < 30; n++) issues.push(await givenIssue(app, project, `many ${n}`))
  const at = NOON + 2 * HOUR
  // Events of half of them arrive meanwhile: those are heard of, or back.
  const batches = issues
    .filter((_, n) => n % 2 === 0)
    .map((_, n) =>
      record(app.sql, sightings(project, `many ${2 * n}`, 1, { receivedAt: at, occurredAt: at })),
    )
  await Promise.all([...batches, ...Array.from({ length: 5 }, () => ageAt(at))])
  await ageAt(at)
  for (const [n, issue] of issues.entries()) {
    const types = (await historyOf(app, issue)).map(({ type }) => type)
    const { status } = await stateOf(app, issue)
    if (n % 2 === 1) expect([status, types]).toEqual([1, ["set_resolved_by_age"]])
    else expect([0, 2]).toContain(types.length)
    if (n % 2 === 0) expect(status).toBe(0)
  }
})

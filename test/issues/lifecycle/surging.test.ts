import { beforeAll, beforeEach, expect, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { activitySentence } from "#issues/activity/sentence.ts"
import { inboxReasonOf } from "#issues/status/inbox.ts"
import { measurePaces } from "#maintenance/measure-paces.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
import { connect } from "#platform/db.ts"
import { testApp } from "../../support/app.ts"
import { appAt, givenIssue, historyOf, sightings, stateOf } from "../../support/lifecycle.ts"
import { givenDays, givenProject, NOON, record } from "../../support/occurrences.ts"

const app = await testApp()
const HOUR = 3_600_000
const signal = new AbortController().signal
let project: Awaited<ReturnType<typeof givenProject>>
beforeAll(() => givenDays(app.sql))
beforeEach(async () => {
  project = await givenProject(app.sql)
})

const see = (name: string, count: number, at = NOON) =>
  record(app.sql, sightings(project, name, count, { receivedAt: at, occurredAt: at }))
const wakeAt = (ms: number) => wakeIssues(appAt(app, ms))
const measureAt = (ms: number) => measurePaces(appAt(app, ms), signal)
const ceiling = async () => {
  const [row] =
    await app.sql`select ceiling from project_paces where project_id = ${project.projectId}`
  return row?.ceiling
}

/** Hours of one old issue, with 1 to `most` events each, before NOON. */
async function givenHistory(most: number) {
  const old = await givenIssue(app, project, "old", { occurredAt: NOON - 80 * HOUR })
  await app.sql`delete from issue_hours where issue_id = ${old.id}`
  await app.sql`
    insert into issue_hours (project_id, issue_id, environment_id, hour, events)
    select ${project.projectId}, ${old.id} + n * 1000000, environment, ${new Date(NOON - HOUR)}, n
    from generate_series(1, ${most}) n, generate_series(1, 1) environment`
}

test("what nine of ten hours of a project's issues stay within is usual", async () => {
  await givenHistory(200)
  await measureAt(NOON)
  expect(await ceiling()).toBe(180)
})

test("a quiet project is used to ten an hour, one without a history to a hundred", async () => {
  await measureAt(NOON)
  expect(await ceiling()).toBe(100)
  await givenHistory(200)
  await measureAt(NOON + 23 * HOUR)
  expect(await ceiling()).toBe(100)
  await app.sql`update issue_hours set events = 1 where project_id = ${project.projectId}`
  await measureAt(NOON + 24 * HOUR)
  expect(await ceiling()).toBe(10)
})

test("a new issue with more events in an hour than its project is used to escalates", async () => {
  await app.sql`insert into project_paces values (${project.projectId}, ${new Date(NOON)}, 20)`
  const issue = await givenIssue(app, project, "surge", { events: 20, level: 30 })
  await wakeAt(NOON)
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "new", priority: 50 })
  await see("surge", 1)
  await app.sql`update issues set level = 30 where id = ${issue.id}`
  await wakeAt(NOON)
  const state = await stateOf(app, issue)
  expect(state).toMatchObject({ status: 0, substatus: "escalating", priority: 75 })
  expect(inboxReasonOf({ status: 0, substatus: "escalating", returnedAt: null })).toBe("escalating")
  const [entry] = await historyOf(app, issue)
  expect(entry).toEqual({ type: "set_escalating", data: { events: 21, forecast: 20 } })
  expect(activitySentence({ ...entry!, userName: null, userEmail: null })).toBe(
    "Escalating: 21 events in one hour, more than 20 are unusual here.",
  )
  const [task] = await app.sql`
    select data from pgboss.job where name = 'evaluate-alerts' and data->>'issueId' = ${issue.id}`
  expect(task?.data).toMatchObject({ trigger: "escalating" })

  await applyAction(app, { issues: [issue], actor: null, action: { kind: "review" } })
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "ongoing", priority: 50 })
  await see("surge", 100)
  await wakeAt(NOON)
  expect((await stateOf(app, issue)).substatus).toBe("ongoing")
})

test("what is a day old, not new any more, or spread over hours does not escalate", async () => {
  const old = await givenIssue(app, project, "day old", { occurredAt: NOON - 24 * HOUR })
  const reviewed = await givenIssue(app, project, "reviewed")
  const spread = await givenIssue(app, project, "spread", { events: 90 })
  await applyAction(app, { issues: [reviewed], actor: null, action: { kind: "review" } })
  for (const name of ["day old", "reviewed"]) await see(name, 150)
  await see("spread", 90, NOON + HOUR)
  await wakeAt(NOON + HOUR)
  await wakeAt(NOON)
  const states = [old, reviewed, spread].map(async (each) => (await stateOf(app, each)).substatus)
  expect(await Promise.all(states)).toEqual(["new", "ongoing", "new"])
})

test("batches and crons at once: one entry, one piece of news, exact counts", async () => {
  const names = Array.from({ length: 10 }, (_, n) => `young ${n}`)
  const issues = []
  for (const name of names) issues.push(await givenIssue(app, project, name, { events: 95 }))
  const pool = connect(app.config["database.url"], { max: 8 })
  const batches = Array.from({ length: 10 }, () =>
    record(
      pool,
      names.flatMap((name) => sightings(project, name, 1)),
    ),
  )
  await Promise.all([...batches, ...Array.from({ length: 5 }, () => wakeAt(NOON))])
  await wakeAt(NOON)
  for (const issue of issues) {
    expect((await stateOf(app, issue)).substatus).toBe("escalating")
    expect((await historyOf(app, issue)).map(({ type }) => type)).toEqual(["set_escalating"])
  }
  const [told] = await app.sql`
    select count(*)::int as n, (select sum(times_seen)::int from issues where project_id = ${project.projectId}) as seen
    from pgboss.job where name = 'evaluate-alerts' and data->>'projectId' = ${project.projectId}`
  expect(told).toMatchObject({ n: 10, seen: 10 * 105 })
  await pool.end()
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { findArchiveState } from "#issues/status/archive-state-store.ts"
import { ageIssues } from "#maintenance/age-issues.ts"
import { forecastIssues } from "#maintenance/forecast-issues.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
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
const signal = new AbortController().signal
let project: Awaited<ReturnType<typeof givenProject>>
beforeAll(() => givenDays(app.sql))
beforeEach(async () => {
  project = await givenProject(app.sql)
})

const see = (name: string, count: number, receivedAt = NOON) =>
  record(app.sql, sightings(project, name, count, { receivedAt }))
const forecastAt = (ms: number) => forecastIssues(appAt(app, ms), signal)
const wakeAt = (ms: number) => wakeIssues(appAt(app, ms))

/** Hours with 3, 7 and 2 events: 70 an hour are foreseen. */
async function givenArchived(name: string) {
  const issue = await givenIssue(app, project, name, { events: 3, receivedAt: NOON - 5 * HOUR })
  await see(name, 7, NOON - 4 * HOUR)
  await see(name, 2, NOON - 3 * HOUR)
  await archive(app, issue, "until_escalating")
  await forecastAt(NOON - HOUR)
  return issue
}

test("the event beyond the forecast within one hour brings an issue back as escalating", async () => {
  const issue = await givenArchived("burst")
  await see("burst", 70)
  await wakeAt(NOON)
  expect((await stateOf(app, issue)).status).toBe(2)
  expect(await findArchiveState(app.sql, issue, new Date(NOON))).toMatchObject({
    ceiling: 70,
    eventsThisHour: 70,
  })
  await see("burst", 1)
  await wakeAt(NOON)
  expect(await stateOf(app, issue)).toMatchObject({ status: 0, substatus: "escalating" })
  const [entry] = await historyOf(app, issue)
  expect(entry).toEqual({
    type: "set_escalating",
    data: { events: 71, forecast: 70, usual: 4 },
  })
  const [task] = await app.sql`
    select data from pgboss.job where name = 'evaluate-alerts' and data->>'issueId' = ${issue.id}`
  expect(task?.data).toMatchObject({ trigger: "escalating", eventId: "" })
})

test("events of different hours are not added up, and an hour is looked at once more when it is over", async () => {
  const issue = await givenArchived("slow")
  await see("slow", 60, NOON)
  await see("slow", 60, NOON + HOUR)
  await wakeAt(NOON + HOUR)
  expect((await stateOf(app, issue)).status).toBe(2)
  await see("slow", 11, NOON + 2 * HOUR - 1000)
  await wakeAt(NOON + 2 * HOUR + 20_000)
  expect((await stateOf(app, issue)).substatus).toBe("escalating")
})

test("other ways of archiving are compared with nothing, and need no forecast", async () => {
  const issue = await givenArchived("changed")
  await archive(app, issue, "forever")
  await see("changed", 500)
  await wakeAt(NOON)
  expect((await stateOf(app, issue)).status).toBe(2)
  await forecastAt(NOON)
  expect(await app.sql`select 1 from issue_forecasts where issue_id = ${issue.id}`).toHaveLength(0)
})

test("an issue that was silent for a week has a forecast as soon as it is heard of", async () => {
  const issue = await givenIssue(app, project, "silent", {
    receivedAt: NOON,
    receivedDay: "2026-11-10",
  })
  await app.sql`delete from issue_hours where issue_id = ${issue.id}`
  await archive(app, issue, "until_escalating")
  await forecastAt(NOON)
  expect(await app.sql`select 1 from issue_forecasts where issue_id = ${issue.id}`).toHaveLength(0)
  await see("silent", 4)
  await forecastAt(NOON)
  await see("silent", 37)
  await wakeAt(NOON)
  expect((await stateOf(app, issue)).substatus).toBe("escalating")
})

test("many crons at once escalate an issue once", async () => {
  const issue = await givenArchived("crons")
  await see("crons", 100)
  await Promise.all(Array.from({ length: 8 }, () => wakeAt(NOON)))
  const types = (await historyOf(app, issue)).map(({ type }) => type)
  expect(types).toEqual(["set_escalating", "set_ignored"])
  const tasks = await app.sql`
    select 1 from pgboss.job where name = 'evaluate-alerts' and data->>'issueId' = ${issue.id}`
  expect(tasks).toHaveLength(1)
})

test("escalating is of high priority, and what calms down has its level's again", async () => {
  const issue = await givenArchived("calm")
  await app.sql`update issues set level = 30, priority = 50 where id = ${issue.id}`
  await see("calm", 71)
  await app.sql`update issues set level = 30 where id = ${issue.id}`
  await wakeAt(NOON)
  expect((await stateOf(app, issue)).priority).toBe(75)
  await applyAction(app, { issues: [issue], actor: null, action: { kind: "review" } })
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "ongoing", priority: 50 })
})

test("a priority that somebody set stays, whatever is computed", async () => {
  const issue = await givenArchived("locked")
  await applyAction(app, {
    issues: [issue],
    actor: null,
    action: { kind: "priority", priority: "low" },
  })
  await see("locked", 71)
  await wakeAt(NOON)
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "escalating", priority: 25 })
  await ageIssues(appAt(app, NOON + 8 * 24 * HOUR), signal)
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "ongoing", priority: 25 })
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import { findArchiveState } from "#issues/status/archive-state-store.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
import { connect } from "#platform/db.ts"
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
const MINUTE = 60_000
const DAY_MS = 86_400_000
let project: Awaited<ReturnType<typeof givenProject>>
beforeAll(() => givenDays(app.sql))
beforeEach(async () => {
  project = await givenProject(app.sql)
})

const see = (name: string, count: number, given = {}) =>
  record(app.sql, sightings(project, name, count, given))
const wakeAt = (ms: number) => wakeIssues(appAt(app, ms))

test("an archived issue comes back with the event that brings it to its number, and not before", async () => {
  const issue = await givenIssue(app, project, "counted", { events: 100 })
  await archive(app, issue, { untilEvents: 10 })
  expect((await see("counted", 9)).news).toEqual([])
  expect((await stateOf(app, issue)).status).toBe(2)
  const { news } = await see("counted", 1)
  expect(news).toMatchObject([{ issueId: issue.id, trigger: "reappeared" }])
  expect(news[0]?.eventId).toMatch(/^[0-9a-f]{32}$/)
  expect(await stateOf(app, issue)).toMatchObject({ status: 0, substatus: "new", isReturned: true })
  const [entry] = await historyOf(app, issue)
  expect(entry).toMatchObject({
    type: "set_unresolved",
    data: { met: "events", rule: { untilEvents: 10, eventsThen: 100 } },
  })
})

test("an archived issue comes back with the user who brings it to its number", async () => {
  const issue = await givenIssue(app, project, "users", { events: 7 })
  await archive(app, issue, { untilUsers: 5 })
  await see("users", 40, { userHash: "1" })
  await see("users", 3)
  expect((await stateOf(app, issue)).status).toBe(2)
  await see("users", 1)
  expect((await stateOf(app, issue)).status).toBe(0)
})

test("at its time an archived issue comes back, and not a millisecond before", async () => {
  const issue = await givenIssue(app, project, "timed")
  await archive(app, issue, { until: new Date(NOON + MINUTE).toISOString() })
  await wakeAt(NOON + MINUTE - 1)
  expect((await stateOf(app, issue)).status).toBe(2)
  await wakeAt(NOON + MINUTE)
  expect((await stateOf(app, issue)).status).toBe(0)
})

test("what is older than a week comes back as ongoing, and waits for review all the same", async () => {
  const issue = await givenIssue(app, project, "old", { occurredAt: NOON - 8 * DAY_MS })
  await archive(app, issue, { untilEvents: 1 })
  await see("old", 1)
  expect(await stateOf(app, issue)).toMatchObject({ substatus: "ongoing", isReturned: true })
})

test("archived for good, it stays so whatever comes", async () => {
  const issue = await givenIssue(app, project, "forever")
  await archive(app, issue, "forever")
  await see("forever", 50)
  await wakeAt(NOON + 365 * DAY_MS)
  expect(await stateOf(app, issue)).toMatchObject({ status: 2, substatus: "archived_forever" })
})

/** Rows of `events`, which a window counts. */
async function store(issue: { id: string }, ages: number[], user?: string) {
  for (const age of ages) {
    const at = new Date(NOON + 30 * MINUTE - age * MINUTE)
    await app.sql`
      insert into events (project_id, event_id, received_day, received_at, occurred_at, issue_id, hash_id, type, level,
        platform, environment_id, title, terms, payload, user_hash)
      values (${project.projectId}, gen_random_uuid(), ${at.toISOString().slice(0, 10)}, ${at}, ${at}, ${issue.id}, 1, 'error', 40,
        'python', 1, 'x', '{}', '', ${user ?? Math.floor(Math.random() * 1e12)})`
  }
}

test("with a window only what came within it counts", async () => {
  const issue = await givenIssue(app, project, "window")
  await archive(app, issue, { untilEvents: 10, windowMinutes: 5 }, NOON - 600 * MINUTE)
  await see("window", 20)
  await store(issue, [...Array(11).fill(8), ...Array(9).fill(4)])
  await wakeAt(NOON + 30 * MINUTE)
  expect((await stateOf(app, issue)).status).toBe(2)
  const state = await findArchiveState(app.sql, issue, new Date(NOON + 30 * MINUTE))
  expect(state?.events).toBe(9)
  await store(issue, [1])
  await wakeAt(NOON + 30 * MINUTE)
  expect((await stateOf(app, issue)).status).toBe(0)
})

test("as many events as are waited for within a window count also when no look saw them all in it", async () => {
  const rule = { untilEvents: 10, windowMinutes: 1 }
  const spread = await givenIssue(app, project, "spread")
  const burst = await givenIssue(app, project, "burst")
  for (const [name, issue] of [
    ["spread", spread],
    ["burst", burst],
  ] as const) {
    await archive(app, issue, rule, NOON - 600 * MINUTE)
    await see(name, 20)
  }
  await store(burst, [...Array(6).fill(1.4), ...Array(4).fill(0.6)])
  await store(spread, [...Array(6).fill(1.7), ...Array(4).fill(0.6)])
  await wakeAt(NOON + 30 * MINUTE)
  expect((await stateOf(app, spread)).status).toBe(2)
  expect((await stateOf(app, burst)).status).toBe(0)
})

test("with a window for users one user counts once", async () => {
  const issue = await givenIssue(app, project, "window of users")
  await archive(app, issue, { untilUsers: 3, userWindowMinutes: 60 }, NOON - 600 * MINUTE)
  await see("window of users", 20)
  await store(issue, [1, 2, 3, 4], "7")
  await store(issue, [1])
  await wakeAt(NOON + 30 * MINUTE)
  expect((await stateOf(app, issue)).status).toBe(2)
  await store(issue, [2])
  await wakeAt(NOON + 30 * MINUTE)
  expect((await stateOf(app, issue)).status).toBe(0)
})

test("batches of two workers and two crons bring an issue back once, with one entry and one piece of news", async () => {
  const names = Array.from({ length: 20 }, (_, n) => `crowd ${n}`)
  const issues = []
  for (const name of names) {
    const issue = await givenIssue(app, project, name)
    await archive(app, issue, { untilEvents: 5 })
    issues.push(issue)
  }
  const pools = [1, 2].map(() => connect(app.config["database.url"], { max: 8 }))
  const batches = Array.from({ length: 20 }, (_, n) =>
    record(
      pools[n % 2]!,
      names.flatMap((name) => sightings(project, name, 1)),
    ),
  )
  const crons = Array.from({ length: 6 }, () => wakeAt(NOON + MINUTE))
  const saved = await Promise.all(batches)
  await Promise.all(crons)
  await wakeAt(NOON + 2 * MINUTE)
  for (const issue of issues) {
    expect((await stateOf(app, issue)).status).toBe(0)
    const history = await historyOf(app, issue)
    expect(history.map(({ type }) => type)).toEqual(["set_unresolved", "set_ignored"])
  }
  const [queued] = await app.sql<{ n: number }[]>`
    select count(*)::int as n from pgboss.job
    where name = 'evaluate-alerts' and data->>'projectId' = ${project.projectId}`
  const news = saved.flatMap((each) => each.news)
  expect(news.length + queued!.n).toBe(20)
  for (const pool of pools) await pool.end()
})

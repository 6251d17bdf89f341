import { beforeAll, expect, test } from "bun:test"
import { processBatch } from "#pipeline/process-batch.ts"
import { connect } from "#platform/db.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { testDatabase } from "../support/database.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { givenDays, givenProject, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const never = new AbortController().signal
beforeAll(() => givenDays(sql))

const whole = (below: number) => Math.floor(Math.random() * below)
const pick = <T>(values: T[]): T => values[whole(values.length)]!

/** Messages over few issues, users, releases and environments, some of them the same event sent twice. */
function traffic(projects: { projectId: string; organizationId: string }[], count: number) {
  const records: QueueRecord[] = []
  for (let n = 0; n < count; n++) {
    const project = pick(projects)
    const event = {
      exception: { values: [{ type: pick(["A", "B", "C", "D"]), value: "boom" }] },
      user: { id: `${whole(8)}` },
      release: `shop@${whole(3)}`,
      environment: pick(["production", "staging"]),
    }
    const eventId = crypto.randomUUID().replaceAll("-", "")
    records.push(recordOf(messageOf(project, event, { eventId })))
    if (whole(10) === 0) records.push(recordOf(messageOf(project, event, { eventId })))
  }
  return records
}

/** Each record is delivered once or twice, in batches of any size, to several workers at once. */
async function deliver(records: QueueRecord[], during: () => Promise<unknown>) {
  const deliveries = [...records, ...records.filter(() => whole(4) === 0)].sort(() => whole(3) - 1)
  const batches: QueueRecord[][] = []
  while (deliveries.length > 0) batches.push(deliveries.splice(0, 1 + whole(15)))
  let isOver = false
  const disturbance = (async () => {
    while (!isOver) await during()
  })()
  const worker = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      await processBatch(line, batchOf(batch), never)
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  isOver = true
  await disturbance
}

async function expectExact(records: QueueRecord[], projectIds: string[]) {
  const rows = (
    await Promise.all(
      projectIds.map((projectId) =>
        sumOutcomes(sql, { projectId, from: new Date(0), to: new Date(NOON * 2) }),
      ),
    )
  ).flat()
  const sum = (outcome?: string) =>
    rows.reduce((n, row) => n + (!outcome || row.outcome === outcome ? row.quantity : 0), 0)
  expect(sum()).toBe(records.length)
  const [counts] = await sql`
    select count(*)::int as events,
      (select sum(times_seen)::int from issues where project_id = any(${projectIds}::bigint[])) as seen,
      (select sum(events)::int from issue_hours where project_id = any(${projectIds}::bigint[])) as hours,
      (select count(*)::int from issues where project_id = any(${projectIds}::bigint[])) as issues,
      (select sum(users_seen)::int from issues where project_id = any(${projectIds}::bigint[])) as users,
      (select count(*)::int from issue_users where project_id = any(${projectIds}::bigint[])) as user_rows,
      (select count(*)::int from pgboss.job where name = 'evaluate-alerts' and data->>'projectId' = any(${projectIds})) as tasks
    from events where project_id = any(${projectIds}::bigint[])`
  const events = sum("accepted")
  expect(counts).toMatchObject({ events, seen: events, hours: events, users: counts!.userRows })
  expect(counts!.tasks).toBe(counts!.issues)
}

test("whatever is delivered twice, to whomever, every item ends once and every number agrees", async () => {
  const projects = await Promise.all([givenProject(sql), givenProject(sql)])
  const records = traffic(projects, 300)
  await deliver(records, () => Bun.sleep(20))
  await expectExact(
    records,
    projects.map((project) => project.projectId),
  )
}, 30_000)

test("also while PostgreSQL's backends are killed in the middle of it", async () => {
  const projects = await Promise.all([givenProject(sql), givenProject(sql)])
  const records = traffic(projects, 300)
  const killer = connect(url, { max: 1 })
  let kills = 0
  await deliver(records, async () => {
    await Bun.sleep(50)
    // A bounded number, so that a slow machine gets through as well.
    if (kills >= 15) return
    const killed = await killer`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'sentry-lite'
        and state = 'active' and backend_xid is not null limit 1`
    kills += killed.length
  })
  await killer.end()
  expect(kills).toBeGreaterThan(0)
  await expectExact(
    records,
    projects.map((project) => project.projectId),
  )
}, 60_000)

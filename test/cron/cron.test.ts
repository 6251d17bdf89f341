import { beforeAll, expect, test } from "bun:test"
import { leadInTurn } from "#cron/leader-lock.ts"
import { scheduleOf } from "#cron/schedule.ts"
import { startCron } from "#cron/start-cron.ts"
import { insertTagDeltas } from "#issues/tags/fold-store.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { connect } from "#platform/db.ts"
import { addDays, listPartitions } from "#platform/partitions.ts"
import { testApp } from "../support/app.ts"
import {
  givenDays,
  givenProject,
  hashOf,
  NOON,
  occurrence,
  record,
} from "../support/occurrences.ts"

const app = await testApp({ "cleanup.schedule": "", "database.partitions-ahead": 3 })
const project = await givenProject(app.sql)
beforeAll(() => givenDays(app.sql))
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await Bun.sleep(10)
}

test("a cron process makes the days ahead and folds the tags", async () => {
  const { places } = await record(app.sql, [occurrence(project)])
  const issueId = places[0]!.issueId
  const tagged = { ...project, issueId, occurredAt: NOON, tags: [["os", "Linux"] as const] }
  await app.sql.begin((tx) => insertTagDeltas(tx, [tagged]))
  const cron = await startCron(app)
  const lastDay = addDays(utcDay(new Date()), 3)
  await until(async () =>
    (await listPartitions(app.sql, [partitionedTables.events])).some(({ day }) => day === lastDay),
  )
  await until(async () => (await app.sql`select 1 from issue_tag_values`).length === 1)
  await cron.stop({ withinMs: 5000 })
}, 60_000)

test("one of several leads; when its connection is lost its work is told to stop and another takes over", async () => {
  const pools = [1, 2].map(() =>
    connect(app.config["database.url"], { max: 2, applicationName: "leader-test" }),
  )
  const stopping = new AbortController()
  const leading: number[] = []
  const led: number[] = []
  let mostAtOnce = 0
  const run = (who: number) =>
    leadInTurn({ sql: pools[who]!, log: app.log }, stopping.signal, async (signal) => {
      leading.push(who)
      led.push(who)
      mostAtOnce = Math.max(mostAtOnce, leading.length)
      await new Promise((resolve) => signal.addEventListener("abort", resolve))
      leading.splice(leading.indexOf(who), 1)
    })
  const running = [run(0), run(1)]
  await until(() => leading.length === 1)
  await app.sql`
    select pg_terminate_backend(pid) from pg_locks
    where locktype = 'advisory' and objid = 7300010 and database = (select oid from pg_database where datname = current_database())`
  // The other may be there within the same moment: that nobody leads is not to be seen then.
  await until(() => led.length === 2 && leading.length === 1)
  expect(mostAtOnce).toBe(1)
  stopping.abort()
  await Promise.all(running)
  await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
}, 60_000)

test("a leader whose work fails lets go of the lock and tries again", async () => {
  const pool = connect(app.config["database.url"], { max: 3, applicationName: "leader-test" })
  const stopping = new AbortController()
  let tries = 0
  const running = leadInTurn({ sql: pool, log: app.log }, stopping.signal, async (signal) => {
    if (++tries === 1) throw new Error("no such time")
    await new Promise((resolve) => signal.addEventListener("abort", resolve))
  })
  await until(() => tries === 1)
  const locks = () =>
    app.sql`select 1 from pg_locks where locktype = 'advisory' and objid = 7300010
      and database = (select oid from pg_database where datname = current_database())`
  await until(async () => (await locks()).length === 0)
  await until(() => tries === 2)
  expect((await locks()).length).toBe(1)
  stopping.abort()
  await running
  expect((await locks()).length).toBe(0)
  await pool.end({ timeout: 1 })
}, 60_000)

test("every chore has a name of its own and a time, or none on purpose", () => {
  const chores = scheduleOf(app.config)
  expect(new Set(chores.map((chore) => chore.name)).size).toBe(chores.length)
  expect(chores.filter((chore) => chore.when === "").map((chore) => chore.name)).toEqual([
    "cleanup",
  ])
})

test("archived issues come back when one of their conditions is met, with an activity", async () => {
  const archived = async (name: string, rule: object, times: number) => {
    const seen = () =>
      occurrence(project, {
        hashes: [hashOf(name)],
        title: name,
        userHash: `${Math.floor(Math.random() * 1e9)}`,
      })
    await record(app.sql, [seen()])
    await app.sql`update issues set status = 2, substatus = 'archived_until_condition_met',
      archive_rule = ${app.sql.json({ ...rule, eventsThen: 1, usersThen: 1 })} where title = ${name}`
    if (times > 0) await record(app.sql, Array.from({ length: times }, seen))
  }
  const at = (ms: number) => new Date(NOON + ms)
  await archived("until now", { until: at(0).toISOString() }, 0)
  await archived("until later", { until: at(1).toISOString() }, 0)
  await archived("events enough", { untilEvents: 3 }, 3)
  await archived("events too few", { untilEvents: 3 }, 2)
  await archived("users enough", { untilUsers: 2 }, 2)
  await archived("for ever", {}, 9)
  await wakeIssues({ ...app, clock: { now: () => at(0) } })
  const woken = await app.sql`select i.title, i.substatus, a.type from issues i
    join issue_activity a on a.project_id = i.project_id and a.issue_id = i.id where i.status = 0 order by title`
  expect(woken.map((row) => [row.title, row.substatus, row.type])).toEqual(
    ["events enough", "until now", "users enough"].map((title) => [title, "new", "set_unresolved"]),
  )
})

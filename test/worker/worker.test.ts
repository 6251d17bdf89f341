import { afterAll, beforeAll, expect, test } from "bun:test"
import { spoolDirectory } from "#app.ts"
import { encodeMessage } from "#messages.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { openSpool, type Spool } from "#platform/spool/writer.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { listProcesses } from "#stats/process-store.ts"
import { startWorker } from "#worker/start-worker.ts"
import { testApp } from "../support/app.ts"
import { messageOf } from "../support/line.ts"
import { givenDays, givenProject, NOON } from "../support/occurrences.ts"

const app = await testApp({ "worker.batch-size": 50 })
const project = await givenProject(app.sql)
let spool: Spool

beforeAll(async () => {
  await givenDays(app.sql)
  spool = await openSpool({
    directory: spoolDirectory(app.config),
    segmentBytes: 256 * 1024,
    maxBytes: 1e9,
    minFreeBytes: 0,
  })
})
afterAll(() => spool.stop())

/** What web does: on stable storage, then answered. */
async function accept(count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, n) => {
      const message = messageOf(project, { message: `problem ${n % 9}`, user: { id: `${n % 30}` } })
      return spool.append(encodeRecord(message.id, encodeMessage(message)))
    }),
  )
}
const stored = async () =>
  (await app.sql<{ n: number }[]>`select count(*)::int as n from events`)[0]?.n
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds())) await Bun.sleep(10)
}

test("events from the spool are stored once, with a worker stopped in the middle and another going on", async () => {
  await accept(300)
  const first = await startWorker(app)
  await until(async () => ((await stored()) ?? 0) > 0)
  await first.stop({ withinMs: 5000 })
  await accept(300)
  const second = await startWorker(app)
  await until(async () => (await stored()) === 600)
  expect((await listProcesses(app.sql, 60)).map((each) => each.role)).toEqual(["worker"])
  await second.stop({ withinMs: 5000 })

  expect(await stored()).toBe(600)
  expect(await listProcesses(app.sql, 60)).toEqual([])
  const [sums] = await app.sql`
    select sum(times_seen)::int as seen, count(*)::int as issues, max(users_seen) as users,
      (select sum(events)::int from issue_hours) as hours from issues`
  expect(sums).toEqual({ seen: 600, issues: 1, users: 30, hours: 600 })
})

test("what was received is what came out", async () => {
  const range = { from: new Date(0), to: new Date(NOON * 2) }
  const total = (await sumOutcomes(app.sql, range)).reduce((sum, row) => sum + row.quantity, 0)
  expect(total).toBe(600)
})

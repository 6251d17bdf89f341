import { expect, test } from "bun:test"
import { partitionedTables } from "#migrations.ts"
import type { Sql } from "#platform/db.ts"
import { createPartitions } from "#platform/partitions.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { recordStrangers } from "#stats/stranger-store.ts"
import { insertVerdicts } from "#stats/verdict-store.ts"
import { testDatabase } from "../support/database.ts"
import { AUTH, givenDoor, givenProjects } from "../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
await createPartitions(sql, Object.values(partitionedTables), ["2026-11-24"])
const clock = { now: () => new Date("2026-11-24T12:00:45Z") }
const FLOOD = 20_000
const IN_FLIGHT = 100

/** The same database, counting what is said to it. */
function counting(of: Sql) {
  let statements = 0
  const counted = new Proxy(of, {
    apply(target, self, words) {
      statements++
      return Reflect.apply(target as never, self, words)
    },
  })
  return { counted, statements: () => statements }
}

async function flood(send: (n: number) => Promise<{ status: number }>): Promise<Set<number>> {
  const statuses = new Set<number>()
  let next = 0
  const client = async () => {
    while (next < FLOOD) statuses.add((await send(next++)).status)
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, client))
  return statuses
}

/** Rows that a flood leaves behind, and the statements that write them. */
async function costOf(
  send: (door: Awaited<ReturnType<typeof givenDoor>>, n: number) => Promise<{ status: number }>,
) {
  await sql`truncate verdicts, strangers, outcome_hours`
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 1 } })
  const statuses = await flood((n) => send(door, n))
  const { counted, statements } = counting(sql)
  await door.door.counts.flush((counts) => recordOutcomes(counted, counts))
  await door.door.verdicts.flush((verdicts) => insertVerdicts(counted, verdicts))
  await door.door.strangers.flush((strangers) => recordStrangers(counted, strangers))
  await door.close()
  const [rows] = await sql<
    { outcomes: number; verdicts: number; strangers: number; counted: number }[]
  >`
    select (select count(*)::int from outcome_hours) as outcomes,
      (select coalesce(sum(quantity), 0)::int from outcome_hours) as counted,
      (select count(*)::int from verdicts) as verdicts,
      (select count(*)::int from strangers) as strangers`
  return { statuses: [...statuses], statements: statements(), ...rows }
}

test("20,000 invented keys leave one statement and a page of strangers", async () => {
  const cost = await costOf((door, n) => {
    const key = n.toString(16).padStart(32, "0")
    return door.send(`/api/1/store/?sentry_key=${key}`, { body: '{"message":"x"}' })
  })
  expect(cost).toMatchObject({ statuses: [403], statements: 1, outcomes: 0, verdicts: 0 })
  expect(cost.strangers).toBeWithin(1, 52)
})

test("20,000 bad bodies are counted to the last, in two statements and a page of verdicts", async () => {
  const cost = await costOf((door) => door.send("/api/1/store/", { headers: AUTH, body: "{bad" }))
  expect(cost.counted).toBe(FLOOD)
  expect(cost.statements).toBe(2)
  expect(cost.outcomes).toBeWithin(1, 5)
  expect(cost.verdicts).toBeWithin(1, 101)
  expect(cost.strangers).toBe(0)
})

test("the same of 20,000 events over a limit, each with an id of its own", async () => {
  const cost = await costOf((door) =>
    door.send("/api/1/envelope/", {
      headers: AUTH,
      body: `{"event_id":"${crypto.randomUUID()}"}\n{"type":"event"}\n{"message":"x"}`,
    }),
  )
  expect(cost.statuses.sort()).toEqual([200, 429])
  expect(cost).toMatchObject({ counted: FLOOD - 1, statements: 2, outcomes: 1, verdicts: 50 })
})

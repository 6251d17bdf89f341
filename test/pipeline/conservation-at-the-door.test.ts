import { beforeAll, expect, test } from "bun:test"
import type { Config } from "#config.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { insertVerdicts, listVerdicts } from "#stats/verdict-store.ts"
import { testDatabase } from "../support/database.ts"
import { AUTH, givenDoor, givenProjects } from "../support/door.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { givenDays, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const clock = { now: () => new Date(NOON) }
beforeAll(async () => {
  await givenDays(sql)
  await givenProjects(sql)
})

const idOf = (n: number) => n.toString(16).padStart(32, "0")
const envelope = (header: object, ...items: string[]) =>
  [JSON.stringify(header), ...items].join("\n")
const EVENT = '{"type":"event"}\n{"message":"x"}'
const SESSION = '{"type":"session"}\n{}'
const FILE = '{"type":"attachment","length":10}\n0123456789'

/** Each posted thing with the items it holds, by category; bytes are told apart from pieces. */
const POSTS: {
  name: string
  body: string
  path?: string
  headers?: object
  items: Record<string, number>
}[] = [
  { name: "event", body: envelope({ event_id: idOf(1) }, EVENT), items: { error: 1 } },
  {
    name: "event with company",
    body: envelope({ event_id: idOf(2) }, EVENT, FILE, SESSION),
    items: { error: 1, attachment: 10, attachment_item: 1, session: 1 },
  },
  { name: "the same again", body: envelope({ event_id: idOf(1) }, EVENT), items: { error: 1 } },
  { name: "two events", body: envelope({ event_id: idOf(3) }, EVENT, EVENT), items: { error: 2 } },
  {
    name: "transaction",
    body: envelope({ event_id: idOf(4) }, '{"type":"transaction"}\n{}'),
    items: { transaction: 1 },
  },
  { name: "unknown", body: envelope({}, '{"type":"wat"}\n{}'), items: { unknown: 1 } },
  {
    name: "empty feedback",
    body: envelope({ event_id: idOf(5) }, '{"type":"feedback"}\n{}'),
    items: { feedback: 1 },
  },
  {
    name: "logs",
    body: envelope({}, '{"type":"log","item_count":2}\n{"items":[{},{}]}'),
    items: { log_item: 2, log_byte: 17 },
  },
  { name: "no JSON", path: "/api/1/store/", body: "{bad", items: { error: 1 } },
  { name: "nothing", path: "/api/1/store/", body: "", items: { error: 1 } },
  {
    name: "not allowed",
    headers: { Origin: "https://evil.example" },
    body: envelope({ event_id: idOf(6) }, EVENT),
    items: { error: 1 },
  },
]

async function postAll(config: Partial<Config>) {
  await sql`truncate outcome_hours, verdicts, consumed, events`
  await sql`update projects set settings = '{"allowedDomains":["*.acme.example"]}' where id = 1`
  const door = await givenDoor(sql, { clock, config })
  for (const { path = "/api/1/envelope/", body, headers = {} } of POSTS) {
    await door.send(path, { headers: { ...AUTH, ...headers }, body })
  }
  await door.close()
  const records = door.messages.map((message) => recordOf(message))
  await processBatch(line, batchOf(records), new AbortController().signal)
  await line.verdicts.flush((verdicts) => insertVerdicts(sql, verdicts))
  return sumOutcomes(sql, { projectId: "1", from: new Date(0), to: new Date(NOON * 2) })
}

function sent(): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { items } of POSTS) {
    for (const [category, quantity] of Object.entries(items)) {
      totals[category] = (totals[category] ?? 0) + quantity
    }
  }
  return totals
}

function ended(rows: Awaited<ReturnType<typeof sumOutcomes>>): Record<string, number> {
  const totals: Record<string, number> = {}
  for (const { category, quantity } of rows) totals[category] = (totals[category] ?? 0) + quantity
  return totals
}

const limitsOf = (count: number): Partial<Config> => ({
  "quota.key-default": count,
  "quota.instance-default": {
    transaction: count,
    attachment: count,
    session: count,
    feedback: count,
    log_item: count,
  },
})

test.each([
  ["without limits", {}],
  ["with limits that let one through", limitsOf(1)],
  ["with limits that let some through", limitsOf(3)],
])("everything that is posted ends once, %s", async (_, config) => {
  expect(ended(await postAll(config))).toEqual(sent())
})

test("whoever looks for an event that was not stored finds out why", async () => {
  await postAll({})
  const reasonsOf = async (n: number) => {
    const found = await listVerdicts(
      sql,
      { projectIds: ["1"], eventId: idOf(n) },
      { limit: 9, offset: 0 },
    )
    return found.map(({ outcome, reason }) => `${outcome} ${reason}`)
  }
  expect(await reasonsOf(1)).toEqual(["invalid duplicate"])
  expect(await reasonsOf(2)).toEqual([])
  expect(await reasonsOf(3)).toEqual(["invalid duplicate_item"])
  expect(await reasonsOf(4)).toEqual(["unsupported transaction"])
  expect(await reasonsOf(5)).toEqual(["invalid payload"])
  const all = await listVerdicts(sql, { projectIds: ["1"] }, { limit: 99, offset: 0 })
  expect(all.map(({ reason }) => reason).sort()).toEqual(
    [
      "duplicate",
      "duplicate_item",
      "transaction",
      "payload",
      "invalid_json",
      "no_data",
      "cors",
    ].sort(),
  )
})

test("an event over its limit is found by its id, in the envelope's header or in the event itself", async () => {
  await sql`truncate verdicts`
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 1 } })
  const store = (id: string) => JSON.stringify({ message: "x".repeat(9000), event_id: id })
  await door.send("/api/1/store/", { headers: AUTH, body: store(idOf(10)) })
  await door.send("/api/1/store/", { headers: AUTH, body: store(idOf(11)) })
  await door.send("/api/1/envelope/", {
    headers: AUTH,
    body: envelope({ event_id: idOf(12) }, EVENT),
  })
  await door.close()
  const found = await listVerdicts(sql, { projectIds: ["1"] }, { limit: 9, offset: 0 })
  expect(
    found.map(({ eventId, outcome, reason, client }) => ({ eventId, outcome, reason, client })),
  ).toEqual(
    [12, 11].map((n) => ({
      eventId: idOf(n),
      outcome: "rate_limited",
      reason: "key_quota",
      client: "test/1.0",
    })),
  )
})

test("a message that could not be processed is told as such, without the error's text", async () => {
  await sql`truncate verdicts`
  const project = { projectId: "1", organizationId: "1" }
  const message = messageOf(project, { message: "x" }, { eventId: idOf(20) })
  await processBatch(line, batchOf([recordOf(message, 5)]), new AbortController().signal)
  await line.verdicts.flush((verdicts) => insertVerdicts(sql, verdicts))
  const found = await listVerdicts(sql, { projectIds: ["1"] }, { limit: 9, offset: 0 })
  expect(found).toMatchObject([{ eventId: idOf(20), outcome: "dead_lettered", cause: "" }])
})

import { expect, test } from "bun:test"
import { partitionedTables } from "#migrations.ts"
import { createPartitions } from "#platform/partitions.ts"
import type { RateLimits } from "#protocol/rate-limits.ts"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
await createPartitions(sql, Object.values(partitionedTables), ["2026-11-24"])

/** 45 seconds into a minute. */
const clock = { now: () => new Date("2026-11-24T12:00:45Z") }
const ITEMS = {
  event: '{"type":"event"}\n{"message":"x"}',
  transaction: '{"type":"transaction"}\n{"type":"transaction"}',
  session: '{"type":"session"}\n{}',
  attachment: `{"type":"attachment","length":10}\n${"x".repeat(10)}`,
  minidump: '{"type":"attachment","length":4,"attachment_type":"event.minidump"}\nMDMP',
  log: '{"type":"log","item_count":3}\n{"items":[{},{},{}]}',
  feedback: '{"type":"feedback"}\n{"contexts":{"feedback":{"message":"x"}}}',
  check_in: '{"type":"check_in"}\n{}',
} as const
type ItemName = keyof typeof ITEMS

const envelopeOf = (...names: ItemName[]) => ["{}", ...names.map((name) => ITEMS[name])].join("\n")
const perMinute = (count: number) => ({ count, windowSeconds: 60 })

async function givenLimits(limits: {
  project?: RateLimits
  organization?: RateLimits
  key?: RateLimits
}) {
  await sql`update projects set settings = ${sql.json({ rateLimits: limits.project ?? {} })}`
  await sql`update organizations set settings = ${sql.json({ rateLimits: limits.organization ?? {} })}`
  await sql`update project_keys set rate_limits = ${sql.json(limits.key ?? {})}`
}

async function doorWith(config: Parameters<typeof givenDoor>[1] = {}) {
  const door = await givenDoor(sql, { clock, ...config })
  const send = (...names: ItemName[]) =>
    door.send("/api/1/envelope/", { headers: AUTH, body: envelopeOf(...names) })
  return { ...door, post: send }
}

const limitsIn = ({ headers }: { headers: Headers }) => headers.get("x-sentry-rate-limits")

test("each category has room of its own, and the header names it", async () => {
  const cases: [ItemName, keyof RateLimits, string][] = [
    ["event", "error", "error;default"],
    ["transaction", "transaction", "transaction"],
    ["session", "session", "session"],
    ["feedback", "feedback", "feedback"],
    ["check_in", "monitor", "monitor"],
  ]
  for (const [item, category, names] of cases) {
    await givenLimits({ project: { [category]: perMinute(1) } })
    const door = await doorWith()
    expect((await door.post(item)).status).toBe(200)
    const refused = await door.post(item)
    expect([item, refused.status]).toEqual([item, 429])
    expect(limitsIn(refused)).toBe(`15:${names}:project:project_quota`)
    const other = item === "session" ? "event" : "session"
    expect((await door.post(other)).status).toBe(200)
  }
})

test("attachments take room by the byte, logs by the entry; what is refused takes none", async () => {
  await givenLimits({ project: { attachment: perMinute(25), log_item: perMinute(7) } })
  const door = await doorWith()
  expect((await door.post("event", "attachment")).status).toBe(200)
  expect((await door.post("event", "attachment")).status).toBe(200)
  const third = await door.post("event", "attachment")
  expect(third.status).toBe(200)
  expect(limitsIn(third)).toBe("15:attachment:project:project_quota")
  expect(door.messages[2]!.dropped).toEqual([
    { category: "attachment", outcome: "rate_limited", reason: "project_quota", quantity: 10 },
    { category: "attachment_item", outcome: "rate_limited", reason: "project_quota", quantity: 1 },
  ])
  expect((await door.post("log")).status).toBe(200)
  expect((await door.post("log")).status).toBe(200)
  expect(limitsIn(await door.post("log"))).toBe("15:log_item:project:project_quota")
})

test("a crash file is kept whatever room attachments have: it is the event", async () => {
  await givenLimits({ project: { attachment: perMinute(3) } })
  const door = await doorWith()
  const answer = await door.post("minidump", "attachment")
  expect(answer.status).toBe(200)
  expect(door.messages[0]!.dropped.map(({ category }) => category)).toEqual([
    "attachment",
    "attachment_item",
  ])
  expect(Buffer.from(door.messages[0]!.body).toString()).toContain("MDMP")
})

test("several limits are told at once, and to come back when the last of them ends", async () => {
  await givenLimits({
    project: { session: perMinute(1) },
    organization: { error: { count: 1, windowSeconds: 3600 } },
  })
  const door = await doorWith()
  expect((await door.post("event", "session")).status).toBe(200)
  const refused = await door.post("event", "session")
  expect(refused.status).toBe(429)
  expect(limitsIn(refused)).toBe(
    "3555:error;default:organization:organization_quota, 15:session:project:project_quota",
  )
  expect(refused.headers.get("retry-after")).toBe("3555")
})

test("a key's limits by category, the installation's, and the limits against abuse", async () => {
  await givenLimits({ key: { session: perMinute(1) } })
  const ofKey = await doorWith()
  await ofKey.post("session")
  expect(limitsIn(await ofKey.post("session"))).toBe("15:session:key:key_quota")

  await givenLimits({})
  const ofInstance = await doorWith({ config: { "quota.instance-default": { session: 1 } } })
  await ofInstance.post("session")
  expect(limitsIn(await ofInstance.post("session"))).toBe("15:session:organization:instance_quota")

  const abused = await doorWith({
    config: { "project-abuse-quota.transaction-limit": 1, "project-abuse-quota.window": 3 },
  })
  for (let n = 0; n < 3; n++) expect((await abused.post("transaction")).status).toBe(200)
  expect(limitsIn(await abused.post("transaction"))).toBe(
    "3:transaction:project:project_abuse_limit",
  )
  expect((await abused.post("event")).status).toBe(200)
})

test("without any limit nothing is counted", async () => {
  await givenLimits({})
  const { door } = await doorWith()
  const [access] = [await door.keys.find("0123456789abcdef0123456789abcdef")].flat()
  expect(typeof access === "object" && door.room.isLimited(access)).toBe(false)
})

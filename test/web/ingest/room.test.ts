import { expect, test } from "bun:test"
import type { Config } from "#config.ts"
import { partitionedTables } from "#migrations.ts"
import { createPartitions } from "#platform/partitions.ts"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
await createPartitions(sql, Object.values(partitionedTables), ["2026-11-24"])

/** 45 seconds into a minute. */
const NOON = new Date("2026-11-24T12:00:45Z")
const clock = { now: () => NOON }
const event = '{"message":"x"}'
const envelope = (...items: string[]) => ["{}", ...items].join("\n")

const outcomes = () => sql`
  select project_id, key_id, hour, category, outcome, reason, quantity from outcome_hours
  order by category, reason, outcome`

test("the event after the limit is refused with when and what for, until the window ends", async () => {
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 2 } })
  const send = () => door.send("/api/1/store/", { headers: AUTH, body: event })
  expect(await send()).toMatchObject({ status: 200 })
  expect(await send()).toMatchObject({ status: 200 })
  const refused = await send()
  expect(refused).toMatchObject({
    status: 429,
    json: { detail: "event rejected due to rate limit" },
  })
  expect(refused.headers.get("retry-after")).toBe("15")
  expect(refused.headers.get("x-sentry-rate-limits")).toBe("15:error;default:key:key_quota")
  expect(refused.headers.get("access-control-expose-headers")).toContain("x-sentry-rate-limits")
  expect(door.messages).toHaveLength(2)
})

test("a limited event falls with what belongs to it; a session beside it is taken", async () => {
  const door = await givenDoor(sql, { clock, config: { "quota.project-default": 1 } })
  const send = (body: string) => door.send("/api/1/envelope/", { headers: AUTH, body })
  const items = [
    `{"type":"event"}\n${event}`,
    '{"type":"attachment","length":1}\nx',
    '{"type":"session"}\n{}',
  ]
  expect(await send(envelope(...items))).toMatchObject({ status: 200 })
  const partly = await send(envelope(...items))
  expect(partly.status).toBe(200)
  expect(partly.headers.get("x-sentry-rate-limits")).toBe("15:error;default:project:project_quota")
  expect(door.messages[1]!.dropped).toEqual([
    { category: "error", outcome: "rate_limited", reason: "project_quota", quantity: 1 },
    { category: "attachment", outcome: "rate_limited", reason: "project_quota", quantity: 1 },
    { category: "attachment_item", outcome: "rate_limited", reason: "project_quota", quantity: 1 },
  ])
  expect(await send(envelope('{"type":"session"}\n{}'))).toMatchObject({ status: 200 })
})

test("a key's own limit comes before the default, organization and instance have theirs", async () => {
  await sql`insert into project_keys (project_id, public_key, secret_key, rate_limit_count,
    rate_limit_window_seconds) values (1, ${"1".repeat(32)}, ${K1}, 1, 3600)`
  const scopeOf = async (config: Partial<Config>, key: string) => {
    const door = await givenDoor(sql, { clock, config })
    const send = () => door.send(`/api/1/store/?sentry_key=${key}`, { body: event })
    expect(await send()).toMatchObject({ status: 200 })
    return (await send()).headers.get("x-sentry-rate-limits")
  }
  expect(await scopeOf({ "quota.key-default": 100 }, "1".repeat(32))).toBe(
    "3555:error;default:key:key_quota",
  )
  expect(await scopeOf({ "quota.organization-default": 1 }, K1)).toContain(
    ":organization:organization_quota",
  )
  expect(await scopeOf({ "system.rate-limit": 1 }, K1)).toContain(":organization:instance_quota")
})

test("a full spool answers 429 for a minute, and nothing was promised", async () => {
  const door = await givenDoor(sql, { clock, spoolMaxBytes: 10 })
  const answer = await door.send("/api/1/store/", { headers: AUTH, body: event })
  expect(answer.status).toBe(429)
  expect(answer.headers.get("retry-after")).toBe("60")
  expect(answer.headers.get("x-sentry-rate-limits")).toBe("60::organization:spool_full")
  expect(door.messages).toEqual([])
})

test("refusals of known keys are written in bulk; strangers are nobody's items", async () => {
  await sql`delete from outcome_hours`
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 1 } })
  const send = (body: string) => door.send("/api/1/store/", { headers: AUTH, body })
  await send(event)
  await send(event)
  await send(event)
  await send("{bad")
  await send("[1]")
  await send("")
  await door.send(`/api/1/store/?sentry_key=${"9".repeat(32)}`, { body: event })
  expect([...(await outcomes())]).toEqual([])
  await door.close()
  const hour = new Date("2026-11-24T12:00:00Z")
  const same = { projectId: "1", keyId: "1", hour, category: "error" }
  expect([...(await outcomes())]).toEqual([
    { ...same, outcome: "invalid", reason: "invalid_json", quantity: "1" },
    { ...same, outcome: "rate_limited", reason: "key_quota", quantity: "3" },
    { ...same, outcome: "invalid", reason: "no_data", quantity: "1" },
  ])
  const [key] = await sql`select last_used_at from project_keys where id = 1`
  expect(key!.lastUsedAt).toEqual(NOON)
})

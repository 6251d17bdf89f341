import { expect, test } from "bun:test"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const clock = { now: () => new Date("2026-11-24T12:00:45Z") }

const event = '{"message":"x"}'
const envelope = (header: object) => `${JSON.stringify(header)}\n{"type":"event"}\n${event}`

test("a key's limit is the key's, wherever and however the request names it", async () => {
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 1 } })
  expect((await door.send("/api/1/store/", { headers: AUTH, body: event })).status).toBe(200)
  const dsn = `http://${K1}@any.host/1`
  const ways: [path: string, headers: Record<string, string>, body: string][] = [
    ["/api/1/store/", AUTH, event],
    ["/api/1/store/", { Authorization: `Sentry sentry_key=${K1}` }, event],
    [`/api/1/store/?sentry_key=${K1}`, {}, event],
    [`/api/1/store/?sentry_key=${K1.toUpperCase()}`, {}, event],
    [`/api/store/?sentry_key=${K1}`, {}, event],
    [`//api//1//store?sentry_key=${K1}&sentry_key=${K1}`, {}, event],
    ["/api/1/envelope/", AUTH, envelope({})],
    ["/api/1/envelope/", {}, envelope({ dsn })],
    ["/api/1/envelope/", { ...AUTH, "X-Forwarded-For": "198.51.100.1" }, envelope({ dsn })],
    ["/tunnel/", {}, envelope({ dsn })],
  ]
  for (const [path, headers, body] of ways) {
    const { status } = await door.send(path, { headers, body })
    expect([path, headers, status === 429 || status === 403]).toEqual([path, headers, true])
  }
  expect(door.messages).toHaveLength(1)
})

import { expect, test } from "bun:test"
import { testDatabase } from "../../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1 } from "../../support/door.ts"
import { MULTIPART, minidump, multipart } from "../../support/minidump.ts"
import { msgpack } from "../../support/msgpack.ts"

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

test("what becomes an event takes the room of one, whichever door it comes by; crash reporters are not told", async () => {
  const door = await givenDoor(sql, { clock, config: { "quota.key-default": 1 } })
  expect((await door.send("/api/1/store/", { headers: AUTH, body: event })).status).toBe(200)
  const dump = { name: "upload_file_minidump", filename: "a", content: minidump() }
  const report = '{"csp-report":{"document-uri":"https://e.example/","blocked-uri":"inline"}}'
  const payload = msgpack({ message: "x" })
  const item = { type: "attachment", attachment_type: "event.payload", length: payload.length }
  const crash = Buffer.concat([Buffer.from(`{}\n${JSON.stringify(item)}\n`), payload])
  const ways: [path: string, type: string, body: string | Buffer<ArrayBuffer>, status: number][] = [
    [`/api/1/security/?sentry_key=${K1}`, "application/csp-report", report, 429],
    [`/api/1/minidump/?sentry_key=${K1}`, MULTIPART["Content-Type"], multipart([dump]), 200],
    [`/api/1/minidump/?sentry_key=${K1}`, "application/octet-stream", minidump(), 200],
    [`/api/1/unreal/${K1}/`, "", "CR1", 200],
    [`/api/1/envelope/?sentry_key=${K1}`, "", crash, 429],
  ]
  for (const [path, type, body, status] of ways) {
    const answer = await door.send(path, { headers: { "Content-Type": type }, body })
    expect([path, answer.status]).toEqual([path, status])
  }
  const queued = door.messages.slice(1).map(({ body }) => Buffer.from(body).toString("latin1"))
  expect(queued.filter((body) => /"type":"(?:event|raw_security)"/.test(body))).toEqual([])
})

import { beforeEach, expect, test } from "bun:test"
import { testDatabase } from "../../support/database.ts"
import { DISABLED, givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"
const envelope = (dsn: string | null) =>
  `${JSON.stringify({ event_id: ID, ...(dsn && { dsn }) })}\n{"type":"event"}\n{"message":"x"}`
const through = (dsn: string | null, path = "/tunnel/") =>
  door.send(path, {
    headers: { "content-type": "text/plain;charset=UTF-8" },
    body: envelope(dsn),
  })

test("an envelope by way of the tunnel reaches the project of its DSN, whatever host that names", async () => {
  for (const path of ["/tunnel/", "/tunnel", "//tunnel//"]) {
    const answer = await through(`https://${K2}@o1.ingest.example/2`, path)
    expect(answer).toMatchObject({ status: 200, json: { id: ID } })
  }
  const sent = { projectId: "2", publicKey: K2, kind: "envelope", clientAddress: "192.0.2.9" }
  expect(door.messages).toMatchObject([sent, sent, sent])
})

test("the tunnel leads to projects of this instance alone", async () => {
  const unknown = { status: 403, json: { detail: expect.stringContaining("ProjectId") } }
  expect(await through(`https://${"c".repeat(32)}@other.example/1`)).toMatchObject(unknown)
  expect(await through(`https://${DISABLED}@h/1`)).toMatchObject(unknown)
  // A key of one project does not open another.
  expect(await through(`https://${K1}@h/2`)).toMatchObject(unknown)
  expect(await through(null)).toMatchObject({ status: 401 })
  expect(door.messages).toEqual([])
})

test("the tunnel is for envelopes that are sent", async () => {
  expect(await door.send("/tunnel/", { method: "GET" })).toMatchObject({ status: 405 })
  expect(await door.send("/tunnel/", { method: "OPTIONS" })).toMatchObject({ status: 200 })
  expect(await door.send("/tunnel/", { body: "no envelope" })).toMatchObject({ status: 401 })
  expect(await door.send("/tunnel/more/", { body: "x" })).toMatchObject({ status: 404 })
})

test("allowed domains hold in the tunnel, too", async () => {
  await sql`update projects set settings = '{"allowedDomains":["shop.example"]}' where id = 2`
  const other = await givenDoor(sql)
  const post = (origin: string) =>
    other.send("/tunnel/", { headers: { origin }, body: envelope(`https://${K2}@h/2`) })
  expect(await post("https://shop.example")).toMatchObject({ status: 200 })
  expect(await post("https://evil.example")).toMatchObject({ status: 403 })
})

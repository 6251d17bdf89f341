import { expect, test } from "bun:test"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { connect } from "#platform/db.ts"
import { testDatabase } from "../support/database.ts"
import { AUTH, givenDoor, givenProjects, K1, K2, temporaryFolder } from "../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
/** Nobody listens there. */
const nowhere = connect("postgres://postgres@127.0.0.1:1/none", { connectTimeoutSeconds: 1 })
const body = '{"message":"x"}'

test("a start without PostgreSQL serves the keys that the last process knew", async () => {
  const dataDirectory = await temporaryFolder()
  const before = await givenDoor(sql, { dataDirectory })
  await before.send("/api/1/store/", { headers: AUTH, body })
  await before.close()
  const { mode } = await stat(join(dataDirectory, "key-cache.json"))
  expect(mode & 0o777).toBe(0o600)

  const after = await givenDoor(nowhere, { dataDirectory })
  expect(await after.send("/api/1/store/", { headers: AUTH, body })).toMatchObject({ status: 200 })
  expect(after.messages).toMatchObject([
    { projectId: "1", keyId: "1", organizationId: "1", unverified: false },
  ])
  await after.close()
})

test("a key that nobody remembers is queued for the worker to judge", async () => {
  const door = await givenDoor(nowhere)
  const answer = await door.send(`/api/7/store/?sentry_key=${K2}`, {
    headers: { Origin: "https://example.com" },
    body,
  })
  expect(answer).toMatchObject({ status: 200, json: { id: expect.any(String) } })
  expect(door.messages).toMatchObject([
    {
      projectId: "7",
      keyId: "0",
      organizationId: "0",
      publicKey: K2,
      unverified: true,
      origin: "https://example.com",
    },
  ])
  await door.close()
})

test("what nobody could check has a cap of its own a minute", async () => {
  const door = await givenDoor(nowhere, { clock: { now: () => new Date("2026-11-24T12:00:30Z") } })
  const send = () => door.send(`/api/1/store/?sentry_key=${K1}`, { body })
  const answers = await Promise.all(Array.from({ length: 1100 }, send))
  const accepted = answers.filter((answer) => answer.status === 200)
  expect(accepted).toHaveLength(1000)
  const refused = answers.find((answer) => answer.status === 429)
  expect(refused?.headers.get("retry-after")).toBe("30")
  expect(refused?.headers.get("x-sentry-rate-limits")).toBe("30::key:unverified")
  await door.close()
})

test("a snapshot that is damaged is as good as none", async () => {
  const dataDirectory = await temporaryFolder()
  await Bun.write(join(dataDirectory, "key-cache.json"), '[{"publicKey":5}')
  const door = await givenDoor(sql, { dataDirectory })
  expect(await door.send("/api/1/store/", { headers: AUTH, body })).toMatchObject({ status: 200 })
})

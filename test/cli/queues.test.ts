import { expect, setDefaultTimeout, test } from "bun:test"
import { insertDeadLetter } from "#events/dead-letter-store.ts"
import { seal } from "#platform/seal.ts"
import { cli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"

// Each step is a process of its own, on a machine that may be busy.
setDefaultTimeout(60_000)

const { sql, url } = await testDatabase()
const SECRET_KEY = "a secret key that is only good for tests"
const env = {
  DATABASE_URL: url,
  SENTRY_SECRET_KEY: SECRET_KEY,
  SENTRY_LITE_DATA: "/tmp/sl-no-data",
}
const run = (...words: string[]) => cli(words, { env })

test("a dead letter is listed, shown with what came, and thrown away", async () => {
  await sql.begin((tx) =>
    insertDeadLetter(tx, {
      messageId: Bun.randomUUIDv7(),
      projectId: null,
      keyId: "0",
      items: { error: 1 },
      receivedAt: new Date(),
      deliveries: 5,
      error: "too odd\u001b[31m\nfor us",
      body: seal(SECRET_KEY, "dead-letters", new TextEncoder().encode("not a message of ours")),
    }),
  )
  const listed = await run("queues", "dlq", "list")
  expect(listed.stdout.trimEnd().split("\n")).toHaveLength(1)
  expect(listed.stdout).toContain("too odd\\u001b[31m\\nfor us")
  const [{ id }] = JSON.parse((await run("queues", "dlq", "list", "--json")).stdout)
  expect(JSON.parse((await run("queues", "dlq", "show", id)).stdout)).toMatchObject({
    deliveries: 5,
    message: null,
    body: "not a message of ours",
  })
  expect(JSON.parse((await run("queues", "list", "--json")).stdout)).toMatchObject([
    { name: "ingest" },
    { name: "dead-letters", records: 1 },
  ])
  expect((await run("queues", "dlq", "delete", id)).exitCode).toBe(0)
  expect((await run("queues", "dlq", "delete", id)).exitCode).toBe(3)
  expect((await run("queues", "dlq", "show", id)).exitCode).toBe(1)
  expect((await run("queues", "dlq", "show", "x")).exitCode).toBe(2)
  expect((await run("queues", "dlq", "retry")).exitCode).toBe(2)
})

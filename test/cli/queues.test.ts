import { expect, setDefaultTimeout, test } from "bun:test"
import { insertDeadLetter } from "#events/dead-letter-store.ts"
import { utcDay } from "#platform/clock.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { seal } from "#platform/seal.ts"
import { openSpool } from "#platform/spool/writer.ts"
import { keys } from "#redis-keys.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { cli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"
import { messageOf, recordOf } from "../support/line.ts"
import { givenProject } from "../support/occurrences.ts"
import { testRedis } from "../support/redis.ts"
import { temporaryFolder } from "../support/services.ts"

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

/** Messages as web queues them, now. */
function messages(project: { projectId: string; organizationId: string }, count: number) {
  const now = new Date()
  const received = { receivedAt: now.getTime(), receivedDay: utcDay(now) }
  return Array.from({ length: count }, (_, n) => {
    const { id, body } = recordOf(messageOf(project, { message: `n ${n}` }, received))
    return encodeRecord(id, body)
  })
}

async function outcomesOf(projectId: string) {
  const range = { from: new Date(0), to: new Date(Date.now() + 3_600_000) }
  const rows = await sumOutcomes(sql, { projectId, ...range })
  return rows.map(({ outcome, quantity }) => `${outcome} ${quantity}`)
}

test.each(["spool", "stream"])("what waits in the %s is thrown away and counted", async (place) => {
  await cli(["upgrade", "--noinput"], { env })
  const project = await givenProject(sql)
  const { redis, url: redisUrl } = await testRedis()
  const dataDir = temporaryFolder("purge")
  const shape = {
    ...env,
    SENTRY_LITE_DATA: dataDir,
    ...(place === "stream" && { REDIS_URL: redisUrl }),
  }
  const records = messages(project, 3)
  if (place === "stream") {
    for (const each of records) await redis.xadd(keys.ingest(0), "*", "r", Buffer.from(each))
  } else {
    const limits = { segmentBytes: 2 ** 20, maxBytes: 2 ** 30, minFreeBytes: 0 }
    const spool = await openSpool({ directory: `${dataDir}/spool`, ...limits })
    for (const each of records) await spool.append(each)
    await spool.stop()
  }
  const unsure = await cli(["queues", "purge", "ingest"], { env: shape })
  expect(unsure.exitCode).toBe(2)
  expect(await outcomesOf(project.projectId)).toEqual([])
  const { exitCode, stderr } = await cli(["queues", "purge", "ingest", "-f"], { env: shape })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "Poof, 3 messages deleted\n" })
  expect(await outcomesOf(project.projectId)).toEqual(["discarded 3"])
  expect((await sql`select 1 from events where project_id = ${project.projectId}`).length).toBe(0)
  const again = await cli(["queues", "purge", "ingest", "-f"], { env: shape })
  expect(again.stderr).toContain("Poof, 0 messages deleted")
})

test("a queue that does not exist cannot be purged", async () => {
  expect((await cli(["queues", "purge", "mails", "-f"], { env })).exitCode).toBe(2)
})

test("a Redis that is away is 4, and its password is not told", async () => {
  const shape = { ...env, REDIS_URL: "redis://:topsecret@127.0.0.1:1/0" }
  for (const words of [
    ["queues", "list"],
    ["queues", "purge", "ingest", "-f"],
  ]) {
    const { exitCode, stderr } = await cli(words, { env: shape })
    expect([words, exitCode]).toEqual([words, 4])
    expect(stderr).toContain("sentry-lite: cannot reach Redis at redis://127.0.0.1:1/0")
    expect(stderr).not.toContain("topsecret")
  }
})

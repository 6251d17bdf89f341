import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { insertDeadLetter } from "#events/dead-letter-store.ts"
import { connect } from "#platform/db.ts"
import { seal } from "#platform/seal.ts"
import { foundAcme } from "../support/acme.ts"
import { testDatabase } from "../support/database.ts"
import { type Appliance, launchAppliance } from "../support/executable.ts"
import { startMailbox } from "../support/mailbox.ts"
import { testRedis } from "../support/redis.ts"

setDefaultTimeout(120_000)

const { sql, url } = await testDatabase()
const { redis, url: redisUrl } = await testRedis()
const running: Appliance[] = []
const databases: string[] = []
afterAll(async () => {
  for (const each of running) await each.kill()
  const admin = connect(url.replace(/[^/]+$/, "postgres"), { max: 1 })
  for (const name of databases) await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end()
})

/** One in which nothing was ever made: `run all` does the rest. */
async function emptyDatabase(): Promise<string> {
  const name = `sl_test_elsewhere_${crypto.randomUUID().replaceAll("-", "")}`
  await sql.unsafe(`create database ${name}`)
  databases.push(name)
  return url.replace(/[^/]+$/, name)
}

async function runAll(options: Parameters<typeof launchAppliance>[0]): Promise<Appliance> {
  const appliance = await launchAppliance(options)
  running.push(appliance)
  return appliance
}

/** What was sealed with the data folder's key: commands have it without being told. */
async function givenDeadLetter(databaseUrl: string, dataDir: string): Promise<string> {
  const key = readFileSync(join(dataDir, "secret-key"), "utf8").trim()
  const database = connect(databaseUrl, { max: 1 })
  await database.begin((tx) =>
    insertDeadLetter(tx, {
      messageId: Bun.randomUUIDv7(),
      projectId: null,
      keyId: "0",
      items: { error: 1 },
      receivedAt: new Date(),
      deliveries: 5,
      error: "too odd",
      body: seal(key, "dead-letters", new TextEncoder().encode("no message of ours")),
    }),
  )
  const [row] = await database<{ id: string }[]>`select id from dead_letters`
  await database.end()
  return row?.id ?? ""
}

const PLACES = [
  ["PostgreSQL", { hasPostgres: true, hasRedis: false }],
  ["Redis", { hasPostgres: false, hasRedis: true }],
  ["PostgreSQL and Redis", { hasPostgres: true, hasRedis: true }],
] as const

test.each(PLACES)("run all over %s elsewhere does all it does alone", async (_what, place) => {
  const mailbox = await startMailbox()
  await redis.flushdb()
  const databaseUrl = place.hasPostgres ? await emptyDatabase() : null
  const env = {
    SENTRY_EMAIL_HOST: "127.0.0.1",
    SENTRY_EMAIL_PORT: String(mailbox.port),
    SENTRY_SERVER_EMAIL: "alerts@acme.test",
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    ...(place.hasRedis && { REDIS_URL: redisUrl }),
  }
  const first = await runAll({ env })
  const roles = new Set((await first.processes()).map(({ role }) => role))
  expect([...roles].sort()).toEqual([
    "cron",
    ...(databaseUrl ? [] : ["postgres"]),
    "supervisor",
    "web",
    "worker",
  ])

  const acme = await foundAcme(first)
  await acme.project("shop", "node")
  await acme.run("send-test-event", "--wait")
  expect((await redis.keys("sl:{ingest:*")).length > 0).toBe(place.hasRedis)
  await mailbox.waitFor("the new issue", ({ mail }) => (mail.subject ?? "").includes("TestEvent"))
  expect(await acme.run("health")).toBe("ok")
  if (databaseUrl) {
    const id = await givenDeadLetter(databaseUrl, first.dataDir)
    expect(await acme.run("queues", "dlq", "show", id)).toContain("no message of ours")
  }

  await first.kill()
  const again = await runAll({ env, dataDir: first.dataDir, port: first.port })
  await acme.run("send-test-event", "--wait")
  const [issue] = await acme.get<{ count: string }[]>("/organizations/acme/issues/?query=")
  expect(issue?.count).toBe("2")
  await again.stop()
  expect(await again.processes()).toEqual([])
})

import { join } from "node:path"
import { Redis } from "ioredis"
import { connect } from "#platform/db.ts"
import { type Fleet, launchFleet } from "../executable.ts"
import { processesOf, type RunningProcess, sendSignal } from "../processes.ts"
import { launchRedis } from "../redis-server.ts"
import { type PreparedPostgres, preparePostgres, temporaryFolder } from "../services.ts"
import { type Fault, freeze, type Installation } from "./installation.ts"

/** Short, so that a frozen worker loses its batch to the other one within the test. */
const CLAIM_IDLE_MS = 1_500
const FROZEN_MS = 4_000
const AWAY_MS = 700

/** Two web, two worker and two cron over a PostgreSQL and a Redis that can be killed; Redis forgets all when it dies. */
export async function chaoticFleet(): Promise<Installation> {
  const postgres = await preparePostgres(temporaryFolder("chaos"), [])
  await postgres.start()
  const redis = await launchRedis()
  const end = async () => {
    await killAll(postgres)
    await redis.kill()
  }
  try {
    const databaseUrl = await makeDatabase(postgres.url)
    const fleet = await launchFleet(
      { databaseUrl, redisUrl: redis.url },
      { env: { SENTRY__WORKER__CLAIM_IDLE_MS: `${CLAIM_IDLE_MS}` } },
    )
    return {
      shape: "fleet",
      databaseUrl,
      spoolDirectory: join(fleet.dataDir, "spool"),
      redisUrl: redis.url,
      webs: fleet.urls.map((url) => ({ host: "127.0.0.1", port: Number(new URL(url).port) })),
      run: fleet.run,
      logs: fleet.logs,
      faults: [...memberFaults(fleet), ...serviceFaults(postgres, redis)],
      end: async () => {
        await fleet.kill()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function makeDatabase(serverUrl: string): Promise<string> {
  const admin = connect(`${serverUrl}/postgres`, { max: 1 })
  await admin`create database chaos`
  await admin.end()
  return `${serverUrl}/chaos`
}

function memberFaults(fleet: Fleet): Fault[] {
  const current = (name: string) => fleet.members.findLast((member) => member.name === name)!
  const roleOf = ({ name }: RunningProcess) => name.split(" ")[0] as "web" | "worker" | "cron"
  const restart = async (...names: string[]) => {
    const members = names.map(current)
    for (const member of members) member.signal("SIGKILL")
    await Promise.all(members.map((member) => member.ended))
    for (const member of members) fleet.start(roleOf(member), member.name)
  }
  const every = ["web 1", "web 2", "worker 1", "worker 2", "cron 1", "cron 2"]
  return [
    { name: "kill a web", strike: () => restart("web 1") },
    { name: "kill the other web", strike: () => restart("web 2") },
    { name: "kill a worker", strike: () => restart("worker 1") },
    { name: "kill both workers", strike: () => restart("worker 1", "worker 2") },
    { name: "kill both crons", strike: () => restart("cron 1", "cron 2") },
    { name: "freeze a worker", strike: () => freeze(current("worker 2").pid, FROZEN_MS) },
    { name: "kill every member", strike: () => restart(...every) },
  ]
}

function serviceFaults(
  postgres: PreparedPostgres,
  redis: Awaited<ReturnType<typeof launchRedis>>,
): Fault[] {
  return [
    {
      name: "kill PostgreSQL",
      strike: async () => {
        await killAll(postgres)
        await Bun.sleep(AWAY_MS)
        await postgres.start()
      },
    },
    {
      name: "kill Redis",
      strike: async () => {
        await redis.kill()
        await Bun.sleep(AWAY_MS)
        await redis.start()
      },
    },
    {
      name: "FLUSHALL",
      strike: async () => {
        const client = new Redis(redis.url)
        await client.flushall()
        client.disconnect()
      },
    },
  ]
}

/** The postmaster and all its children. */
async function killAll(postgres: PreparedPostgres): Promise<void> {
  for (const { pid } of await processesOf(postgres.cluster)) sendSignal(pid, "SIGKILL")
}

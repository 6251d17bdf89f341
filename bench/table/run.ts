import { readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Sql } from "#platform/db.ts"
import { parseDsn } from "#protocol/dsn.ts"
import { temporaryFolder, until } from "../../test/support/services.ts"
import type { Installation } from "./installation.ts"
import { ROLES, type Usage, usageOf } from "./processes.ts"

/** What is sent, in the words of bench/load.ts. */
export type Load = { size: string; groups: string; count?: string; rate?: string; seconds?: string }

/** What bench/load.ts reports, as far as it is used here. Times in milliseconds. */
type Sent = {
  startedAt: number
  accepted: number
  acceptedPerSecond: number
  p50: number
  p95: number
  p99: number
  generatorCpuMsPerEvent: number
}

export type Measured = Sent & {
  drainedPerSecond: number
  /** Answered with 200 and not to be found. */
  lost: number
  diskBytesPerEvent: number
  /** PSS when all is done; CPU of the run, milliseconds per accepted event. */
  usage: Usage
}

const DRAINED_WITHIN_MS = 300_000
const FOLDED_WITHIN_MS = 60_000
/** Each question costs PostgreSQL a plan; oftener and it shows in the table. */
const ASK_EVERY_MS = 100

let projects = 0

/** Sends one load to a project of its own and waits until every event can be found and every counter is folded. */
export async function measure(installation: Installation, load: Load): Promise<Measured> {
  const { sql, pids } = installation
  const dsn = await installation.createProject(`load-${++projects}`)
  const projectId = parseDsn(dsn)?.projectId ?? ""
  const idsFile = join(temporaryFolder("load"), "ids")
  const before = { usage: await usageOf(pids), bytes: await databaseBytes(sql) }

  const sent = await send(dsn, load, idsFile)
  const ids = (await readFile(idsFile, "utf8")).split("\n").filter((id) => id !== "")
  const drainedAt = await drained(sql, projectId, ids)
  const lost = await countMissing(sql, projectId, ids)
  await until("the tag counts are folded", () => isFolded(sql), FOLDED_WITHIN_MS)

  const usage = await usageOf(pids)
  for (const role of ROLES) {
    usage[role].cpuMs = (usage[role].cpuMs - before.usage[role].cpuMs) / sent.accepted
  }
  return {
    ...sent,
    drainedPerSecond: (sent.accepted * 1000) / (drainedAt - sent.startedAt),
    lost,
    diskBytesPerEvent: ((await databaseBytes(sql)) - before.bytes) / sent.accepted,
    usage,
  }
}

async function send(dsn: string, load: Load, idsFile: string): Promise<Sent> {
  const options = Object.entries(load).flatMap(([name, value]) => [`--${name}`, value])
  const generator = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dir, "../load.ts"),
      ...["--dsn", dsn, "--ids", idsFile, "--json"],
      ...options,
    ],
    { stdout: "pipe", stderr: "inherit" },
  )
  const report = await new Response(generator.stdout).text()
  if ((await generator.exited) !== 0) throw new Error("the generator failed")
  return JSON.parse(report) as Sent
}

/** When the last of the events could be found. Outcomes are asked first: they are a row or two, however many events there are. */
async function drained(sql: Sql, projectId: string, ids: readonly string[]): Promise<number> {
  const deadline = Date.now() + DRAINED_WITHIN_MS
  while (Date.now() < deadline) {
    const [row] = await sql<{ ended: number }[]>`
      select coalesce(sum(quantity), 0)::float8 as ended from outcome_hours
      where project_id = ${projectId}`
    const isLastThere =
      row && row.ended >= ids.length && (await isStored(sql, projectId, ids.at(-1)))
    if (isLastThere) return Date.now()
    await Bun.sleep(ASK_EVERY_MS)
  }
  return Number.POSITIVE_INFINITY
}

async function isStored(sql: Sql, projectId: string, id = ""): Promise<boolean> {
  const rows = await sql`
    select from events where project_id = ${projectId} and event_id = ${id}
      and received_day >= (now() - interval '1 day')::date`
  return rows.length === 1
}

async function countMissing(sql: Sql, projectId: string, ids: string[]): Promise<number> {
  const [row] = await sql<{ missing: number }[]>`
    select count(*)::int as missing from unnest(${ids}::uuid[]) as sent (id)
    where not exists (
      select from events where project_id = ${projectId} and event_id = sent.id
        and received_day >= (now() - interval '1 day')::date)`
  return row?.missing ?? 0
}

async function isFolded(sql: Sql): Promise<boolean> {
  return (await sql`select from tag_deltas limit 1`).length === 0
}

async function databaseBytes(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select pg_database_size(current_database())::float8 as bytes`
  return row?.bytes ?? 0
}

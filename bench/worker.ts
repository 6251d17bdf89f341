/**
 * What a worker can do: `bun bench/worker.ts [postgres://server] --events 20000 --batch 200 --groups 200`. Feeds messages
 * made beforehand straight into the line against a scratch database and prints events per second, CPU per event of the
 * worker and of PostgreSQL's backend, time by statement, and bytes per event on disk.
 */
import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { configWith } from "#config.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { jobPolicies, jobs } from "#jobs.ts"
import { migrations, partitionedTables } from "#migrations.ts"
import { createLine } from "#pipeline/line.ts"
import { finishBatch, type PreparedBatch, prepareBatch } from "#pipeline/process-batch.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { systemClock, utcDay } from "#platform/clock.ts"
import { connect, type Sql, type Tx } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import { migrate } from "#platform/migrate.ts"
import { createPartitions, daysFrom } from "#platform/partitions.ts"
import type { Batch, QueueRecord } from "#platform/queue/queue.ts"
import { createTasks, upgradeTaskSchema } from "#platform/tasks.ts"
import { createRandom, mixedEvent, queued } from "./mixed-events.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "20000" },
    batch: { type: "string", default: "200" },
    groups: { type: "string", default: "200" },
    warm: { type: "string", default: "4000" },
    // A change of the schema to try, before the partitions are made.
    before: { type: "string", default: "select 1" },
  },
})
const server = positionals[0] ?? "postgres://postgres@127.0.0.1:55432"
const CLOCK_TICKS = 100

const name = `sl_bench_${process.pid}`
const url = `${server}/${name}`
const admin = connect(`${server}/postgres`, { max: 1 })
await admin.unsafe(`create database ${name}`)
const sql = connect(url, { max: 1 })
const statements = new Map<string, { count: number; ms: number }>()
try {
  await run()
} finally {
  await sql.end()
  await admin.unsafe(`drop database ${name} with (force)`)
  await admin.end()
}

async function run() {
  await migrate(sql, migrations)
  await upgradeTaskSchema(url, jobPolicies)
  await sql.unsafe(String(values.before))
  await createPartitions(sql, Object.values(partitionedTables), daysFrom(utcDay(new Date()), 8))
  const [organization] = await sql<{ id: string }[]>`
    insert into organizations (slug, name) values ('bench', 'bench') returning id`
  const organizationId = organization?.id ?? ""
  const [project] = await sql<{ id: string }[]>`
    insert into projects (organization_id, slug, name) values (${organizationId}, 'bench', 'bench') returning id`
  const owner = { projectId: project?.id ?? "", organizationId }
  const log = createLog({ level: "ERROR", format: "human", role: "bench" })
  const tasks = createTasks({ url, schemas: jobs, log })
  const series = {
    add: async () => {},
    read: async () => [],
    countDistinct: async () => 0,
    sweep: async () => 0,
  }
  const config = configWith({ "system.secret-key": "b".repeat(32) })
  const blobs = createFolderBlobs(join(tmpdir(), "sentry-lite-bench-blobs"))
  const line = createLine({
    sql: timed(sql),
    log,
    tasks,
    series,
    blobs,
    config,
    clock: systemClock,
  })

  const random = createRandom(1)
  const events = Array.from({ length: 1000 }, () => mixedEvent(random, Number(values.groups)))
  const bytes =
    events.reduce((sum: number, event) => sum + JSON.stringify(event).length, 0) / events.length
  const records = (count: number) =>
    Array.from({ length: count }, (_, n) =>
      queued(owner, events[n % events.length] ?? {}, n % 2 === 0),
    )

  await feed(line, records(Number(values.warm)))
  statements.clear()
  const fed = records(Number(values.events))
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`
  const pid = backend?.pid ?? 0
  const before = { cpu: process.cpuUsage(), backend: backendMs(pid), at: performance.now() }
  const spent = await feed(line, fed)
  const seconds = (performance.now() - before.at) / 1000
  const cpu = process.cpuUsage(before.cpu)
  const perEvent = (ms: number) => (ms / fed.length).toFixed(3)
  console.log(
    `${fed.length} events of ${Math.round(bytes)} bytes, batches of ${values.batch}, ${values.groups} groups`,
  )
  console.log(`events/s          ${Math.round(fed.length / seconds)}`)
  console.log(
    `worker ms/event   ${perEvent((cpu.user + cpu.system) / 1000)} (prepare ${perEvent(spent.prepare)})`,
  )
  console.log(`postgres ms/event ${perEvent(backendMs(pid) - before.backend)}`)
  reportStatements(fed.length)
  await reportFold(pid, fed.length)
  await reportDisk(fed.length + Number(values.warm))
  await tasks.stop({ withinMs: 1000 })
}

/** Prepares one batch while the transaction of the one before is under way, as the worker does. */
async function feed(line: ReturnType<typeof createLine>, records: QueueRecord[]) {
  const { signal } = new AbortController()
  const spent = { prepare: 0 }
  let saving: Promise<unknown> = Promise.resolve()
  for (let at = 0; at < records.length; at += Number(values.batch)) {
    const batch = inHand(records.slice(at, at + Number(values.batch)))
    const before = process.cpuUsage()
    const prepared: PreparedBatch = await prepareBatch(line, batch, signal)
    const { user, system } = process.cpuUsage(before)
    spent.prepare += (user + system) / 1000
    await saving
    saving = finishBatch(line, prepared, signal)
  }
  await saving
  return spent
}

function inHand(records: QueueRecord[]): Batch {
  const nothing = async () => {}
  return { records, damaged: 0, commit: nothing, acknowledge: nothing, release: nothing }
}

/** utime + stime of a process, in milliseconds. */
function backendMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / CLOCK_TICKS
}

/** Notes how long each statement of a transaction takes, by its first words. */
function timed(pool: Sql): Sql {
  return new Proxy(pool, {
    get(target, property) {
      if (property !== "begin") return Reflect.get(target, property)
      return (work: (tx: Tx) => Promise<unknown>) => pool.begin((tx) => work(timedTx(tx)))
    },
  })
}

function timedTx(tx: Tx): Tx {
  return new Proxy(tx, {
    apply(target, self, args) {
      const query = Reflect.apply(target, self, args)
      const [strings] = args
      // Only what is awaited by itself is a statement; the rest are fragments.
      const handle = query?.handle?.bind(query)
      if (!handle || !Array.isArray(strings)) return query
      query.handle = () => {
        query.handle = handle
        const started = performance.now()
        handle()
        void query.finally(() => note(strings.join("$"), performance.now() - started))
      }
      return query
    },
    get(target, property) {
      const value = Reflect.get(target, property)
      if (property !== "unsafe") return value
      return async (...args: unknown[]) => {
        const started = performance.now()
        const result = await Reflect.apply(value as () => Promise<unknown>, target, args)
        note(`unsafe ${args[0]}`, performance.now() - started)
        return result
      }
    },
  })
}

function note(text: string, ms: number) {
  const label = text.trim().replaceAll(/\s+/g, " ").slice(0, 60)
  const entry = statements.get(label) ?? { count: 0, ms: 0 }
  statements.set(label, { count: entry.count + 1, ms: entry.ms + ms })
}

function reportStatements(events: number) {
  const batches = events / Number(values.batch)
  const all = [...statements].sort(([, a], [, b]) => b.ms - a.ms)
  const count = all.reduce((sum, [, each]) => sum + each.count, 0)
  console.log(`statements/batch  ${(count / batches).toFixed(1)}; ms per event waited for each:`)
  for (const [label, { ms, count }] of all.slice(0, 18)) {
    console.log(`  ${(ms / events).toFixed(4)}  ${(count / batches).toFixed(2)}x  ${label}`)
  }
}

async function reportFold(pid: number, events: number) {
  const before = { cpu: process.cpuUsage(), backend: backendMs(pid) }
  await foldTags(sql, new AbortController().signal)
  const cpu = process.cpuUsage(before.cpu)
  const ms = (cpu.user + cpu.system) / 1000
  console.log(
    `fold ms/event     ${(ms / events).toFixed(3)} ours, ${((backendMs(pid) - before.backend) / events).toFixed(3)} postgres`,
  )
}

async function reportDisk(events: number) {
  const rows = await sql<{ table: string; heap: string; indexes: string }[]>`
    select regexp_replace(relname, '_[0-9]{8}$', '') as table, sum(pg_table_size(oid))::text as heap,
      sum(pg_indexes_size(oid))::text as indexes
    from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
    group by 1 having sum(pg_total_relation_size(oid)) > 200000 order by sum(pg_total_relation_size(oid)) desc`
  console.log("bytes per event   heap+toast  indexes")
  for (const row of rows) {
    const of = (bytes: string) =>
      Math.round(Number(bytes) / events)
        .toString()
        .padStart(8)
    console.log(`  ${row.table.padEnd(18)} ${of(row.heap)} ${of(row.indexes)}`)
  }
  const indexes = await sql<{ name: string; bytes: string }[]>`
    select regexp_replace(indexrelname, '_[0-9]{8}', '') as name, sum(pg_relation_size(indexrelid))::text as bytes
    from pg_stat_user_indexes where relname like 'events\\_%' group by 1 order by 2 desc`
  for (const { name, bytes } of indexes) {
    console.log(`  ${name.padEnd(44)} ${Math.round(Number(bytes) / events)}`)
  }
}

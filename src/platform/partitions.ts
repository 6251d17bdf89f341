import type { Db, Sql, Tx } from "./db.ts"

/** Held while partitions are made, so that two processes that miss the same day make it once. */
const PARTITION_LOCK = 7_300_003
/** DDL queues behind long readers and everybody else then queues behind the DDL: better to give up and try again. */
const LOCK_TIMEOUT_MS = 3_000
const DAY_MS = 86_400_000

/** A table partitioned by range, one partition a UTC day. */
export type PartitionedTable = {
  name: string
  column: string
  type: "date" | "timestamptz"
  /** Storage parameters of each partition: they cannot stand on the partitioned table itself. */
  storage?: string
}

export type DayPartition = {
  table: string
  name: string
  /** `YYYY-MM-DD` */
  day: string
  bytes: number
  /** attached: in use; detaching: a detach was interrupted; detached: only its drop is missing. */
  state: "attached" | "detaching" | "detached"
}

/**
 * Makes the partitions of these days that are missing and returns their names. A partition is made aside and then
 * attached under a check constraint that proves its bounds: `create … partition of` would lock the parent against
 * readers, and an attach without the check would scan.
 */
export async function createPartitions(
  sql: Sql,
  tables: readonly PartitionedTable[],
  days: readonly string[],
): Promise<string[]> {
  const missing = await missingPartitions(sql, tables, days)
  if (missing.length === 0) return []
  await dropLeftovers(sql, tables, missing)
  return sql.begin(async (tx) => {
    await tx.unsafe(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
    await tx`select pg_advisory_xact_lock(${PARTITION_LOCK})`
    const stillMissing = await missingPartitions(tx, tables, days)
    for (const { table, day } of stillMissing) await createPartition(tx, table, day)
    return stillMissing.map(({ table, day }) => partitionName(table.name, day))
  })
}

type Missing = { table: PartitionedTable; day: string }

/** What an interrupted drop left of these days stands in the way, and was to go anyway. */
async function dropLeftovers(
  sql: Sql,
  tables: readonly PartitionedTable[],
  missing: readonly Missing[],
): Promise<void> {
  const names = new Set(missing.map(({ table, day }) => partitionName(table.name, day)))
  for (const partition of await listPartitions(sql, tables)) {
    const isLeftover = partition.state !== "attached" && names.has(partition.name)
    if (isLeftover) await dropPartition(sql, partition)
  }
}

async function missingPartitions(
  db: Db,
  tables: readonly PartitionedTable[],
  days: readonly string[],
): Promise<Missing[]> {
  const wanted = tables.flatMap((table) => days.map((day) => ({ table, day })))
  const names = wanted.map(({ table, day }) => partitionName(table.name, day))
  const rows = await db<{ name: string }[]>`
    select child.relname as name
    from pg_inherits link
    join pg_class child on child.oid = link.inhrelid
    join pg_class parent on parent.oid = link.inhparent
    where parent.relname = any(${tables.map((table) => table.name)}::text[])
      and child.relname = any(${names}::text[]) and not link.inhdetachpending`
  const present = new Set(rows.map((row) => row.name))
  return wanted.filter(({ table, day }) => !present.has(partitionName(table.name, day)))
}

async function createPartition(tx: Tx, table: PartitionedTable, day: string): Promise<void> {
  const name = partitionName(table.name, day)
  const from = boundOf(table, day)
  const to = boundOf(table, addDays(day, 1))
  const storage = table.storage ? `with (${table.storage})` : ""
  await tx.unsafe(`
    create table ${name} (like ${table.name} including all) ${storage};
    alter table ${name} add constraint ${name}_day check (${table.column} >= ${from} and ${table.column} < ${to});
    alter table ${table.name} attach partition ${name} for values from (${from}) to (${to});
    alter table ${name} drop constraint ${name}_day`)
}

/** All partitions of these tables, oldest first; also what an interrupted drop left behind. */
export async function listPartitions(
  db: Db,
  tables: readonly PartitionedTable[],
): Promise<DayPartition[]> {
  const rows = await db<{ name: string; bytes: string; state: DayPartition["state"] }[]>`
    select child.relname as name, pg_total_relation_size(child.oid)::text as bytes,
      case when link.inhrelid is null then 'detached'
        when link.inhdetachpending then 'detaching' else 'attached' end as state
    from pg_class child
    join pg_namespace space on space.oid = child.relnamespace
    left join pg_inherits link on link.inhrelid = child.oid
    where child.relkind = 'r' and space.nspname = current_schema()
      and child.relname ~ ${`^(${tables.map((table) => table.name).join("|")})_[0-9]{8}$`}
    order by right(child.relname, 8), child.relname`
  return rows.map(({ name, bytes, state }) => ({
    table: name.slice(0, -9),
    name,
    day: `${name.slice(-8, -4)}-${name.slice(-4, -2)}-${name.slice(-2)}`,
    bytes: Number(bytes),
    state,
  }))
}

/** The days, as `YYYY-MM-DD`, of which a table holds rows, or would. */
export async function listDays(db: Db, table: PartitionedTable): Promise<Set<string>> {
  const rows = await db<{ day: string }[]>`
    select to_char(to_date(right(child.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day
    from pg_inherits link
    join pg_class child on child.oid = link.inhrelid
    where link.inhparent = to_regclass(${table.name}) and not link.inhdetachpending`
  return new Set(rows.map(({ day }) => day))
}

/**
 * Gives a day's space back. `detach concurrently` lets readers and writers of the other days go on and waits for those
 * that were there before; wherever it was interrupted, calling again goes on from there.
 */
export async function dropPartition(sql: Sql, partition: DayPartition): Promise<void> {
  const { table, name, state } = partition
  if (state === "attached") {
    await sql.unsafe(`alter table ${table} detach partition ${name} concurrently`)
  }
  if (state === "detaching") {
    await sql.unsafe(`alter table ${table} detach partition ${name} finalize`)
  }
  await sql.begin((tx) => dropDetached(tx, name))
}

/** Somebody else may have dropped it already, and have made the day anew. */
async function dropDetached(tx: Tx, name: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(${PARTITION_LOCK})`
  const [attached] = await tx`select from pg_inherits where inhrelid = to_regclass(${name})`
  if (!attached) await tx.unsafe(`drop table if exists ${name}`)
}

/** Whether a statement failed because the day of a row has no partition yet. The message is in the server's language. */
export function isMissingPartition(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "23514" &&
    "routine" in error &&
    error.routine === "ExecFindPartition"
  )
}

/** `count` days from `day` on, both as `YYYY-MM-DD`. */
export function daysFrom(day: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => addDays(day, index))
}

/** The day `days` after (or, negative, before) `day`. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

function partitionName(table: string, day: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) throw new Error(`not a day: ${day}`)
  return `${table}_${day.replaceAll("-", "")}`
}

function boundOf(table: PartitionedTable, day: string): string {
  return table.type === "date" ? `date '${day}'` : `timestamptz '${day} 00:00:00+00'`
}

import type { Db } from "#platform/db.ts"

export type DatabaseFacts = {
  version: string
  /** Like 180004. */
  versionNumber: number
  now: Date
  sizeBytes: number
  connections: number
  maxConnections: number
  longestTransactionSeconds: number
}

export async function getDatabaseFacts(db: Db): Promise<DatabaseFacts> {
  const [row] = await db<DatabaseFacts[]>`
    select
      current_setting('server_version') as version,
      current_setting('server_version_num')::int as version_number,
      now() as now,
      pg_database_size(current_database())::float8 as size_bytes,
      (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
      current_setting('max_connections')::int as max_connections,
      coalesce((
        select extract(epoch from max(now() - xact_start))::float8 from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend'
          and pid <> pg_backend_pid()
      ), 0) as longest_transaction_seconds`
  if (!row) throw new Error("a select without a row")
  return row
}

export type PartitionedTable = {
  name: string
  partitions: number
  /** First and last partition's name, in order of days. */
  oldest: string | null
  newest: string | null
  rowsEstimate: number
  bytes: number
}

/** The tables that grow with traffic, each with its days. */
export async function listPartitionedTables(db: Db): Promise<PartitionedTable[]> {
  return await db<PartitionedTable[]>`
    select
      parent.relname::text as name,
      count(child.oid)::int as partitions,
      min(child.relname)::text as oldest,
      max(child.relname)::text as newest,
      coalesce(sum(greatest(child.reltuples, 0)), 0)::float8 as rows_estimate,
      coalesce(sum(pg_total_relation_size(child.oid)), 0)::float8 as bytes
    from pg_class parent
    left join pg_inherits i on i.inhparent = parent.oid
    left join pg_class child on child.oid = i.inhrelid
    where parent.relkind = 'p' and parent.relnamespace = 'public'::regnamespace
    group by parent.relname
    order by bytes desc`
}

export type TaskQueue = {
  name: string
  waiting: number
  running: number
  failed: number
  /** Of those that should have begun by now. */
  oldestAt: Date | null
}

/** What waits for workers, by task. */
export async function listTaskQueues(db: Db): Promise<TaskQueue[]> {
  return await db<TaskQueue[]>`
    select
      name,
      (count(*) filter (where state in ('created', 'retry')))::int as waiting,
      (count(*) filter (where state = 'active'))::int as running,
      (count(*) filter (where state = 'failed'))::int as failed,
      min(start_after) filter (where state in ('created', 'retry') and start_after <= now()) as oldest_at
    from pgboss.job
    group by name
    order by name`
}

export async function countDeadLetters(db: Db): Promise<number> {
  const [row] = await db<{ count: number }[]>`select count(*)::int as count from dead_letters`
  return row?.count ?? 0
}

export type InstanceCounts = { organizations: number; projects: number; users: number }

export async function countInstance(db: Db): Promise<InstanceCounts> {
  const [row] = await db<InstanceCounts[]>`
    select
      (select count(*)::int from organizations where status = 'active') as organizations,
      (select count(*)::int from projects where status = 'active') as projects,
      (select count(*)::int from users where is_active) as users`
  return row ?? { organizations: 0, projects: 0, users: 0 }
}

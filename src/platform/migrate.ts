import { createHash } from "node:crypto"
import type { Sql } from "./db.ts"

/** Held while the schema changes, by whoever changes it. */
const MIGRATION_LOCK = 7_300_001

export type Migration = { name: string; sql: string }

/** Which migrations are not applied yet, and which applied ones this program does not know. */
export async function schemaState(
  sql: Sql,
  migrations: readonly Migration[],
): Promise<{ missing: string[]; unknown: { name: string; oldestProgram: string }[] }> {
  const [table] = await sql`select to_regclass('schema_migrations') as name`
  const rows = table?.name
    ? await sql<{ name: string; oldestProgram: string }[]>`
        select name, oldest_program from schema_migrations order by name`
    : []
  const applied = new Set(rows.map((row) => row.name))
  const known = new Set(migrations.map((migration) => migration.name))
  return {
    missing: migrations.map((migration) => migration.name).filter((name) => !applied.has(name)),
    unknown: rows.filter((row) => !known.has(row.name)),
  }
}

/**
 * Applies what is missing, one transaction a file, under an advisory lock; returns the names applied.
 * `onApplied` is told of each, for progress.
 */
export async function migrate(
  sql: Sql,
  migrations: readonly Migration[],
  onApplied: (name: string) => void = () => {},
): Promise<string[]> {
  const connection = await sql.reserve()
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`
    await connection`
      create table if not exists schema_migrations (
        name text primary key,
        sha256 text not null,
        -- oldest program version that can live with this schema
        oldest_program text not null,
        applied_at timestamptz not null default now()
      )`
    const rows = await connection<{ name: string }[]>`select name from schema_migrations`
    const done = new Set(rows.map((row) => row.name))
    const applied: string[] = []
    for (const migration of migrations.filter((each) => !done.has(each.name))) {
      await connection`begin`
      try {
        await connection.unsafe(migration.sql)
        await connection`
          insert into schema_migrations (name, sha256, oldest_program)
          values (${migration.name}, ${sha256Of(migration.sql)}, ${oldestProgramOf(migration)})`
        await connection`commit`
      } catch (error) {
        await connection`rollback`
        throw new Error(`migration ${migration.name}`, { cause: error })
      }
      applied.push(migration.name)
      onApplied(migration.name)
    }
    return applied
  } finally {
    await connection`select pg_advisory_unlock(${MIGRATION_LOCK})`
    connection.release()
  }
}

/** Takes a lock that ends with the connection; `sql` should have one connection only. */
export async function tryAdvisoryLock(sql: Sql, lock: number): Promise<boolean> {
  const [row] = await sql<{ taken: boolean }[]>`select pg_try_advisory_lock(${lock}) as taken`
  return row?.taken ?? false
}

/** Each file says on its `-- since:` line which program version is the oldest that can live with it. */
function oldestProgramOf(migration: Migration): string {
  const match = /^-- since: (\d+\.\d+\.\d+)$/m.exec(migration.sql)
  if (!match?.[1]) throw new Error(`migration ${migration.name} has no "-- since: X.Y.Z" line`)
  return match[1]
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

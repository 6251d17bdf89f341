import type { Db } from "#platform/db.ts"

/** Options kept in the database; keys that begin with "internal." are the program's own notes. */
export async function listOptions(db: Db): Promise<Map<string, unknown>> {
  const rows = await db<{ key: string; value: unknown }[]>`select key, value from options`
  return new Map(rows.map(({ key, value }) => [key, value]))
}

export async function findOption(db: Db, key: string): Promise<unknown> {
  const [row] = await db<{ value: unknown }[]>`select value from options where key = ${key}`
  return row?.value ?? null
}

/** `value` is anything JSON can hold. */
export async function recordOption(db: Db, key: string, value: unknown): Promise<void> {
  await db`
    insert into options (key, value) values (${key}, ${JSON.stringify(value)}::text::jsonb)
    on conflict (key) do update set value = excluded.value, updated_at = now()`
}

export async function deleteOption(db: Db, key: string): Promise<void> {
  await db`delete from options where key = ${key}`
}

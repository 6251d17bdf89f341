import { expect, test } from "bun:test"
import { testDatabase } from "../support/database.ts"

test("whatever refers to releases has an index for it: deleting one scans no table", async () => {
  const { sql } = await testDatabase()
  const keys = await sql<{ column: string; isIndexed: boolean }[]>`
    select c.conrelid::regclass || '.' || a.attname as column, exists (
      select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]) as is_indexed
    from pg_constraint c
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f' and c.confrelid = 'releases'::regclass`
  expect(keys.length).toBeGreaterThan(5)
  expect(keys.filter(({ isIndexed }) => !isIndexed)).toEqual([])
})

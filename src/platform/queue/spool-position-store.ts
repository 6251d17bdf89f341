import type { Db } from "../db.ts"

/** The byte behind the last consumed record; 0 for a segment nobody has begun. */
export async function findSpoolPosition(db: Db, segment: string): Promise<number> {
  const [row] = await db<{ position: string }[]>`
    select position from spool_positions where segment = ${segment}`
  return Number(row?.position ?? 0)
}

export async function listSpoolPositions(db: Db): Promise<Map<string, number>> {
  const rows = await db<{ segment: string; position: string }[]>`
    select segment, position from spool_positions`
  return new Map(rows.map(({ segment, position }) => [segment, Number(position)]))
}

/** Positions only grow: a late transaction never takes one back. */
export async function recordSpoolPosition(
  db: Db,
  { segment, position }: { segment: string; position: number },
): Promise<void> {
  await db`
    insert into spool_positions as known (segment, position)
    values (${segment}, ${position})
    on conflict (segment) do update set
      position = greatest(known.position, excluded.position),
      updated_at = now()`
}

export async function deleteSpoolPositions(db: Db, segments: string[]): Promise<void> {
  await db`delete from spool_positions where segment = any(${segments})`
}

import type { Db, Tx } from "#platform/db.ts"

export type RemappingKey = { projectId: string; id: string }

export type Remapping = RemappingKey & {
  status: "running" | "done" | "failed"
  total: number
  lookedAt: number
  /** Events of which more frames are known now. */
  mapped: number
  /** Of those, given another issue. */
  moved: number
  positionDay: string | null
  positionEvent: string | null
  createdAt: Date
  finishedAt: Date | null
}

const columns = (db: Db, status = db`status`) => db`
  project_id, id, ${status}, total::float8 as total, looked_at::float8 as looked_at, mapped::float8 as mapped,
  moved::float8 as moved, position_day::text as position_day, position_event::text as position_event, created_at, finished_at`

/** A command that was killed goes on with nothing; a task does, within minutes. The slowest map takes half a minute. */
const isForgotten = (db: Db) => db`
  status = 'running' and progressed_at < now() - interval '10 minutes'`

/** null: one is under way. One that has not got on for ten minutes has been forgotten. */
export async function insertRemapping(
  tx: Tx,
  projectId: string,
  createdBy: string | null,
): Promise<string | null> {
  await tx`
    update remappings set status = 'failed', finished_at = now()
    where project_id = ${projectId} and ${isForgotten(tx)}`
  const [row] = await tx<{ id: string }[]>`
    insert into remappings ${tx({ projectId, createdBy })}
    on conflict (project_id) where status = 'running' do nothing
    returning id`
  return row?.id ?? null
}

export async function findRemapping(db: Db, key: RemappingKey): Promise<Remapping | null> {
  const [row] = await db<Remapping[]>`
    select ${columns(db)} from remappings where project_id = ${key.projectId} and id = ${key.id}`
  return row ?? null
}

/** Newest first; what was forgotten counts as failed. */
export function listRemappings(db: Db, projectId: string, limit: number) {
  return db<Remapping[]>`
    select ${columns(db, db`case when ${isForgotten(db)} then 'failed' else status end as status`)}
    from remappings where project_id = ${projectId} order by id desc limit ${limit}`
}

export async function updateRemappingTotal(
  db: Db,
  key: RemappingKey,
  total: number,
): Promise<void> {
  await db`
    update remappings set total = ${total}, progressed_at = now() where project_id = ${key.projectId} and id = ${key.id}`
}

/** It gets on, though nothing can be counted yet. */
export async function touchRemapping(db: Db, key: RemappingKey): Promise<void> {
  await db`
    update remappings set progressed_at = now() where project_id = ${key.projectId} and id = ${key.id}`
}

/** Progress, in the transaction of what was done. */
export async function addRemapped(
  tx: Tx,
  key: RemappingKey,
  done: { lookedAt: number; mapped: number; moved: number; day: string; event: string },
): Promise<void> {
  await tx`
    update remappings set looked_at = looked_at + ${done.lookedAt}, mapped = mapped + ${done.mapped},
      moved = moved + ${done.moved}, progressed_at = now(), position_day = ${done.day}::date, position_event = ${done.event}::uuid
    where project_id = ${key.projectId} and id = ${key.id}`
}

export async function updateRemappingDone(db: Db, key: RemappingKey): Promise<void> {
  await db`
    update remappings set status = 'done', finished_at = now()
    where project_id = ${key.projectId} and id = ${key.id} and status = 'running'`
}

export async function deleteOldRemappings(db: Db, before: Date): Promise<void> {
  await db`delete from remappings where created_at < ${before} and status <> 'running'`
}

import type { Db, Tx } from "#platform/db.ts"

/** A message that could not be processed. `body` is sealed. */
export type DeadLetter = {
  messageId: string
  projectId: string | null
  keyId: string
  /** Category -> quantity, as its outcome was counted. */
  items: Record<string, number>
  receivedAt: Date
  deliveries: number
  error: string
  body: Uint8Array
}

export type DeadLetterRow = Omit<DeadLetter, "body"> & { id: string; failedAt: Date }

export async function insertDeadLetter(tx: Tx, letter: DeadLetter): Promise<void> {
  await tx`
    insert into dead_letters (message_id, project_id, key_id, items, received_at, deliveries, error, body)
    values (${letter.messageId}, ${letter.projectId}, ${letter.keyId}, ${tx.json(letter.items)},
      ${letter.receivedAt}, ${letter.deliveries}, ${letter.error}, ${letter.body})
    on conflict (message_id) do nothing`
}

export async function listDeadLetters(
  db: Db,
  page: { beforeId: string | null; limit: number },
): Promise<DeadLetterRow[]> {
  return await db<DeadLetterRow[]>`
    select id, message_id, project_id, key_id, items, received_at, failed_at, deliveries, error
    from dead_letters
    where ${page.beforeId}::bigint is null or id < ${page.beforeId}::bigint
    order by id desc limit ${page.limit}`
}

export async function findDeadLetter(
  db: Db,
  id: string,
): Promise<(DeadLetter & { id: string }) | null> {
  const [row] = await db<(DeadLetter & { id: string })[]>`
    select id, message_id, project_id, key_id, items, received_at, deliveries, error, body
    from dead_letters where id = ${id}`
  return row ?? null
}

/** Locks the letter for a replay, so that two people replay it once; null when somebody did. */
export async function lockDeadLetter(tx: Tx, id: string): Promise<{ id: string } | null> {
  const [row] = await tx<{ id: string }[]>`select id from dead_letters where id = ${id} for update`
  return row ?? null
}

export async function deleteDeadLetter(db: Db, id: string): Promise<boolean> {
  const result = await db`delete from dead_letters where id = ${id}`
  return result.count > 0
}

export async function countDeadLetters(db: Db): Promise<number> {
  const [row] = await db<{ n: number }[]>`select count(*)::int as n from dead_letters`
  return row?.n ?? 0
}

export async function deleteOldDeadLetters(db: Db, before: Date): Promise<number> {
  const result = await db`delete from dead_letters where failed_at < ${before}`
  return result.count
}

import type { Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"

export type ConsumedKey = { messageId: string; receivedDay: string }

/**
 * Marks messages as having had their effect and returns the ids of those that had none before. Waits for another
 * transaction that holds the same message until that one is decided.
 */
export async function insertConsumed(tx: Tx, keys: readonly ConsumedKey[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set()
  const rows = await tx<{ messageId: string }[]>`
    insert into consumed (message_id, received_day)
    select message_id, received_day
    from unnest(
      ${plainArray(keys.map((key) => key.messageId))}::uuid[],
      ${plainArray(keys.map((key) => key.receivedDay))}::date[]
    ) as delivered (message_id, received_day)
    order by message_id
    on conflict do nothing
    returning message_id`
  return new Set(rows.map((row) => row.messageId))
}

import { insertDeadLetter } from "#events/dead-letter-store.ts"
import type { Tx } from "#platform/db.ts"
import { seal } from "#platform/seal.ts"
import type { Line } from "./line.ts"
import type { Prepared } from "./prepare/prepared.ts"

/** What the key of sealed dead letters is derived for. */
export const DEAD_LETTER_PURPOSE = "dead-letters"

const MAX_ERROR_CHARS = 2000

/** Puts away, encrypted, the messages of a batch that could not be processed. */
export async function bury(
  line: Pick<Line, "secretKey">,
  tx: Tx,
  batch: readonly Prepared[],
): Promise<void> {
  for (const { record, dead, projectId, keyId, receivedAt } of batch) {
    if (!dead) continue
    await insertDeadLetter(tx, {
      messageId: record.id,
      projectId: projectId === "0" ? null : projectId,
      keyId,
      items: dead.items,
      receivedAt: new Date(receivedAt),
      deliveries: record.deliveries,
      error: storable(dead.error),
      body: seal(line.secretKey, DEAD_LETTER_PURPOSE, record.body),
    })
  }
}

/** An error may quote what it stumbled over, and PostgreSQL stores neither NUL nor half a character. */
function storable(error: string): string {
  return error.slice(0, MAX_ERROR_CHARS).replaceAll("\0", "").toWellFormed()
}

import {
  type DeadLetter,
  deleteDeadLetter,
  findDeadLetter,
  lockDeadLetter,
} from "#events/dead-letter-store.ts"
import { decodeMessage, type IngestMessage } from "#messages.ts"
import type { Db, Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { messageId } from "#platform/ids.ts"
import { unseal } from "#platform/seal.ts"
import { decodeBody } from "#protocol/encoding.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { DEAD_LETTER_PURPOSE } from "./bury.ts"
import type { Line } from "./line.ts"
import { type BatchResult, processBatch } from "./process-batch.ts"

/** What a superuser sees of a dead letter: the request as it came. */
export type OpenedDeadLetter = Omit<DeadLetter, "body"> & {
  id: string
  /** null: not even the envelope of our own queue could be read. */
  message: Omit<IngestMessage, "body"> | null
  /** The request's body, unpacked as far as it can be. */
  body: Uint8Array
}

/** The letter, decrypted. Throws not_found. */
export async function openDeadLetter(
  db: Db,
  options: { id: string; secretKey: string; maxBytes: number },
): Promise<OpenedDeadLetter> {
  const letter = await getDeadLetter(db, options.id)
  const plain = unseal(options.secretKey, DEAD_LETTER_PURPOSE, letter.body)
  try {
    const { body, ...message } = decodeMessage(plain)
    const decoded = decodeBody(body, message.encoding, options.maxBytes)
    return { ...letter, message, body: "bytes" in decoded ? decoded.bytes : body }
  } catch {
    return { ...letter, message: null, body: plain }
  }
}

/**
 * Sends a letter through the line once more, as a new message. Its old outcome is taken back in the transaction that
 * writes the new one; a letter that still cannot be stored comes back under a new id. Throws not_found.
 */
export async function replayDeadLetter(
  line: Line,
  id: string,
  signal: AbortSignal,
): Promise<BatchResult> {
  const letter = await getDeadLetter(line.sql, id)
  const body = unseal(line.secretKey, DEAD_LETTER_PURPOSE, letter.body)
  const nothing = async () => {}
  const batch = {
    records: [{ id: messageId(), body, deliveries: 1 }],
    damaged: 0,
    commit: (tx: Tx) => takeBack(tx, letter),
    acknowledge: nothing,
    release: nothing,
  }
  return processBatch(line, batch, signal)
}

async function getDeadLetter(db: Db, id: string) {
  const letter = await findDeadLetter(db, id)
  if (!letter) throw new AppError("not_found", `There is no dead letter ${id}.`)
  return letter
}

async function takeBack(tx: Tx, letter: DeadLetter & { id: string }): Promise<void> {
  const locked = await lockDeadLetter(tx, letter.id)
  if (!locked) throw new AppError("not_found", "Somebody else has replayed this dead letter.")
  const { keyId, receivedAt, items } = letter
  await recordOutcomes(
    tx,
    Object.entries(items).map(([category, quantity]) => ({
      projectId: letter.projectId ?? "0",
      keyId,
      receivedAt: receivedAt.getTime(),
      category,
      outcome: "dead_lettered",
      reason: "",
      quantity: -quantity,
    })),
  )
  await deleteDeadLetter(tx, letter.id)
}

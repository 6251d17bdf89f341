import type { Tx } from "../db.ts"

export type QueueRecord = {
  /** uuid v7, made where the record was accepted. */
  id: string
  body: Uint8Array
  /** Which delivery this is; 1 = the first. Counted over crashes of the receiver. */
  deliveries: number
}

/** Records in hand. They come again, to this process or another, until they are acknowledged. */
export type Batch = {
  records: QueueRecord[]
  /** Places where records could not be read and were passed over. */
  damaged: number
  /** Part of the transaction that does the batch's work; call it last in it. */
  commit(tx: Tx): Promise<void>
  /** After that transaction: the records will not come again. */
  acknowledge(): Promise<void>
  /** Nothing was wrong with the records, but their work could not be done: they come again, uncounted. */
  release(): Promise<void>
}

export type TakeOptions = {
  max: number
  /** Of all bodies; one record is always given, whatever its size. */
  maxBytes: number
  /** How long to wait when there is nothing. */
  waitMs: number
  signal: AbortSignal
}

export type Backlog = {
  /** null = not known without reading it all. */
  records: number | null
  bytes: number
  /** When the oldest waiting record was accepted. */
  oldestAt: Date | null
}

/** The line between accepting and processing: at least once, in no promised order. */
export interface IngestQueue {
  /** A batch, or null when nothing came in time. Several batches may be in hand at once. */
  take(options: TakeOptions): Promise<Batch | null>
  backlog(): Promise<Backlog>
  /** Lets go of what is not in hand. */
  stop(): Promise<void>
}

/** A batch that is not full waits this long for company, unless its queue was told otherwise. */
export const BATCH_WAIT_MS = 25

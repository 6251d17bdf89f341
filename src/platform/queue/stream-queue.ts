import type { Log } from "../log.ts"
import { createScript, duplicateRedis, type RedisClient } from "../redis.ts"
import {
  BATCH_WAIT_MS,
  type Backlog,
  type Batch,
  type IngestQueue,
  type QueueRecord,
  type TakeOptions,
} from "./queue.ts"
import { decodeRecord } from "./record.ts"
import acknowledgeLua from "./stream-acknowledge.lua" with { type: "text" }
import {
  claimIdle,
  deliveryCounts,
  dropConsumer,
  ensureGroup,
  findIdle,
  GROUP,
  handBack,
  isReply,
  readNew,
  type StreamEntry,
} from "./stream-commands.ts"
import forgetLua from "./stream-forget.lua" with { type: "text" }

/** Abandoned entries are looked for this often. */
const CLAIM_EVERY_MS = 1000
/** Names of killed workers stay so long; one that only had nothing to do gets its name back with its next entry. */
const FORGET_AFTER_MS = 3_600_000
/** Longest block, so that stopping and other streams need not wait longer. */
const BLOCK_MS = 200
/** Read at once: Redis counts entries, not bytes, and a batch is bounded by bytes too. */
const READ_COUNT = 100
/** It may be flushed again between making the group and asking. */
const GROUP_TRIES = 5
/** Entries that two receivers died over are given one by one, so that the culprit is known. */
const ALONE_AFTER_DELIVERIES = 2

export type StreamQueueOptions = {
  redis: RedisClient
  /** One per shard. */
  streams: readonly [string, ...string[]]
  /** Unique to this process, also after a restart: what an earlier one held is claimed from it. */
  consumer: string
  /** A batch in hand for longer may be given to another worker. */
  claimIdleMs: number
  /** Milliseconds that a batch which is not full waits for company. */
  batchWaitMs?: number
  /** Milliseconds after which the name of a worker that was killed is forgotten. */
  forgetAfterMs?: number
  log: Log
}

type Taken = StreamEntry & { deliveries: number }

/** The queue of a fleet: Redis Streams with a consumer group, filled by the forwarders. */
export function createStreamQueue(options: StreamQueueOptions): IngestQueue {
  const { redis, streams, consumer, log } = options
  const blocking = duplicateRedis(redis, log)
  const readers = streams.map((stream) => streamReader(options, blocking, stream))
  let turn: Promise<unknown> = Promise.resolve()
  let isStopped = false
  let first = 0

  const takeNow = async (limits: TakeOptions, blockMs: number): Promise<Batch | null> => {
    first = (first + 1) % readers.length
    const inTurn = [...readers.slice(first), ...readers.slice(0, first)]
    for (const [i, reader] of inTurn.entries()) {
      const isLast = i === inTurn.length - 1
      const batch = await reader.take(limits, isLast ? blockMs : 0)
      if (batch) return batch
    }
    return null
  }
  const take = async (limits: TakeOptions): Promise<Batch | null> => {
    const deadline = performance.now() + limits.waitMs
    const longestBlock = readers.length === 1 ? BLOCK_MS : BATCH_WAIT_MS
    while (!isStopped && !limits.signal.aborted) {
      const left = deadline - performance.now()
      const batch = await takeNow(limits, Math.max(1, Math.ceil(Math.min(left, longestBlock))))
      if (batch || left <= 0) return batch
    }
    return null
  }
  return {
    take: (limits) => {
      const taken = turn.then(() => take(limits))
      turn = taken.catch(() => {})
      return taken
    },
    backlog: async () =>
      sumOf(await Promise.all(streams.map((each) => streamBacklog(redis, each)))),
    stop: async () => {
      isStopped = true
      await turn
      await Promise.all(
        streams.map((stream) => dropConsumer(redis, { stream, consumer }).catch(() => {})),
      )
      ;(await blocking).disconnect()
    },
  }
}

function streamReader(options: StreamQueueOptions, blocking: Promise<RedisClient>, stream: string) {
  const { redis, consumer, claimIdleMs, log, batchWaitMs = BATCH_WAIT_MS } = options
  const { forgetAfterMs = FORGET_AFTER_MS } = options
  const at = { stream, consumer }
  const acknowledge = createScript(acknowledgeLua)
  const forget = createScript(forgetLua)
  let claimedAt = Number.NEGATIVE_INFINITY
  let forgotAt = Number.NEGATIVE_INFINITY

  /** A flushed or new Redis has no group: it is made, and the question asked again. */
  const withGroup = async <T>(ask: () => Promise<T>, triesLeft = GROUP_TRIES): Promise<T> => {
    try {
      return await ask()
    } catch (error) {
      const isMissing = isReply(error, "NOGROUP") || isReply(error, "UNBLOCKED")
      if (!isMissing || triesLeft === 0) throw error
      await ensureGroup(redis, stream)
      return withGroup(ask, triesLeft - 1)
    }
  }
  const abandoned = async (most: number): Promise<Taken[]> => {
    if (performance.now() - claimedAt < CLAIM_EVERY_MS) return []
    const oldest = await withGroup(() => findIdle(redis, stream, claimIdleMs))
    const isSuspect = (oldest?.deliveries ?? 0) >= ALONE_AFTER_DELIVERIES
    const count = isSuspect ? 1 : most
    const entries = oldest
      ? await claimIdle(redis, at, { start: oldest.entryId, count, idleMs: claimIdleMs })
      : []
    // A full answer means that there are more: they need not wait.
    if (entries.length < count) claimedAt = performance.now()
    if (entries.length === 0) return []
    const counts = await deliveryCounts(redis, at, entries)
    const taken = entries.map((entry) => ({ ...entry, deliveries: counts.get(entry.entryId) ?? 2 }))
    return isSuspect ? taken : withoutSuspects(taken)
  }
  /** Only tidies up: nobody waits for it, and the line goes on without. */
  const forgetTheDead = () => {
    if (performance.now() - forgotAt < forgetAfterMs) return
    forgotAt = performance.now()
    forget(redis, [stream], [GROUP, forgetAfterMs]).catch((err) =>
      log.debug({ stream, err }, "stream: names of killed workers stay"),
    )
  }
  /** Nobody must be counted as delivered along with a culprit: suspects go back and come alone. */
  const withoutSuspects = async (taken: Taken[]): Promise<Taken[]> => {
    const suspects = taken.filter(({ deliveries }) => deliveries > ALONE_AFTER_DELIVERIES)
    await giveBack(suspects)
    return taken.filter((entry) => !suspects.includes(entry))
  }
  const giveBack = async (taken: Taken[]): Promise<void> => {
    claimedAt = taken.length > 0 ? Number.NEGATIVE_INFINITY : claimedAt
    await Promise.all(taken.map((entry) => handBack(redis, at, { ...entry, idleMs: claimIdleMs })))
  }
  const fresh = async (limits: TakeOptions, blockMs: number): Promise<Taken[]> => {
    const entries: Taken[] = []
    let bytes = 0
    const read = async (connection: RedisClient, waitMs: number) => {
      const count = Math.min(READ_COUNT, limits.max - entries.length)
      const found = await withGroup(() => readNew(connection, at, { count, blockMs: waitMs }))
      for (const entry of found) {
        bytes += entry.record?.length ?? 0
        entries.push({ ...entry, deliveries: 1 })
      }
      return found.length === count
    }
    const readAll = async () => {
      while (entries.length < limits.max && bytes < limits.maxBytes)
        if (!(await read(redis, 0))) break
    }
    const isBehind = await read(await blocking, blockMs)
    if (entries.length === 0) return entries
    if (isBehind) await readAll()
    if (entries.length >= limits.max || bytes >= limits.maxBytes) return entries
    await Bun.sleep(batchWaitMs)
    await readAll()
    return entries
  }
  const batchOf = (taken: Taken[]): Batch => {
    const records = taken.flatMap(recordOf)
    const damaged = taken.length - records.length
    if (damaged > 0) log.error({ stream, damaged }, "stream: unreadable entries skipped")
    const entryIds = taken.map(({ entryId }) => entryId)
    return {
      records,
      damaged,
      commit: async () => {},
      acknowledge: async () => {
        await acknowledge(redis, [stream], [GROUP, ...entryIds])
      },
      release: () => giveBack(taken),
    }
  }
  return {
    take: async (limits: TakeOptions, blockMs: number): Promise<Batch | null> => {
      const again = await abandoned(Math.min(READ_COUNT, limits.max))
      forgetTheDead()
      const taken = again.length > 0 ? again : await fresh(limits, blockMs)
      return taken.length > 0 ? batchOf(taken) : null
    },
  }
}

function recordOf({ record, deliveries }: Taken): QueueRecord[] {
  const decoded = record && decodeRecord(record)
  return decoded ? [{ ...decoded, deliveries }] : []
}

/** `bytes` is what Redis spends on the stream, judged from a sample of its entries. */
async function streamBacklog(redis: RedisClient, stream: string): Promise<Backlog> {
  const records = await redis.xlen(stream)
  if (records === 0) return { records, bytes: 0, oldestAt: null }
  const bytes = Number((await redis.call("MEMORY", "USAGE", stream)) ?? 0)
  const [oldest] = await redis.xrange(stream, "-", "+", "COUNT", 1)
  // The entry's own id is the time it was forwarded; that of a backlog in the spool shows there.
  const oldestAt = oldest ? new Date(Number(oldest[0].split("-")[0])) : null
  return { records, bytes, oldestAt }
}

function sumOf(parts: Backlog[]): Backlog {
  const times = parts.flatMap(({ oldestAt }) => oldestAt?.getTime() ?? [])
  return {
    records: parts.reduce((sum, part) => sum + (part.records ?? 0), 0),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
    oldestAt: times.length > 0 ? new Date(Math.min(...times)) : null,
  }
}

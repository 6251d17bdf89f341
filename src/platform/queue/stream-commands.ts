import type { RedisClient } from "../redis.ts"

export type StreamEntry = { entryId: string; record: Buffer | null }

/** All of a stream's readers are one group. */
export const GROUP = "workers"

/** New entries for this consumer; none after `blockMs`. */
export async function readNew(
  redis: RedisClient,
  at: { stream: string; consumer: string },
  limits: { count: number; blockMs: number },
): Promise<StreamEntry[]> {
  const { count, blockMs } = limits
  const command = ["GROUP", GROUP, at.consumer, "COUNT", count] as const
  const block = blockMs > 0 ? (["BLOCK", blockMs] as const) : []
  const answer = (await redis.callBuffer(
    "XREADGROUP",
    ...command,
    ...block,
    "STREAMS",
    at.stream,
    ">",
  )) as [Buffer, RawEntry[]][] | null
  return (answer?.[0]?.[1] ?? []).map(entryOf)
}

/** The oldest entry that somebody has held for longer than `idleMs`, and how often it was delivered. */
export async function findIdle(
  redis: RedisClient,
  stream: string,
  idleMs: number,
): Promise<{ entryId: string; deliveries: number } | null> {
  const [oldest] = (await redis.call("XPENDING", stream, GROUP, "IDLE", idleMs, "-", "+", 1)) as [
    string,
    string,
    number,
    number,
  ][]
  return oldest ? { entryId: oldest[0], deliveries: oldest[3] } : null
}

/** Takes over what others have held for longer than `idleMs` without acknowledging it, from `start` on. */
export async function claimIdle(
  redis: RedisClient,
  at: { stream: string; consumer: string },
  limits: { start: string; count: number; idleMs: number },
): Promise<StreamEntry[]> {
  const answer = (await redis.callBuffer(
    "XAUTOCLAIM",
    at.stream,
    GROUP,
    at.consumer,
    limits.idleMs,
    limits.start,
    "COUNT",
    limits.count,
  )) as [Buffer, RawEntry[]]
  // Redis 6.2 lists entries that were deleted meanwhile as null.
  return answer[1].filter((entry) => entry !== null).map(entryOf)
}

/** How often each of the consumer's entries was delivered. */
export async function deliveryCounts(
  redis: RedisClient,
  at: { stream: string; consumer: string },
  entries: readonly StreamEntry[],
): Promise<Map<string, number>> {
  const first = entries[0]?.entryId ?? "-"
  const last = entries.at(-1)?.entryId ?? "+"
  // More than were claimed now may be pending between the two.
  const count = 10_000
  const pending = (await redis.call(
    "XPENDING",
    at.stream,
    GROUP,
    first,
    last,
    count,
    at.consumer,
  )) as [string, string, number, number][]
  return new Map(pending.map(([entryId, , , deliveries]) => [entryId, deliveries]))
}

/** Makes an entry look long idle and undelivered once less, so that the next claim finds and counts it rightly. */
export async function handBack(
  redis: RedisClient,
  at: { stream: string; consumer: string },
  given: { entryId: string; idleMs: number; deliveries: number },
): Promise<void> {
  await redis.call(
    "XCLAIM",
    at.stream,
    GROUP,
    at.consumer,
    0,
    given.entryId,
    "IDLE",
    given.idleMs,
    "RETRYCOUNT",
    given.deliveries - 1,
    "JUSTID",
  )
}

/** The group starts at the stream's beginning: what came before anybody read is for the readers too. */
export async function ensureGroup(redis: RedisClient, stream: string): Promise<void> {
  try {
    await redis.call("XGROUP", "CREATE", stream, GROUP, "0", "MKSTREAM")
  } catch (error) {
    if (!isReply(error, "BUSYGROUP")) throw error
  }
}

/** Forgets a consumer that holds nothing; Redis would drop what it holds with it. */
export async function dropConsumer(
  redis: RedisClient,
  at: { stream: string; consumer: string },
): Promise<void> {
  const pending = (await redis.call(
    "XPENDING",
    at.stream,
    GROUP,
    "-",
    "+",
    1,
    at.consumer,
  )) as unknown[]
  if (pending.length === 0) await redis.call("XGROUP", "DELCONSUMER", at.stream, GROUP, at.consumer)
}

/** Whether the error is Redis' answer with this code, as against a broken connection. */
export function isReply(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.includes(code)
}

type RawEntry = [Buffer, Buffer[] | null]

function entryOf([id, fields]: RawEntry): StreamEntry {
  return { entryId: id.toString(), record: fields?.[1] ?? null }
}

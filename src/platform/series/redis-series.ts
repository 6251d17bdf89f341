import type { Log } from "../log.ts"
import type { RedisClient } from "../redis.ts"
import {
  bucketOf,
  bucketRange,
  bucketTime,
  type Series,
  type SeriesTotal,
  STEPS,
  type StepSeconds,
  totalsOf,
} from "./series.ts"

/** Buckets in one hash: an hour of 10 s steps. A hash goes as a whole when its time to live ends. */
const STRETCH_BUCKETS = 360

export type SeriesKeys = {
  series(series: string, stepSeconds: number, stretch: number): string
  distinct(series: string, stepSeconds: number, bucket: number): string
}

/** Live series for many processes: counters in hashes, different values in HyperLogLogs. */
export function createRedisSeries(options: {
  redis: RedisClient
  keys: SeriesKeys
  log: Log
}): Series {
  const { redis, keys, log } = options
  let hasFailed = false

  const addTotal = async (total: SeriesTotal, at: Date) => {
    const commands = redis.pipeline()
    for (const { stepSeconds, keptSeconds } of STEPS) {
      const bucket = bucketOf(at, stepSeconds)
      const counts = keys.series(total.series, stepSeconds, stretchOf(bucket))
      commands.hincrby(counts, String(bucket), total.quantity)
      commands.expire(counts, keptSeconds + STRETCH_BUCKETS * stepSeconds)
      if (total.distinct.length === 0) continue
      const values = keys.distinct(total.series, stepSeconds, bucket)
      commands.pfadd(values, ...total.distinct)
      commands.expire(values, keptSeconds)
    }
    const failed = (await commands.exec())?.find(([error]) => error)
    if (failed?.[0]) throw failed[0]
  }

  return {
    add: async (points, at) => {
      try {
        await Promise.all(totalsOf(points).map((total) => addTotal(total, at)))
        hasFailed = false
      } catch (error) {
        if (!hasFailed) log.warn({ err: error }, "series: Redis is away, live graphs have a gap")
        hasFailed = true
      }
    },
    read: async (series, from, to, stepSeconds) => {
      const buckets = bucketRange(from, to, stepSeconds)
      const counts = await readCounts(options, series, { buckets, stepSeconds })
      const commands = redis.pipeline()
      for (const bucket of buckets) commands.pfcount(keys.distinct(series, stepSeconds, bucket))
      const distinct = buckets.length > 0 ? ((await commands.exec()) ?? []) : []
      return buckets.map((bucket, i) => ({
        at: bucketTime(bucket, stepSeconds),
        quantity: counts.get(bucket) ?? 0,
        distinct: Number(distinct[i]?.[1] ?? 0),
      }))
    },
    countDistinct: async (series, from, to, stepSeconds) => {
      const sets = bucketRange(from, to, stepSeconds).map((bucket) =>
        keys.distinct(series, stepSeconds, bucket),
      )
      return sets.length > 0 ? redis.pfcount(...sets) : 0
    },
    // Each key has its time to live.
    sweep: async () => 0,
  }
}

async function readCounts(
  { redis, keys }: { redis: RedisClient; keys: SeriesKeys },
  series: string,
  { buckets, stepSeconds }: { buckets: number[]; stepSeconds: StepSeconds },
): Promise<Map<number, number>> {
  const stretches = Map.groupBy(buckets, stretchOf)
  const found = await Promise.all(
    [...stretches].map(async ([stretch, members]) => {
      const key = keys.series(series, stepSeconds, stretch)
      const counts = await redis.hmget(key, ...members.map(String))
      return members.map((bucket, i): [number, number] => [bucket, Number(counts[i] ?? 0)])
    }),
  )
  return new Map(found.flat())
}

function stretchOf(bucket: number): number {
  return Math.floor(bucket / STRETCH_BUCKETS)
}

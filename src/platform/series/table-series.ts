import type { Sql } from "../db.ts"
import type { Log } from "../log.ts"
import {
  bucketOf,
  bucketRange,
  bucketTime,
  type Series,
  STEPS,
  type StepSeconds,
  totalsOf,
} from "./series.ts"
import {
  countSeriesBits,
  deleteSeriesPoints,
  listSeriesPoints,
  recordSeriesPoints,
} from "./series-point-store.ts"

/** One kilobyte of bits per bucket: within 1 % up to 8,000 values, 3 % up to 40,000. */
const BITS = 8192

/** Live series without Redis. Different values by linear counting: one bit per hash, the empty ones tell. */
export function createTableSeries({ sql, log }: { sql: Sql; log: Log }): Series {
  let hasFailed = false
  return {
    add: async (points, at) => {
      const totals = totalsOf(points)
      const rows = STEPS.flatMap(({ stepSeconds }) =>
        totals.map(({ series, quantity, distinct }) => ({
          series,
          bucket: bucketTime(bucketOf(at, stepSeconds), stepSeconds),
          stepSeconds,
          value: quantity,
          distinctHex: distinct.length > 0 ? bitsOf(distinct) : null,
        })),
      )
      try {
        if (rows.length > 0) await recordSeriesPoints(sql, rows)
        hasFailed = false
      } catch (error) {
        if (!hasFailed) log.warn({ err: error }, "series: not written, live graphs have a gap")
        hasFailed = true
      }
    },
    read: async (series, from, to, stepSeconds) => {
      const range = { series, stepSeconds, ...wholeBuckets(from, to, stepSeconds) }
      const rows = await listSeriesPoints(sql, range)
      const found = new Map(rows.map((row) => [row.bucket.getTime(), row]))
      return bucketRange(from, to, stepSeconds).map((bucket) => {
        const at = bucketTime(bucket, stepSeconds)
        const row = found.get(at.getTime())
        return { at, quantity: Number(row?.value ?? 0), distinct: estimate(row?.bitsSet ?? 0) }
      })
    },
    countDistinct: async (series, from, to, stepSeconds) =>
      estimate(
        await countSeriesBits(sql, { series, stepSeconds, ...wholeBuckets(from, to, stepSeconds) }),
      ),
    sweep: async (now) => {
      let swept = 0
      for (const { stepSeconds, keptSeconds } of STEPS) {
        const before = new Date(now.getTime() - keptSeconds * 1000)
        swept += await deleteSeriesPoints(sql, { stepSeconds, before })
      }
      return swept
    },
  }
}

function wholeBuckets(from: Date, to: Date, stepSeconds: StepSeconds): { from: Date; to: Date } {
  return { from: bucketTime(bucketOf(from, stepSeconds), stepSeconds), to }
}

function bitsOf(values: readonly string[]): string {
  const bits = new Uint8Array(BITS / 8)
  for (const value of values) {
    const bit = Bun.hash.xxHash32(value) % BITS
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7))
  }
  return bits.toHex()
}

/** How many values set so many of the bits. */
function estimate(bitsSet: number): number {
  const empty = Math.max(1, BITS - bitsSet)
  return Math.round(BITS * Math.log(BITS / empty))
}

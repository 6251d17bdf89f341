import type { Db } from "../db.ts"

export type SeriesPointRow = {
  series: string
  bucket: Date
  stepSeconds: number
  value: number
  /** Hexadecimal bits, or null when nothing distinct was counted. */
  distinctHex: string | null
}

/** Rows sorted by key, so that writers side by side take their locks in one order. */
export async function recordSeriesPoints(db: Db, rows: SeriesPointRow[]): Promise<void> {
  await db`
    insert into series_points as point (series, bucket, step_seconds, value, distinct_bits)
    select series, to_timestamp(bucket_seconds), step_seconds, value, ('x' || distinct_hex)::bit varying
    from unnest(
      ${rows.map((row) => row.series)}::text[],
      ${rows.map((row) => row.bucket.getTime() / 1000)}::bigint[],
      ${rows.map((row) => row.stepSeconds)}::int[],
      ${rows.map((row) => row.value)}::bigint[],
      ${rows.map((row) => row.distinctHex)}::text[]
    ) as row (series, bucket_seconds, step_seconds, value, distinct_hex)
    order by series, step_seconds, bucket_seconds
    on conflict (series, step_seconds, bucket) do update set
      value = point.value + excluded.value,
      distinct_bits = case
        when point.distinct_bits is null then excluded.distinct_bits
        when excluded.distinct_bits is null then point.distinct_bits
        else point.distinct_bits | excluded.distinct_bits
      end`
}

export type SeriesRange = { series: string; stepSeconds: number; from: Date; to: Date }

export function listSeriesPoints(db: Db, { series, stepSeconds, from, to }: SeriesRange) {
  return db<{ bucket: Date; value: string; bitsSet: number }[]>`
    select bucket, value, coalesce(bit_count(distinct_bits), 0)::int as bits_set
    from series_points
    where series = ${series} and step_seconds = ${stepSeconds}
      and bucket >= ${from} and bucket < ${to}`
}

export async function countSeriesBits(db: Db, range: SeriesRange): Promise<number> {
  const [row] = await db<{ bitsSet: number }[]>`
    select coalesce(bit_count(bit_or(distinct_bits)), 0)::int as bits_set
    from series_points
    where series = ${range.series} and step_seconds = ${range.stepSeconds}
      and bucket >= ${range.from} and bucket < ${range.to}`
  return row?.bitsSet ?? 0
}

export async function deleteSeriesPoints(
  db: Db,
  { stepSeconds, before }: { stepSeconds: number; before: Date },
): Promise<number> {
  const deleted = await db`
    delete from series_points where step_seconds = ${stepSeconds} and bucket < ${before}`
  return deleted.count
}

import { absoluteTime } from "../../times.ts"

export type Series = { label: string; colour: 1 | 2 | 3 | 4 | 5 | 6; total: string }
/** `parts` in step with the series. */
export type StackedBucket = { from: Date; parts: readonly number[] }

const HEIGHT = 80
const STEP = 10
const GAP = 1

/** What happened over time, one colour a kind; the legend has the numbers, and so has the table that belongs to it. */
export function StackedChart(props: {
  series: readonly Series[]
  buckets: readonly StackedBucket[]
  zone: string
  /** How a number of this chart is written: "1,204", "3.4 MiB". */
  numberOf: (quantity: number) => string
  /** Says all of it in words. */
  sentence: string
}) {
  const { series, buckets, sentence } = props
  const sums = buckets.map(({ parts }) => parts.reduce((sum, part) => sum + part, 0))
  const peak = Math.max(1, ...sums)
  return (
    <figure class="chart-figure">
      <svg
        class="chart"
        viewBox={`0 0 ${buckets.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={sentence}
      >
        {buckets.map((bucket, index) => (
          <g>
            <title>{bucketWords(bucket, props)}</title>
            <rect class="chart-hit" x={index * STEP} y={0} width={STEP} height={HEIGHT} />
            <Parts bucket={bucket} series={series} x={index * STEP} peak={peak} />
          </g>
        ))}
      </svg>
      <figcaption>
        <ul class="chart-legend">
          {series.map(({ label, colour, total }) => (
            <li data-series={String(colour)}>
              {label} <b>{total}</b>
            </li>
          ))}
        </ul>
        <p class="chart-caption">{sentence}</p>
      </figcaption>
    </figure>
  )
}

function Parts(props: {
  bucket: StackedBucket
  series: readonly Series[]
  x: number
  peak: number
}) {
  const { bucket, series, x, peak } = props
  // Each part has a pixel of its own, and all of them have room.
  const room = HEIGHT - series.length
  let below = 0
  return (
    <>
      {series.map(({ colour }, index) => {
        const part = bucket.parts[index] ?? 0
        if (part <= 0) return null
        const height = Math.max(1, (part / peak) * room)
        below += height
        return (
          <rect
            class="chart-part"
            data-series={String(colour)}
            x={x + GAP / 2}
            y={(HEIGHT - below).toFixed(1)}
            width={STEP - GAP}
            height={height.toFixed(1)}
          />
        )
      })}
    </>
  )
}

function bucketWords(
  { from, parts }: StackedBucket,
  props: { series: readonly Series[]; zone: string; numberOf: (quantity: number) => string },
): string {
  const words = props.series.flatMap(({ label }, index) => {
    const part = parts[index] ?? 0
    return part > 0 ? [`${label} ${props.numberOf(part)}`] : []
  })
  return `${absoluteTime(from, props.zone)}: ${words.join(", ") || "nothing"}`
}

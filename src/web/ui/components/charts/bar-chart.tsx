import { absoluteTime, clockTime, dateOf } from "../../times.ts"

export type Bucket = { from: Date; events: number; href?: string | null }

const HEIGHT = 56
const GAP = 1
const HOUR_MS = 3_600_000

/** Events over time as bars. Without colour and without sight it is the sentence below it. */
export function BarChart(props: {
  buckets: readonly Bucket[]
  zone: string
  /** "30 days" */
  period: string
}) {
  const { buckets, zone, period } = props
  const peak = buckets.reduce((best, each) => (each.events > best.events ? each : best), {
    from: new Date(0),
    events: 0,
  })
  const total = buckets.reduce((sum, each) => sum + each.events, 0)
  const sentence = chartSentence({ total, peak, period, zone, areHours: areHours(buckets) })
  return (
    <figure class="chart-figure">
      <svg
        class="chart"
        viewBox={`0 0 ${buckets.length * 10} ${HEIGHT}`}
        preserveAspectRatio="none"
        role={buckets.some(({ href }) => href) ? "group" : "img"}
        aria-label={sentence}
      >
        {buckets.map((bucket, index) => (
          <Bar bucket={bucket} index={index} peak={peak.events} zone={zone} />
        ))}
      </svg>
      <figcaption class="chart-caption">{sentence}</figcaption>
    </figure>
  )
}

function Bar(props: { bucket: Bucket; index: number; peak: number; zone: string }) {
  const { bucket, index, peak, zone } = props
  // What happened is visible, however small beside the peak.
  const height = bucket.events === 0 ? 0 : Math.max(1, (bucket.events / peak) * HEIGHT)
  const label = `${bucket.events.toLocaleString("en")} events from ${absoluteTime(bucket.from, zone)}`
  const bar = (
    <>
      <title>{label}</title>
      <rect class="chart-hit" x={index * 10} y={0} width={10} height={HEIGHT} />
      <rect
        class="chart-bar"
        x={index * 10 + GAP / 2}
        y={(HEIGHT - height).toFixed(1)}
        width={10 - GAP}
        height={height.toFixed(1)}
      />
    </>
  )
  return bucket.href ? (
    <a href={bucket.href} aria-label={label}>
      {bar}
    </a>
  ) : (
    <g>{bar}</g>
  )
}

function areHours([first, second]: readonly Bucket[]): boolean {
  return first !== undefined && second?.from.getTime() === first.from.getTime() + HOUR_MS
}

function chartSentence(chart: {
  total: number
  peak: Bucket
  period: string
  zone: string
  areHours: boolean
}): string {
  const { total, peak, period, zone, areHours } = chart
  if (total === 0) return `No events in ${period}`
  const events = `${total.toLocaleString("en")} event${total === 1 ? "" : "s"} in ${period}`
  if (total === peak.events) return events
  const most = `${events}, at most ${peak.events.toLocaleString("en")}`
  return areHours
    ? `${most} from ${clockTime(peak.from, zone).slice(0, 5)}`
    : `${most} on ${dateOf(peak.from, zone)}`
}

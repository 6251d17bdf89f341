const WIDTH = 96
const HEIGHT = 24

/** One path however many bars: zero is nothing, anything else at least a pixel; the scale is the row's own. */
export function Sparkline({ counts, label }: { counts: readonly number[]; label: string }) {
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      width={WIDTH}
      height={HEIGHT}
      role="img"
      aria-label={label}
    >
      <path d={barsPath(counts, WIDTH, HEIGHT)} />
    </svg>
  )
}

/** The sentence that a graph says: `1,302 events in 14d, at most 90 in a day`. */
export function seriesSentence(counts: readonly number[], period: string): string {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return `No events in ${period}`
  const peak = Math.max(...counts)
  return `${total.toLocaleString("en")} events in ${period}, at most ${peak.toLocaleString("en")} per bar`
}

function barsPath(counts: readonly number[], width: number, height: number): string {
  const highest = Math.max(1, ...counts)
  const step = width / Math.max(1, counts.length)
  const bar = Math.max(1, step - 1)
  return counts
    .map((count, index) => {
      if (count <= 0) return ""
      const tall = Math.max(1, Math.round((count / highest) * height))
      return `M${round(index * step)} ${height}v-${tall}h${round(bar)}v${tall}z`
    })
    .join("")
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

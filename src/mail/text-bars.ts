/** Characters of the longest bar: a line fits a phone. */
const WIDTH = 20

/** A graph that every mail program shows: a line for each count, a thin mark for what is little beside the rest. */
export function textBars(rows: readonly { label: string; count: number }[]): string {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return rows
    .map(({ label, count }) => {
      const bar = "█".repeat(Math.round((count / most) * WIDTH)) || (count > 0 ? "▏" : "")
      return [label, bar, count.toLocaleString("en")].filter(Boolean).join(" ")
    })
    .join("\n")
}

import type { Usage } from "#stats/usage-store.ts"

/** A line an outcome, reason and stretch of time. Its words come from closed lists, and are quoted all the same. */
export function usageCsv(rows: readonly Usage[], starts: readonly Date[]): string {
  const lines = rows
    .map(({ bucket, category, outcome, reason, quantity }) => ({
      start: starts[Math.max(0, bucket ?? 0)]?.toISOString() ?? "",
      words: [category, outcome, reason].map((word) => quoted(word ?? "")),
      quantity,
    }))
    .sort((one, other) => one.start.localeCompare(other.start))
    .map(({ start, words, quantity }) => [start, ...words, quantity].join(","))
  return `${["from,category,outcome,reason,quantity", ...lines].join("\r\n")}\r\n`
}

function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`
}

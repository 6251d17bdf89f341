import { ROLES } from "./processes.ts"
import type { Measured } from "./run.ts"

/** A line of the table: what was measured, and the runs it was measured in. */
export type Row = { title: string; runs: Measured[] }

type Column = [title: string, digits: number, read: (run: Measured) => number]

const COLUMNS: Column[] = [
  ["accepted/s", 0, (run) => run.acceptedPerSecond],
  ["drained/s", 0, (run) => run.drainedPerSecond],
  ["p50 ms", 1, (run) => run.p50],
  ["p95 ms", 1, (run) => run.p95],
  ["p99 ms", 1, (run) => run.p99],
  ["lost", 0, (run) => run.lost],
  ["disk B", 0, (run) => run.diskBytesPerEvent],
  ["load cpu", 3, (run) => run.generatorCpuMsPerEvent],
  ...ROLES.map((role): Column => [`${role} cpu`, 3, (run) => run.usage[role].cpuMs]),
  ...ROLES.map((role): Column => [`${role} MiB`, 0, (run) => run.usage[role].pssMib]),
]

/** Markdown; each number is the median of the row's runs. "cpu" is in milliseconds per event, "MiB" is PSS. */
export function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ title }) => title.length))
  const cells = rows.map(({ runs }) =>
    COLUMNS.map(([, digits, read]) => median(runs.map(read)).toFixed(digits)),
  )
  const line = (title: string, values: string[]) =>
    `| ${title.padEnd(width)} | ${values.map((value, i) => value.padStart(COLUMNS[i]?.[0].length ?? 0)).join(" | ")} |`
  return [
    line(
      "",
      COLUMNS.map(([title]) => title),
    ),
    `|${"-".repeat(width + 2)}|${COLUMNS.map(([title]) => `${"-".repeat(title.length + 1)}:`).join("|")}|`,
    ...rows.map(({ title }, i) => line(title, cells[i] ?? [])),
  ].join("\n")
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

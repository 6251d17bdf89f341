import { loadavg } from "node:os"
import { join, relative, resolve } from "node:path"
import { parseArgs } from "node:util"
import { type Installation, install, type Shape } from "./table/installation.ts"
import { type Row, table } from "./table/print.ts"
import { ROLES, usageOf } from "./table/processes.ts"
import { type Load, measure } from "./table/run.ts"

const USAGE = `bun bench/table.ts [--shape appliance|fleet]... [--size small|mixed|large]... [--groups 1|200|all]...
  [--count N] [--rate PER_SECOND] [--runs N] [--program PATH]... [--latency | --memory]

Starts the compiled program in each shape, sends events, and prints what they cost. Each number is the median of the runs.
Two --program are measured in turn. --latency: 500 mixed events a second for 20 s. --memory: 100,000 mixed events, then
PSS after 60 s of rest.`

const { values } = parseArgs({
  options: {
    shape: { type: "string", multiple: true, default: ["appliance", "fleet"] },
    size: { type: "string", multiple: true, default: ["small", "mixed", "large"] },
    groups: { type: "string", multiple: true, default: ["1", "200", "all"] },
    count: { type: "string" },
    rate: { type: "string" },
    runs: { type: "string", default: "1" },
    program: {
      type: "string",
      multiple: true,
      default: [join(import.meta.dir, "../dist/sentry-lite")],
    },
    latency: { type: "boolean" },
    memory: { type: "boolean" },
    help: { type: "boolean" },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}

const COUNTS: Record<string, string> = { small: "30000", mixed: "20000", large: "4000" }
/** What a process does in its first seconds says little about the rest of its life. */
const WARM_UP: Load = { size: "mixed", groups: "200", count: "5000" }
const REST_MS = 60_000

const loads: Load[] = values.latency
  ? [{ size: "mixed", groups: "200", rate: "500", seconds: "20" }]
  : values.memory
    ? [{ size: "mixed", groups: "200", count: "100000" }]
    : values.size.flatMap((size) => values.groups.map((groups) => loadOf(size, groups)))
const rows = new Map<string, Row>()

for (let run = 0; run < Number(values.runs); run++) {
  for (const shape of values.shape as Shape[]) {
    for (const program of values.program) await measureAll(shape, resolve(program))
  }
}
console.log(`\n${table([...rows.values()])}`)
process.exit(0)

function loadOf(size: string, groups: string): Load {
  const count = values.count ?? COUNTS[size] ?? "10000"
  return { size, groups, count, ...(values.rate ? { rate: values.rate } : {}) }
}

/** One installation for all loads: their projects differ, its tables grow as they do in life. */
async function measureAll(shape: Shape, program: string) {
  const installation = await install(shape, program)
  try {
    await measure(installation, WARM_UP)
    for (const load of loads) {
      const title = titleOf(shape, load, program)
      const measured = await measure(installation, load)
      const row = rows.get(title) ?? { title, runs: [] }
      row.runs.push(measured)
      rows.set(title, row)
      const { acceptedPerSecond, drainedPerSecond } = measured
      const speed = `${Math.round(acceptedPerSecond)} accepted/s, ${Math.round(drainedPerSecond)} drained/s`
      console.error(`${title}: ${speed} (machine load ${loadavg()[0]?.toFixed(1)})`)
      if (values.memory) await restAndWeigh(installation, title)
    }
  } finally {
    await installation.stop()
  }
}

function titleOf(shape: Shape, { size, groups, rate }: Load, program: string): string {
  const of = values.program.length > 1 ? ` ${relative(".", program)}` : ""
  return `${shape} ${size} ${groups}${rate ? ` ${rate}/s` : ""}${of}`
}

async function restAndWeigh({ pids }: Installation, title: string) {
  await Bun.sleep(REST_MS)
  const usage = await usageOf(pids)
  const own = ROLES.filter((role) => role !== "postgres" && role !== "redis")
  const parts = own.map((role) => `${role} ${usage[role].pssMib.toFixed(0)}`).join(", ")
  const sum = own.reduce((total, role) => total + usage[role].pssMib, 0)
  console.log(`${title}: ${sum.toFixed(0)} MiB after ${REST_MS / 1000} s of rest (${parts})`)
}

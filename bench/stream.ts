/**
 * The issue stream over a scratch database of 10,000 issues and 200,000 events: store and render, without the network.
 * `bun bench/stream.ts postgres://… [--runs 60] [--events 200000] [--keep] [--explain FILE]`
 */
import { parseArgs } from "node:util"
import postgres from "postgres"
import { loadStream } from "../src/web/ui/issues/stream/data.ts"
import { StreamPage } from "../src/web/ui/issues/stream/page.tsx"
import { DEFAULT_QUERY, type StreamRequest } from "../src/web/ui/issues/stream/request.ts"
import { seedDatabase } from "./seed.ts"
import { benchShell, membership } from "./stream-shell.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "60" },
    events: { type: "string", default: "200000" },
    issues: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    keep: { type: "boolean", default: false },
    explain: { type: "string" },
  },
})
const SERVER = positionals[0] ?? "postgres://postgres@127.0.0.1:5432"
const DATABASE = `sl_bench_stream_${values.events}`

const plain: StreamRequest = {
  query: DEFAULT_QUERY,
  sort: "date",
  period: "14d",
  projects: [],
  environments: [],
  cursor: undefined,
  limit: 25,
}
const requests: Record<string, Partial<StreamRequest>> = {
  "unresolved, last seen": {},
  "unresolved, 100 rows, 90 days": { limit: 100, period: "90d" },
  "unresolved, 24 hours": { period: "24h" },
  "first seen": { sort: "new" },
  "events of 14 days": { sort: "freq" },
  users: { sort: "user" },
  priority: { sort: "priority" },
  "one environment": { environments: ["production"] },
  "events in one environment": { environments: ["production"], sort: "freq" },
  "free text": { query: "is:unresolved customer_12" },
  "rare free text": { query: "customer_1234" },
  "tag and level": { query: "is:unresolved browser:[firefox,Firefox] level:error" },
  "tag wildcard, negated": { query: "is:unresolved !release:2.1* has:release" },
  "latest release or mine": { query: "release:latest OR assigned:me" },
  "for review": { query: "is:for_review" },
  escalating: { query: "is:escalating issue.priority:high" },
  everything: { query: "" },
}

if (!values.keep) {
  const size = {
    issues: Number(values.issues),
    events: Number(values.events),
    days: Number(values.days),
  }
  await (await seedDatabase(SERVER, DATABASE, size)).end()
}

/** What the driver sent last, for EXPLAIN: the very statements of the page. */
const sent: { text: string; parameters: unknown[] }[] = []
const sql = postgres(`${SERVER}/${DATABASE}`, {
  max: 4,
  transform: { column: postgres.camel.column },
  connection: { plan_cache_mode: "force_custom_plan", TimeZone: "UTC" },
  debug: (_connection, text, parameters) => sent.push({ text, parameters }),
})

console.log("p50 ms | p95 ms | render ms | kB html | rows | page")
for (const [name, change] of Object.entries(requests)) {
  console.log(await measure(name, { ...plain, ...change }))
}
if (values.explain) await explainTo(values.explain)
await sql.end()

async function measure(name: string, request: StreamRequest): Promise<string> {
  const shell = benchShell()
  const times: number[] = []
  let render = 0
  let html = ""
  let rows = 0
  for (let run = -5; run < Number(values.runs); run++) {
    const started = performance.now()
    const data = await loadStream({ app: { sql }, membership, shell }, request)
    const loaded = performance.now()
    html = String(await StreamPage({ shell, org: "acme", request, data }))
    if (run < 0) continue
    times.push(performance.now() - started)
    render += performance.now() - loaded
    rows = data.answer.ok ? data.answer.page.issues.length : -1
  }
  times.sort((one, other) => one - other)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1)
  const mean = (render / times.length).toFixed(1)
  return `${at(0.5)} | ${at(0.95)} | ${mean} | ${(html.length / 1024).toFixed(0)} | ${rows} | ${name}`
}

async function explainTo(file: string): Promise<void> {
  const pages: string[] = []
  for (const [name, change] of Object.entries(requests)) {
    sent.length = 0
    await loadStream({ app: { sql }, membership, shell: benchShell() }, { ...plain, ...change })
    const statements = sent.splice(0).filter(({ text }) => /\bissues i\b|issue_hours/.test(text))
    for (const { text, parameters } of statements) {
      const plan = await sql.unsafe(
        `explain (analyze, buffers, costs off) ${text}`,
        parameters as never[],
      )
      const lines = plan.map((row) => row.queryPlan ?? row["QUERY PLAN"])
      pages.push(
        `## ${name}\n\n\`\`\`sql\n${text}\n\`\`\`\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n`,
      )
    }
  }
  await Bun.write(file, pages.join("\n"))
}

import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { parseArgs } from "node:util"
import { parseDsn } from "#protocol/dsn.ts"
import { corpus, isCorpusSize } from "./corpus.ts"
import { type RequestTemplate, requestTemplate } from "./request-template.ts"
import { CONNECTION_LOST, openSender } from "./sender.ts"

const USAGE = `bun bench/load.ts --dsn DSN [--size small|mixed|large] [--groups 1|200|all]
  [--rate PER_SECOND | --full] [--seconds N | --count N] [--connections N]
  [--gzip | --no-gzip] [--seed N] [--ids FILE] [--json]

Sends events open-loop (--rate: latency counts from when a request was due) or as fast as they are answered (--full).
--ids writes the ids that were answered 200, one a line.`

const { values } = parseArgs({
  allowNegative: true,
  options: {
    dsn: { type: "string" },
    size: { type: "string", default: "mixed" },
    groups: { type: "string", default: "200" },
    rate: { type: "string" },
    full: { type: "boolean" },
    seconds: { type: "string" },
    count: { type: "string" },
    connections: { type: "string", default: "32" },
    gzip: { type: "boolean", default: true },
    seed: { type: "string", default: "1" },
    ids: { type: "string" },
    json: { type: "boolean" },
    help: { type: "boolean" },
  },
})

const USERS = 5000
const EIGHT_DIGITS = 100_000_000
const LAST_ANSWERS_WITHIN_MS = 15_000

const dsn = parseDsn(values.dsn ?? "")
const { size } = values
if (!dsn || !isCorpusSize(size) || values.help) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 64)
}

const url = new URL(`${dsn.scheme}://${dsn.host}`)
const isEncrypted = dsn.scheme === "https"
const target = {
  host: url.hostname,
  port: Number(url.port || (isEncrypted ? 443 : 80)),
  path: `${dsn.pathPrefix}/api/${dsn.projectId}/envelope/`,
  publicKey: dsn.publicKey,
}
const templates = corpus(size, Number(values.seed)).map((event) =>
  requestTemplate(event, target, values.gzip),
)
const sender = await openSender(target.host, target.port, Number(values.connections), isEncrypted)
const total = values.count ? Number(values.count) : Number.POSITIVE_INFINITY
const forMs = values.seconds ? Number(values.seconds) * 1000 : values.count ? Infinity : 10_000
const groups = values.groups === "all" ? EIGHT_DIGITS : Number(values.groups)
/** So that "all different" is different from the last run's too. */
const firstGroup = values.groups === "all" ? randomBytes(4).readUInt32LE() : 0
const idPrefix = randomBytes(8).toString("hex")

const latencies: number[] = []
const statuses = new Map<number, number>()
const acknowledged: string[] = []
let sent = 0

function sendOne(due: number) {
  const n = sent++
  const template = templates[n % templates.length] as RequestTemplate
  const eventId = idPrefix + n.toString(16).padStart(16, "0")
  template.fill({ eventId, group: eightDigits(firstGroup + (n % groups)), user: userOf(n) })
  sender.send(template.bytes, due, ({ status, milliseconds }) => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    latencies.push(milliseconds)
    if (status === 200 && values.ids) acknowledged.push(eventId)
  })
}

/** Spread over the users in no order, the same in every run. */
function userOf(n: number): string {
  return eightDigits(Math.imul(n, 2_654_435_761) % USERS)
}

function eightDigits(n: number): string {
  return String(Math.abs(n) % EIGHT_DIGITS).padStart(8, "0")
}

const started = performance.now()
const startedAt = Date.now()
const isOver = () => sent >= total || performance.now() - started >= forMs
await (values.rate ? openLoop(Number(values.rate)) : fullSpeed())
const deadline = performance.now() + LAST_ANSWERS_WITHIN_MS
while (sender.inFlight() > 0 && performance.now() < deadline) await Bun.sleep(5)
const seconds = (performance.now() - started) / 1000
sender.close()
if (values.ids) await writeFile(values.ids, acknowledged.map((id) => `${id}\n`).join(""))
report()
process.exit(0)

/** A connection that is answered sends again at once. */
async function fullSpeed() {
  const fill = () => {
    while (sender.idle() > 0 && !isOver()) sendOne(performance.now())
  }
  sender.onIdle(fill)
  fill()
  while (!isOver()) await Bun.sleep(10)
}

/** The schedule does not wait for answers: a slow server meets a growing queue, as in real life. */
async function openLoop(perSecond: number) {
  let due = 0
  const dueAt = (n: number) => started + (n * 1000) / perSecond
  const dispatch = () => {
    while (sender.idle() > 0 && sent < due) sendOne(dueAt(sent))
  }
  sender.onIdle(dispatch)
  while (!isOver()) {
    due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * perSecond) + 1)
    dispatch()
    await Bun.sleep(1)
  }
}

function report() {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  const accepted = statuses.get(200) ?? 0
  const others = [...statuses].filter(([status]) => status !== 200)
  const bytes = templates.reduce((sum, template) => sum + template.bytes.length, 0)
  const result = {
    startedAt,
    sent,
    accepted,
    seconds: round(seconds),
    acceptedPerSecond: Math.round(accepted / seconds),
    requestBytesMean: Math.round(bytes / templates.length),
    p50: round(at(0.5)),
    p95: round(at(0.95)),
    p99: round(at(0.99)),
    max: round(at(1 - 1 / Math.max(1, sorted.length))),
    unanswered: sender.inFlight(),
    others: Object.fromEntries(
      others.map(([status, count]) => [status === CONNECTION_LOST ? "connection" : status, count]),
    ),
    generatorCpuMsPerEvent: round(cpuMs() / Math.max(1, sent), 4),
  }
  console.log(values.json ? JSON.stringify(result) : lines(result))
}

function lines(result: Record<string, unknown>): string {
  return Object.entries(result)
    .map(
      ([name, value]) =>
        `${name.padEnd(24)}${typeof value === "object" ? JSON.stringify(value) : value}`,
    )
    .join("\n")
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}

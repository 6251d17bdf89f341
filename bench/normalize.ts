/**
 * CPU per event of the pure steps between the queue and the transaction: `bun bench/normalize.ts FOLDER`.
 * FOLDER holds events as .json (at any depth). Each is filled up with breadcrumbs to about 9 KB, the mean of mixed
 * traffic; the budget of the steps together is 120 µs per event.
 */
import { Glob } from "bun"
import { groupEvent } from "#grouping/group.ts"
import { findFingerprintRule } from "#grouping/rules/fingerprint-rules.ts"
import { judgeStacks } from "#grouping/rules/judge-stacks.ts"
import { defaultRules } from "#grouping/rules/project-rules.ts"
import { titleOf } from "#grouping/title.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { filtersOf, judge } from "#normalize/filters/judge.ts"
import { defaultFilterSettings } from "#normalize/filters/settings.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { defaultScrubSettings, scrubEvent } from "#normalize/scrub.ts"

const TARGET_BYTES = 9000
const ROUNDS = 60
const WARM_UP_ROUNDS = 20

const folder = process.argv[2]
if (!folder) throw new Error("usage: bun bench/normalize.ts FOLDER")

const receivedAt = new Date()
const context = { eventId: "0".repeat(32), receivedAt, clientAddress: "192.0.2.7" }
const texts = await eventTexts(folder)

/** What a project begins with, and one that has everything on and a hundred patterns. */
const few = filtersOf(defaultFilterSettings)
const many = filtersOf({
  chunkLoadErrors: true,
  reactHydrationErrors: true,
  cspDefaults: true,
  cspSources: [],
  clientAddresses: ["10.0.0.0/8", "2001:db8::/32"],
  releases: Array.from({ length: 50 }, (_, index) => `shop@${index}.*`),
  errorMessages: Array.from({ length: 50 }, (_, index) => `*message ${index} [of]?`),
  localhost: true,
  browserExtensions: true,
  legacyBrowsers: ["default"],
  webCrawlers: true,
  healthChecks: true,
})

const steps = new Map<string, number>()
let isWarm = false
for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
  isWarm = round >= WARM_UP_ROUNDS
  measureRound()
}
report()

async function eventTexts(path: string): Promise<string[]> {
  const found: string[] = []
  for await (const name of new Glob("**/*.json").scan(path)) {
    const event = await Bun.file(`${path}/${name}`).json()
    if (typeof event === "object" && event !== null) found.push(filledUp(event))
  }
  return found
}

function filledUp(event: Record<string, unknown>): string {
  event.timestamp = receivedAt.getTime() / 1000
  const room = TARGET_BYTES - JSON.stringify(event).length
  const crumbs = []
  for (let bytes = 0; bytes < room; bytes += JSON.stringify(crumbs.at(-1)).length) {
    crumbs.push(breadcrumb(crumbs.length))
  }
  if (crumbs.length > 0) event.breadcrumbs = { values: crumbs }
  return JSON.stringify(event)
}

function breadcrumb(index: number): object {
  const timestamp = new Date(receivedAt.getTime() - index * 1000).toISOString()
  if (index % 2 === 0) {
    const data = {
      url: `https://api.shop.example/v1/items/${index}`,
      method: "GET",
      status_code: 200,
    }
    return { type: "http", category: "fetch", timestamp, data }
  }
  const message = `SELECT item.name, item.price FROM item WHERE item.id = ${index} ORDER BY item.name`
  return {
    category: "query",
    level: "info",
    message,
    timestamp,
    data: { rows: index, pool: "main" },
  }
}

/** Each step over all events at once, so that the clock is read rarely. */
function measureRound(): void {
  const raw = step("JSON.parse", () => texts.map((text) => JSON.parse(text) as unknown))
  const normalized = step("normalizeEvent", () =>
    raw.map((event) => normalizeEvent(event, context)),
  )
  step("judge", () => normalized.map((event) => judge(event, few, context)))
  step("judge, all on", () => normalized.map((event) => judge(event, many, context)))
  const events = step("scrubEvent", () =>
    normalized.map((event) => scrubEvent(event, defaultScrubSettings)),
  )
  const tags = step("tagsOf", () => events.map((event) => tagsOf(event)))
  step("fingerprint rules", () =>
    events.map((event, at) =>
      findFingerprintRule(event, tags[at] ?? [], defaultRules().fingerprint),
    ),
  )
  const judged = step("stack trace rules", () =>
    events.map((event) => judgeStacks(event, defaultRules().stack)),
  )
  const groupings = step("groupEvent", () =>
    judged.map(({ event, marks }) => groupEvent(event, marks)),
  )
  step("titleOf", () =>
    judged.map(({ event }, at) => titleOf(event, groupings[at]?.mainException ?? null)),
  )
  step("termsOf, userOf", () => events.map((event, at) => identify(event, tags[at] ?? [])))
  step("JSON.stringify", () => events.map((event) => JSON.stringify(event)))
}

function identify(event: NormalizedEvent, tags: [string, string][]) {
  return { terms: termsOf(tags), user: userOf(event) }
}

function step<T>(name: string, run: () => T): T {
  const before = process.cpuUsage()
  const result = run()
  const { user, system } = process.cpuUsage(before)
  if (isWarm) steps.set(name, (steps.get(name) ?? 0) + user + system)
  return result
}

function report(): void {
  const count = texts.length * ROUNDS
  const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
  console.log(`${texts.length} events of ${Math.round(bytes)} bytes on average; µs CPU per event:`)
  let ours = 0
  for (const [name, micros] of steps) {
    if (!name.startsWith("JSON") && name !== "judge, all on") ours += micros
    console.log(`  ${name.padEnd(17)} ${(micros / count).toFixed(1).padStart(7)}`)
  }
  console.log(`  ${"ours together".padEnd(17)} ${(ours / count).toFixed(1).padStart(7)}`)
}

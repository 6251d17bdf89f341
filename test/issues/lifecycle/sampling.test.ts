import { beforeAll, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { decide } from "#grouping/decide.ts"
import { defaultRules } from "#grouping/rules/project-rules.ts"
import { isKeptWhole } from "#issues/occurrences/sampling.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { skeletonOf } from "#normalize/skeleton.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { createRandom, mixedEvent } from "../../../bench/mixed-events.ts"
import { testDatabase } from "../../support/database.ts"
import { zeroDivision } from "../../support/issues.ts"
import { batchOf, messageOf, recordOf, testLine } from "../../support/line.ts"
import { givenDays, givenProject } from "../../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
beforeAll(() => givenDays(sql))

const keptOf = (from: number, to: number, silentSeconds = 0) => {
  let kept = 0
  for (let timesSeen = from; timesSeen < to; timesSeen++) {
    if (isKeptWhole({ timesSeen, silentSeconds })) kept++
  }
  return kept
}

test("the oftener an issue was seen the fewer of its events are kept whole", () => {
  expect(keptOf(0, 51)).toBe(51)
  expect(keptOf(51, 1_001)).toBe(475)
  expect(keptOf(1_001, 10_001)).toBe(900)
  expect(keptOf(10_001, 100_001)).toBe(1_800)
  expect(keptOf(100_001, 1_000_001)).toBe(3_000 + 60)
  expect(isKeptWhole({ timesSeen: 20_000_000, silentSeconds: 0 })).toBe(true)
  expect(isKeptWhole({ timesSeen: 20_000_001, silentSeconds: 0 })).toBe(false)
})

test("after a while without an event the next one is kept sooner, after an hour in any case", () => {
  const timesSeen = 20_000_010
  for (const [silentSeconds, isKept] of [
    [59, false],
    [360, true],
    [3_600, true],
  ] as const) {
    expect([silentSeconds, isKeptWhole({ timesSeen, silentSeconds })]).toEqual([
      silentSeconds,
      isKept,
    ])
  }
  expect(isKeptWhole({ timesSeen: 20_000_011, silentSeconds: 3_599 })).toBe(false)
  expect(isKeptWhole({ timesSeen: 20_000_011, silentSeconds: 3_600 })).toBe(true)
})

test("a skeleton has the hashes, the title and the tags of the whole event, in half the bytes", () => {
  const random = createRandom(11)
  const events = Array.from({ length: 60 }, () => mixedEvent(random, 30))
  let [whole, bare] = [0, 0]
  for (const raw of [...events, zeroDivision(), { message: "plain", extra: { a: 1 } }]) {
    const event = normalizeEvent(raw, { eventId: "a".repeat(32), receivedAt: new Date() })
    const skeleton = skeletonOf(event)
    const [one, two] = [event, skeleton].map((each) => decide(each, tagsOf(each), defaultRules()))
    expect(two!.grouping.hashes).toEqual(one!.grouping.hashes)
    expect(two!.title).toEqual(one!.title)
    expect(tagsOf(skeleton)).toEqual(tagsOf(event))
    whole += JSON.stringify(event).length
    bare += JSON.stringify(skeleton).length
  }
  expect(bare / whole).toBeLessThan(0.5)
})

async function send(count: number, isSampling: boolean) {
  const project = await givenProject(sql)
  const events = Array.from({ length: count }, (_, n) =>
    zeroDivision({ user: { id: `${n}` }, extra: { n } }),
  )
  const messages = events.map((event) => messageOf(project, event))
  for (let start = 0; start < count; start += 100) {
    const records = messages.slice(start, start + 100).map((message) => recordOf(message))
    const sampled = { ...line, isSampling: () => isSampling }
    await processBatch(sampled, batchOf(records), new AbortController().signal)
  }
  const rows = await sql<{ payload: Uint8Array; userHash: string }[]>`
    select payload, user_hash from events where project_id = ${project.projectId}`
  const [issue] = await sql`
    select times_seen, users_seen from issues where project_id = ${project.projectId}`
  const stored = rows.map(({ payload }) => decodePayload(payload) as NormalizedEvent)
  return { issue, stored }
}

test("with sampling every event is stored and counted, and most of a noisy issue's without their details", async () => {
  const { issue, stored } = await send(300, true)
  expect(issue).toEqual({ timesSeen: "300", usersSeen: 300 })
  expect(stored).toHaveLength(300)
  const whole = stored.filter((event) => !event._is_skeleton)
  // The first 51, then every second one.
  expect(whole).toHaveLength(51 + 124)
  expect(whole.every(({ extra }) => extra?.n !== undefined)).toBe(true)
  const [bare] = stored.filter((event) => event._is_skeleton)
  expect(bare?.extra).toBeUndefined()
  expect(JSON.stringify(bare)).not.toContain('quantity":')
  expect(bare?.exception?.values[0]?.stacktrace?.frames).toHaveLength(3)
  expect(bare?.user?.id).toBeDefined()
})

test("without the option every event keeps its details", async () => {
  const { stored } = await send(120, false)
  expect(stored.filter((event) => event._is_skeleton)).toEqual([])
})

test("a client cannot say that its event is a skeleton", () => {
  const raw = { message: "x", _is_skeleton: true }
  const event = normalizeEvent(raw, { eventId: "a".repeat(32), receivedAt: new Date() })
  expect(event._is_skeleton).toBeUndefined()
})

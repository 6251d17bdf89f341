import { beforeAll, beforeEach, expect, test } from "bun:test"
import { attachFeedback } from "#feedback/attach.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { testDatabase } from "../support/database.ts"
import { envelopeMessage, type GivenItem } from "../support/envelopes.ts"
import { batchOf, recordOf, testLine } from "../support/line.ts"
import { givenDays, givenProject, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const MINUTE = 60_000
let project: { organizationId: string; projectId: string }
let eventId: string

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  await sql`delete from feedback`
  project = await givenProject(sql)
  eventId = crypto.randomUUID().replaceAll("-", "")
})

const work = (...items: GivenItem[]) =>
  processBatch(
    line,
    batchOf([recordOf(envelopeMessage(project, items, { eventId }))]),
    new AbortController().signal,
  )
const report: GivenItem = ["user_report", { comments: "It broke" }]
const event: GivenItem = ["event", { message: "x" }]
const attachAt = (ms: number) => attachFeedback({ sql, clock: { now: () => new Date(NOON + ms) } })
const waiting = async () => {
  const [row] = await sql`select issue_id, look_again_at from feedback`
  const at: Date | null = row!.lookAgainAt
  return { isFound: row!.issueId !== null, nextIn: at && at.getTime() - NOON }
}

test("a report finds its event when it comes, however late", async () => {
  await work(report)
  await attachAt(5 * MINUTE)
  expect(await waiting()).toMatchObject({ isFound: false })
  await work(event)
  await attachAt(20 * MINUTE)
  expect(await waiting()).toEqual({ isFound: true, nextIn: null })
})

test("looking waits longer each time, at most six hours, and ends after a month", async () => {
  await work(report)
  expect(await waiting()).toEqual({ isFound: false, nextIn: 10_000 })
  await attachAt(9_999)
  expect(await waiting()).toEqual({ isFound: false, nextIn: 10_000 })
  await attachAt(10_000)
  expect(await waiting()).toEqual({ isFound: false, nextIn: 20_000 })
  await attachAt(40 * MINUTE)
  expect(await waiting()).toEqual({ isFound: false, nextIn: 80 * MINUTE })
  await attachAt(48 * 60 * MINUTE)
  expect(await waiting()).toEqual({ isFound: false, nextIn: 54 * 60 * MINUTE })
  await attachAt(31 * 24 * 60 * MINUTE)
  expect(await waiting()).toEqual({ isFound: false, nextIn: null })
})

test("a report beside its event has nothing to look for", async () => {
  await work(event, report)
  expect(await waiting()).toEqual({ isFound: true, nextIn: null })
})

test("an event of another project is not meant", async () => {
  await work(report)
  project = await givenProject(sql)
  await work(event)
  await attachAt(MINUTE)
  expect(await waiting()).toMatchObject({ isFound: false })
})

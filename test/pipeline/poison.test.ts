import { beforeAll, beforeEach, expect, test } from "bun:test"
import { listDeadLetters } from "#events/dead-letter-store.ts"
import type { IngestMessage } from "#messages.ts"
import { openDeadLetter, replayDeadLetter } from "#pipeline/dead-letters.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { testDatabase } from "../support/database.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { givenDays, givenProject, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const never = new AbortController().signal
let project: { organizationId: string; projectId: string }

beforeAll(async () => {
  await givenDays(sql)
  // What nobody foresaw: a row that PostgreSQL refuses.
  await sql`alter table events add constraint no_poison check (title not like '%poison%')`
})
beforeEach(async () => {
  await sql`delete from dead_letters`
  project = await givenProject(sql)
})

const sent = (message: string, given: Partial<IngestMessage> = {}) =>
  messageOf(project, { message }, given)
const letters = () => listDeadLetters(sql, { beforeId: null, limit: 100 })
const count = async () =>
  (await sql`select 1 from events where project_id = ${project.projectId}`).length
const outcomes = async () => {
  const range = { projectId: project.projectId, from: new Date(0), to: new Date(NOON * 2) }
  return (await sumOutcomes(sql, range)).map((row) => `${row.outcome} ${row.quantity}`)
}

test("a batch with two messages that cannot be stored keeps all the others", async () => {
  const messages = Array.from({ length: 21 }, (_, n) =>
    sent(n === 4 || n === 17 ? `poison ${n}` : `fine ${n}`),
  )
  const batch = batchOf(messages.map((message) => recordOf(message)))
  const result = await processBatch(line, batch, never)
  expect(result).toMatchObject({ messages: 21, stored: 19, dead: 2 })
  expect([batch.committed > 0, batch.acknowledged]).toEqual([true, 1])
  expect(await count()).toBe(19)
  expect((await letters()).map((letter) => letter.messageId).sort()).toEqual(
    [messages[4]!.id, messages[17]!.id].sort(),
  )
  expect(await outcomes()).toEqual(["accepted 19", "dead_lettered 2"])
})

test("a message that came before is processed apart from the others", async () => {
  const messages = [
    recordOf(sent("fine")),
    recordOf(sent("poison"), 3),
    recordOf(sent("also fine"), 2),
  ]
  const batch = batchOf(messages)
  expect(await processBatch(line, batch, never)).toMatchObject({ stored: 2, dead: 1 })
  expect([batch.committed, batch.acknowledged]).toEqual([1, 1])
})

test("the fifth delivery goes to the dead letters unread", async () => {
  const fine = sent("would be fine")
  const result = await processBatch(line, batchOf([recordOf(fine, 5)]), never)
  expect(result).toMatchObject({ stored: 0, dead: 1 })
  expect((await letters())[0]).toMatchObject({
    messageId: fine.id,
    projectId: project.projectId,
    deliveries: 5,
    error: "delivered 5 times without an end",
  })
})

test("bytes that are no message become a dead letter, too", async () => {
  const record = { id: Bun.randomUUIDv7(), body: Buffer.from([9, 9, 9]), deliveries: 1 }
  await processBatch(line, batchOf([record, recordOf(sent("fine"))]), never)
  expect(await letters()).toMatchObject([{ messageId: record.id, projectId: null }])
  expect(await count()).toBe(1)
})

test("a dead letter is stored encrypted and can be looked at", async () => {
  await processBatch(line, batchOf([recordOf(sent("poison and a secret"))]), never)
  const [row] = await sql`select id, body from dead_letters`
  expect(Buffer.from(row!.body).includes("secret")).toBe(false)
  const open = { id: row!.id, secretKey: line.secretKey, maxBytes: 1e6 }
  const letter = await openDeadLetter(sql, open)
  expect(Buffer.from(letter.body).toString()).toBe('{"message":"poison and a secret"}')
  expect(letter.message?.projectId).toBe(project.projectId)
  await expect(openDeadLetter(sql, { ...open, secretKey: "y".repeat(32) })).rejects.toThrow()
})

test("a replay stores what can be stored now and takes the old outcome back", async () => {
  await processBatch(line, batchOf([recordOf(sent("poison"))]), never)
  const [letter] = await letters()
  await replayDeadLetter(line, letter!.id, never)
  expect(await outcomes()).toEqual(["dead_lettered 1"])
  const [again] = await letters()
  expect(again!.messageId).not.toBe(letter!.messageId)

  await sql`alter table events drop constraint no_poison`
  expect(await replayDeadLetter(line, again!.id, never)).toMatchObject({ stored: 1, dead: 0 })
  expect(await letters()).toEqual([])
  expect((await outcomes()).filter((each) => !each.endsWith(" 0"))).toEqual(["accepted 1"])
  await expect(replayDeadLetter(line, again!.id, never)).rejects.toThrow("no dead letter")
})

test("while PostgreSQL cannot work the batch waits and is not taken for poison", async () => {
  await sql`alter table events rename to events_away`
  const batch = batchOf([recordOf(sent("patient"))])
  const waits = Promise.withResolvers<void>()
  const log = Object.assign(Object.create(line.log), { warn: () => waits.resolve() })
  const processing = processBatch({ ...line, log }, batch, never)
  await waits.promise
  expect(batch.acknowledged).toBe(0)
  await sql`alter table events_away rename to events`
  expect(await processing).toMatchObject({ stored: 1, dead: 0 })
})

test("told to stop while PostgreSQL is away, it gives up without acknowledging", async () => {
  await sql`alter table events rename to events_away`
  const stop = new AbortController()
  const batch = batchOf([recordOf(sent("later"))])
  const processing = processBatch(line, batch, stop.signal)
  stop.abort()
  await expect(processing).rejects.toThrow()
  expect(batch.acknowledged).toBe(0)
  await sql`alter table events_away rename to events`
})

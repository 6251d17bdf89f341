import { beforeAll, beforeEach, expect, test } from "bun:test"
import { listDeadLetters } from "#events/dead-letter-store.ts"
import { jobs } from "#jobs.ts"
import type { IngestMessage } from "#messages.ts"
import { openDeadLetter, replayDeadLetter } from "#pipeline/dead-letters.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { connect } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import { createTasks } from "#platform/tasks.ts"
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

test("a header that is garbage becomes a dead letter, whatever the error quotes of it", async () => {
  const header = (text: string) => {
    const prefix = Buffer.from([1, 0, 0, 0, 0])
    prefix.writeUInt32LE(Buffer.byteLength(text), 1)
    return Buffer.concat([prefix, Buffer.from(text)])
  }
  const { body: _, ...sound } = sent("fine")
  const bodies = [
    header("\u0000\u0000"),
    header("null"),
    header(JSON.stringify({ ...sound, receivedDay: "2026-13-45" })),
    header(JSON.stringify({ ...sound, receivedDay: undefined })),
    header(JSON.stringify({ ...sound, receivedAt: 8.64e15, receivedDay: "+275760-09" })),
    header(JSON.stringify({ ...sound, projectId: "1'; drop table events" })),
  ]
  const records = bodies.map((body) => ({ id: Bun.randomUUIDv7(), body, deliveries: 1 }))
  const strange = { id: "ffffffff-ffff-7fff-bfff-ffffffffffff", body: bodies[0]!, deliveries: 1 }
  await processBatch(line, batchOf([...records, strange, recordOf(sent("fine"))]), never)
  expect((await letters()).length).toBe(7)
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

test("while the task queue's tables are away the batch waits, too", async () => {
  await sql`alter schema pgboss rename to pgboss_away`
  const log = createLog({ level: "FATAL", format: "machine", role: "test" })
  const tasks = createTasks({ url, schemas: jobs, log })
  const waits = Promise.withResolvers<void>()
  const watched = Object.assign(Object.create(line.log), { warn: () => waits.resolve() })
  const processing = processBatch(
    { ...line, tasks, log: watched },
    batchOf([recordOf(sent("news"))]),
    never,
  )
  await waits.promise
  await sql`alter schema pgboss_away rename to pgboss`
  expect(await processing).toMatchObject({ stored: 1, news: 1, dead: 0 })
  await tasks.stop({ withinMs: 1000 })
})

test("a batch that takes longer than a statement may is done in smaller ones", async () => {
  const slow = connect(url, { max: 2, statementTimeoutMs: 400 })
  await sql`create function dawdle() returns trigger language plpgsql as
    'begin perform pg_sleep(0.05); return new; end'`
  await sql`create trigger dawdle before insert on events for each row execute function dawdle()`
  const records = Array.from({ length: 12 }, (_, n) => recordOf(sent(`slow ${n}`)))
  const result = await processBatch({ ...line, sql: slow }, batchOf(records), never)
  expect(result).toMatchObject({ stored: 12, dead: 0 })
  await sql`drop trigger dawdle on events`
  await slow.end()
})

test("events of a project that is gone by now are nobody's, not poison", async () => {
  await processBatch(line, batchOf([recordOf(sent("remembered"))]), never)
  await sql`delete from projects where id = ${project.projectId}`
  const late = sent("an error that is new", { eventId: "e".repeat(32) })
  expect(await processBatch(line, batchOf([recordOf(late)]), never)).toMatchObject({
    stored: 0,
    dead: 0,
  })
  expect(await outcomes()).toEqual(["accepted 1"])
})

test("a hash that is deleted while it is looked up is made anew", async () => {
  await sql`create sequence hash_tries`
  await sql`create function vanish() returns trigger language plpgsql as
    'begin if nextval(''hash_tries'') = 1 then return null; end if; return new; end'`
  await sql`create trigger vanish before insert on issue_hashes for each row execute function vanish()`
  const result = await processBatch(line, batchOf([recordOf(sent("vanishing"))]), never)
  expect(result).toMatchObject({ stored: 1, dead: 0 })
  await sql`drop trigger vanish on issue_hashes`
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

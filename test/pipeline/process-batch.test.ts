import { beforeAll, beforeEach, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { findEventPayload } from "#events/store.ts"
import type { IngestMessage } from "#messages.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { testDatabase } from "../support/database.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { DAY, givenDays, givenProject, hashOf, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const never = new AbortController().signal
let project: { organizationId: string; projectId: string }

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  project = await givenProject(sql)
})

const error = (value = "no", more: object = {}) => ({
  platform: "python",
  exception: { values: [{ type: "ValueError", value }] },
  ...more,
})
const sent = (event: object = error(), given: Partial<IngestMessage> = {}) =>
  messageOf(project, event, given)
const run = (...messages: IngestMessage[]) =>
  processBatch(line, batchOf(messages.map((message) => recordOf(message))), never)
const outcomes = async () => {
  const range = { projectId: project.projectId, from: new Date(0), to: new Date(NOON * 2) }
  const rows = await sumOutcomes(sql, range)
  return rows.map((row) => `${row.category} ${row.outcome} ${row.reason} ${row.quantity}`)
}
const events = () => sql`select * from events where project_id = ${project.projectId}`

test("an event ends as a row, an issue, an outcome, tags and a task", async () => {
  const message = sent(
    error("no", {
      environment: "production",
      release: "shop@1.0",
      user: { id: "42" },
      tags: { color: "red" },
    }),
  )
  const batch = batchOf([recordOf(message)])
  expect(await processBatch(line, batch, never)).toEqual({
    messages: 1,
    stored: 1,
    news: 1,
    repeated: 0,
    dead: 0,
  })
  expect([batch.committed, batch.acknowledged]).toEqual([1, 1])

  const [row] = await sql`
    select e.*, i.title as issue_title, i.users_seen, n.name as environment, r.version, p.change_seq, p.first_event_at
    from events e join issues i on i.id = e.issue_id join environments n on n.id = e.environment_id
    join releases r on r.id = e.release_id join projects p on p.id = e.project_id
    where e.project_id = ${project.projectId}`
  expect(row).toMatchObject({
    issueTitle: "ValueError: no",
    usersSeen: 1,
    environment: "production",
    version: "shop@1.0",
    changeSeq: "1",
    firstEventAt: new Date(NOON),
  })
  const payload = await findEventPayload(sql, {
    projectId: project.projectId,
    eventId: message.eventId!,
    fromDay: DAY,
    toDay: DAY,
  })
  expect(decodePayload(payload!)).toMatchObject({ event_id: message.eventId, user: { id: "42" } })
  expect(await outcomes()).toEqual(["error accepted  1"])
  const [task] = await sql`select data from pgboss.job where name = 'evaluate-alerts'
    and data->>'projectId' = ${project.projectId}`
  expect(task?.data).toMatchObject({
    issueId: row!.issueId,
    eventId: message.eventId,
    trigger: "new",
  })
  const [sighting] =
    await sql`select last_event_at from release_projects where project_id = ${project.projectId}`
  expect(sighting?.lastEventAt).toBeInstanceOf(Date)
})

test("a second delivery has no effect, whatever else is in the batch", async () => {
  const message = sent()
  await run(message)
  const result = await run(message, sent(), message)
  expect(result).toMatchObject({ messages: 3, stored: 1, repeated: 2 })
  expect((await events()).length).toBe(2)
  expect(await outcomes()).toEqual(["error accepted  2"])
})

test("an event sent again counts once, also across midnight and within one batch", async () => {
  const eventId = "a".repeat(32)
  const yesterday = { receivedAt: NOON - 86_400_000, receivedDay: "2026-11-23" }
  await run(sent(error(), { eventId, ...yesterday }))
  await run(sent(error(), { eventId }), sent(error(), { eventId }))
  expect((await events()).length).toBe(1)
  expect(await outcomes()).toEqual(["error accepted  1", "error invalid duplicate 2"])
  const [issue] = await sql`select times_seen from issues where project_id = ${project.projectId}`
  expect(issue?.timesSeen).toBe("1")
})

test("two workers that get the same event at once store it once", async () => {
  const eventId = "b".repeat(32)
  const copies = Array.from({ length: 12 }, (_, n) => sent(error(`copy ${n % 3}`), { eventId }))
  await Promise.all(copies.map((copy) => run(copy, sent())))
  expect((await events()).length).toBe(13)
  expect(await outcomes()).toEqual(["error accepted  13", "error invalid duplicate 11"])
  const [sum] =
    await sql`select sum(times_seen)::int as n, min(times_seen)::int as least from issues
    where project_id = ${project.projectId}`
  expect(sum).toMatchObject({ n: 13, least: 1 })
})

test("what nobody reads yet ends as unsupported, what web dropped as web said", async () => {
  const item = (type: string, payload: string) =>
    `${JSON.stringify({ type, length: payload.length })}\n${payload}\n`
  const body = `{}\n${item("session", "{}")}${item("made_up", "x")}${item("event", JSON.stringify(error()))}`
  const dropped = [{ category: "attachment", outcome: "rate_limited", reason: "key", quantity: 2 }]
  await run(sent({}, { kind: "envelope", body: Buffer.from(body), dropped }))
  expect(await outcomes()).toEqual([
    "attachment rate_limited key 2",
    "error accepted  1",
    "session unsupported session 1",
    "unknown unsupported unknown_item 1",
  ])
})

test("a browser's report becomes an issue; one without sense an outcome", async () => {
  const reports = [
    { "csp-report": { "violated-directive": "img-src", "blocked-uri": "https://evil.example/x" } },
    { "csp-report": { "violated-directive": "nonsense" } },
    { hello: 1 },
  ]
  for (const report of reports) {
    const body = `{}\n{"type":"raw_security"}\n${JSON.stringify(report)}`
    await run(sent({}, { kind: "envelope", body: Buffer.from(body) }))
  }
  expect(await outcomes()).toEqual([
    "security accepted  1",
    "security invalid security_report 1",
    "security invalid security_report_type 1",
  ])
  const [issue] =
    await sql`select title, culprit, type from issues where project_id = ${project.projectId}`
  expect(issue).toEqual({
    title: "Blocked 'image' from 'evil.example'",
    culprit: "img-src",
    type: "csp",
  })
})

test("what an SDK dropped itself is counted beside what it sent", async () => {
  const report = JSON.stringify({
    discarded_events: [{ reason: "sample_rate", category: "error", quantity: 7 }],
  })
  const body = `{}\n{"type":"client_report"}\n${report}\n{"type":"client_report"}\nnone\n`
  await run(sent({}, { kind: "envelope", body: Buffer.from(body) }))
  expect(await outcomes()).toEqual([
    "error client_discard sample_rate 7",
    "internal accepted  1",
    "internal invalid payload 1",
  ])
})

test("an event of a discarded issue is counted and not stored", async () => {
  await run(sent())
  await sql`update issue_hashes set is_discarded = true, issue_id = null where project_id = ${project.projectId}`
  await run(sent())
  expect((await events()).length).toBe(1)
  expect(await outcomes()).toEqual(["error accepted  1", "error discarded discarded-hash 1"])
})

test("secrets are scrubbed before anything is stored", async () => {
  const message = sent(error("no", { extra: { password: "hunter2" } }))
  await run(message)
  const [row] = await events()
  expect(JSON.stringify(decodePayload(row!.payload))).not.toContain("hunter2")
})

test("a message for a project that is gone is counted for nobody", async () => {
  const [before] =
    await sql`select coalesce(sum(quantity), 0)::int as n from outcome_hours where project_id = 0`
  await run(sent(error(), { projectId: "999999" }))
  const [after] = await sql`select sum(quantity)::int as n from outcome_hours where project_id = 0`
  expect(after!.n - before!.n).toBe(1)
})

test("an unverified message is taken when its key and origin would have been", async () => {
  const publicKey = hashOf(project.projectId)
  await sql`insert into project_keys (project_id, public_key, secret_key)
    values (${project.projectId}, ${publicKey}, ${publicKey})`
  await sql`update projects set settings = '{"allowedDomains": ["shop.example"]}' where id = ${project.projectId}`
  const unverified = { unverified: true, organizationId: "0", keyId: "0" }
  const result = await run(
    sent(error(), { ...unverified, publicKey, origin: "https://shop.example/cart" }),
    sent(error(), { ...unverified, publicKey, origin: "https://evil.example/" }),
    sent(error(), { ...unverified, publicKey: "f".repeat(32) }),
  )
  expect(result.stored).toBe(1)
})

test("a day without a partition is made on the way", async () => {
  const receivedAt = Date.parse("2026-10-01T10:00:00Z")
  await run(sent(error(), { receivedAt, receivedDay: "2026-10-01" }))
  expect((await events()).map((event) => event.receivedAt.getTime())).toEqual([receivedAt])
})

test("live series hear of it after the commit", async () => {
  line.points.length = 0
  await run(sent(error("no", { user: { id: "1" } })))
  expect(line.points.map((point) => [point.series.split(":")[0], point.quantity])).toEqual([
    ["events", 1],
    ["outcomes", 1],
  ])
})

test("an event sent on both sides of midnight is stored once, also when two workers have it", async () => {
  const midnight = Date.parse(`${DAY}T00:00:00Z`)
  const before = { receivedAt: midnight - 1, receivedDay: "2026-11-23" }
  const after = { receivedAt: midnight + 1, receivedDay: DAY }
  for (let round = 0; round < 10; round++) {
    const eventId = crypto.randomUUID().replaceAll("-", "")
    const both = [before, after].map((times) => sent(error(), { eventId, ...times }))
    await Promise.all(both.map((message) => run(message)))
  }
  expect((await events()).length).toBe(10)
  expect(await outcomes()).toEqual(["error accepted  10", "error invalid duplicate 10"])
})

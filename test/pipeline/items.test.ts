import { beforeAll, beforeEach, expect, test } from "bun:test"
import { listAttachments } from "#attachments/store.ts"
import type { IngestMessage } from "#messages.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { crashDump } from "../support/crash-dump.ts"
import { testDatabase } from "../support/database.ts"
import { envelopeMessage, type GivenItem, PNG } from "../support/envelopes.ts"
import { batchOf, recordOf, testLine } from "../support/line.ts"
import { minidump } from "../support/minidump.ts"
import { DAY, givenDays, givenProject, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const never = new AbortController().signal
let project: { organizationId: string; projectId: string }

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  project = await givenProject(sql)
})

const sent = (items: GivenItem[], given: Partial<IngestMessage> = {}) =>
  envelopeMessage(project, items, given)
const run = (...messages: IngestMessage[]) =>
  processBatch(line, batchOf(messages.map((message) => recordOf(message))), never)
const outcomes = async () => {
  const range = { projectId: project.projectId, from: new Date(0), to: new Date(NOON * 2) }
  const rows = await sumOutcomes(sql, range)
  return rows
    .map((row) => [row.category, row.outcome, row.reason, row.quantity].filter(Boolean).join(" "))
    .sort()
}
const attachmentsOf = (message: IngestMessage) =>
  listAttachments(
    sql,
    { projectId: project.projectId, eventId: message.eventId ?? "", since: DAY },
    100,
  )
const feedback = () => sql`
  select kind, replace(event_id::text, '-', '') as event_id, issue_id, name, email, message, url, look_again_at
  from feedback where project_id = ${project.projectId} order by id`
const error = { exception: { values: [{ type: "ValueError", value: "no" }] } }

test("an unknown item is skipped, and the event beside it is stored", async () => {
  await run(
    sent([
      ["wat", "abc"],
      ["event", error],
    ]),
  )
  expect(await outcomes()).toEqual(["error accepted 1", "unknown unsupported unknown_item 1"])
})

test("what has no feature ends under its own reason, counted as clients count it", async () => {
  const count = (n: number) => ({ item_count: n })
  await run(
    sent([
      ["log", { items: [{}, {}] }, count(2)],
      ["span", { items: [{}, {}, {}] }, count(3)],
      ["trace_metric", { items: [{}] }, count(1)],
      ["sessions", { aggregates: [{ exited: 8, errored: 1 }, { crashed: 1 }] }],
      ["session", {}],
      ["check_in", {}],
      ["profile_chunk", {}, { platform: "android" }],
      ["profile", {}],
      ["replay_event", {}],
      ["transaction", {}],
      ["statsd", "a:1|c"],
    ]),
  )
  expect(await outcomes()).toEqual([
    "log_byte unsupported log 17",
    "log_item unsupported log 2",
    "metric_bucket unsupported statsd 1",
    "monitor unsupported check_in 1",
    "profile unsupported profile 1",
    "profile_chunk_ui unsupported profile_chunk 1",
    "replay unsupported replay_event 1",
    "session unsupported session 1",
    "session unsupported sessions 10",
    "span unsupported span 3",
    "trace_metric unsupported trace_metric 1",
    "transaction unsupported transaction 1",
  ])
})

test("every other type that clients or relays send is recognised, and ends under its own reason", async () => {
  const categories = {
    form_data: "attachment_item",
    security: "security",
    nel: "error",
    unreal_report: "error",
    otel_log: "log_item",
    otel_span: "span",
    profile_chunk_ui: "profile_chunk_ui",
    replay_recording: "replay",
    replay_video: "replay",
    metric_buckets: "metric_bucket",
    metric_meta: "metric_bucket",
    integration: "internal",
  }
  await run(...Object.keys(categories).map((type) => sent([[type, "x"]])))
  const found = await outcomes()
  for (const [type, category] of Object.entries(categories)) {
    expect(found).toContain(`${category} unsupported ${type} 1`)
  }
  expect(found.filter((each) => !each.includes("unsupported"))).toEqual([])
})

test("a minidump's form makes the event, and the dump says what it died of", async () => {
  const dump = { attachment_type: "event.minidump", filename: "a.dmp" }
  const told = { release: "shop@1", extra: { prod: "Shop" } }
  const message = sent([
    ["event", told],
    ["attachment", minidump(), dump],
  ])
  await run(message)
  const [issue] = await sql`select title, level from issues where project_id = ${project.projectId}`
  expect(issue).toMatchObject({ title: "Minidump: Invalid Minidump", level: 50 })
  const [event] = await sql`
    select r.version from events e join releases r on r.id = e.release_id
    where e.project_id = ${project.projectId}`
  expect(event).toMatchObject({ version: "shop@1" })
})

test("a count that the bytes cannot bear out is not believed", async () => {
  await run(sent([["log", { items: [] }, { item_count: 4_000_000_000 }]]))
  expect(await outcomes()).toEqual(["log_byte unsupported log 12", "log_item unsupported log 4"])
})

test("of two events in one envelope one is stored, the other is a duplicate item", async () => {
  await run(
    sent([
      ["event", error],
      ["event", error],
    ]),
  )
  expect(await outcomes()).toEqual(["error accepted 1", "error invalid duplicate_item 1"])
})

test("an event and its screenshot are kept under one id", async () => {
  const message = sent([
    ["event", error],
    ["attachment", PNG, { filename: "screenshot.png", content_type: "text/html; charset=x" }],
    ["attachment", "", { attachment_type: "nobody.knows" }],
  ])
  await run(message)
  const [picture, empty] = await attachmentsOf(message)
  expect(picture).toMatchObject({
    name: "screenshot.png",
    type: "event.attachment",
    contentType: "text/html",
    size: 10,
    preview: "image/png",
    sha1: new Bun.CryptoHasher("sha1").update(PNG).digest("hex"),
  })
  expect(Buffer.from((await line.blobs.get(picture!.blobKey)) ?? [])).toEqual(PNG)
  expect(empty).toMatchObject({ name: "unnamed", type: "event.attachment", size: 0, preview: null })
  expect(await outcomes()).toEqual([
    "attachment accepted 10",
    "attachment_item accepted 2",
    "error accepted 1",
  ])
})

test("attachments alone are kept for an event that came before or is still to come", async () => {
  const message = sent([["attachment", "a log", { filename: "a.log" }]])
  await run(message)
  expect(await attachmentsOf(message)).toMatchObject([{ name: "a.log", preview: "text/plain" }])
})

test("what came with an event goes the way of the event", async () => {
  const companions: GivenItem[] = [
    ["attachment", "12345"],
    ["user_report", { comments: "It broke" }],
  ]
  const first = sent([["event", error], ...companions])
  const again = sent([["event", error], ...companions], { eventId: first.eventId })
  const broken = sent([["event", "{"], ...companions])
  await run(first)
  await run(again, broken)
  expect(await outcomes()).toEqual([
    "attachment accepted 5",
    "attachment invalid duplicate 5",
    "attachment invalid invalid_json 5",
    "attachment_item accepted 1",
    "attachment_item invalid duplicate 1",
    "attachment_item invalid invalid_json 1",
    "error accepted 1",
    "error invalid duplicate 1",
    "error invalid invalid_json 1",
    "feedback accepted 1",
    "feedback invalid duplicate 1",
    "feedback invalid invalid_json 1",
  ])
  const blobs = await line.blobs.exists(`attachments/${DAY}/${again.id}-0`)
  expect([blobs, (await attachmentsOf(first)).length]).toEqual([false, 1])
})

test("an attachment that the blob store cannot take leaves its event alone", async () => {
  const full = { ...line.blobs, put: () => Promise.reject(new Error("no space left")) }
  const message = sent([
    ["event", error],
    ["attachment", "12345"],
  ])
  await processBatch({ ...line, blobs: full }, batchOf([recordOf(message)]), never)
  expect(await outcomes()).toEqual([
    "attachment discarded blob_store 5",
    "attachment_item discarded blob_store 1",
    "error accepted 1",
  ])
})

test("a minidump alone becomes a fatal event that stands for the crash, and is kept", async () => {
  const dump = { attachment_type: "event.minidump", filename: "a.dmp" }
  const message = sent([["attachment", "MDMP", dump]])
  await run(message)
  const [issue] = await sql`select * from issues where project_id = ${project.projectId}`
  expect(issue).toMatchObject({ level: 50, platform: "native", isUnhandled: true })
  expect(await attachmentsOf(message)).toMatchObject([{ name: "a.dmp", type: "event.minidump" }])
})

test("what a minidump tells becomes the issue, whether it travels with its event or lies in the blob store", async () => {
  const bytes = crashDump({
    threads: [{ id: 7 }],
    modules: [{ base: 0x400000, size: 0x1000, file: "/opt/till" }],
    crash: { threadId: 7, code: 11, flags: 1, at: 0x400123n },
  })
  const label = { type: "event.minidump", contentType: "application/octet-stream" }
  await run(sent([["attachment", bytes, { attachment_type: "event.minidump", filename: "a.dmp" }]]))
  const blobKey = "attachments/2026-01-01/large"
  await line.blobs.put(blobKey, bytes)
  const kept = { ...label, name: "a.dmp", size: bytes.length, sha1: "0", preview: null, blobKey }
  const gone = { ...kept, blobKey: "attachments/2026-01-01/gone" }
  await run(sent([["event", {}]], { parked: [kept] }), sent([["event", {}]], { parked: [gone] }))
  const issues = await sql`
    select title, times_seen::int as times_seen from issues where project_id = ${project.projectId} order by id`
  expect([...issues]).toEqual([
    { title: "SIGSEGV / SEGV_MAPERR: Crashed in till", timesSeen: 2 },
    { title: "Minidump: Invalid Minidump", timesSeen: 1 },
  ])
})

test("a blob store that fails is asked once a batch, and costs no event", async () => {
  let asked = 0
  const away = {
    ...line.blobs,
    get: () => {
      asked++
      return Promise.reject(new Error("away"))
    },
  }
  const dump = (blobKey: string) => ({
    ...{ type: "event.minidump", contentType: "application/octet-stream", name: "a.dmp" },
    ...{ size: 100_000, sha1: "0", preview: null, blobKey },
  })
  const messages = ["a", "b", "c"].map((name) =>
    sent([["event", {}]], { parked: [dump(name), dump(`${name}-2`)] }),
  )
  await processBatch(
    { ...line, blobs: away },
    batchOf(messages.map((each) => recordOf(each))),
    never,
  )
  expect(asked).toBe(1)
  expect(await outcomes()).toContain("error accepted 3")
})

test("a user report waits for its event, or finds it", async () => {
  const about = crypto.randomUUID().replaceAll("-", "")
  const report = { event_id: about, name: "Jane", email: "jane@acme.test", comments: " It broke " }
  await run(sent([["user_report", report]]))
  expect(await feedback()).toMatchObject([
    { kind: "user_report", eventId: about, issueId: null, name: "Jane", message: "It broke" },
  ])
  const event = sent([["event", error]])
  await run(event, sent([["user_report", { event_id: event.eventId, comments: "Here too" }]]))
  const [issue] = await sql`select id from issues where project_id = ${project.projectId}`
  expect((await feedback())[1]).toMatchObject({ issueId: issue!.id, lookAgainAt: null })
})

test("a report that says nothing, too much or gives no address is dropped", async () => {
  const about = crypto.randomUUID()
  await run(
    sent([
      ["user_report", { event_id: about, comments: " " }],
      ["user_report", { event_id: about, comments: "x".repeat(4097) }],
      ["user_report", { event_id: about, comments: "x", email: "not one" }],
      ["user_report", "[]"],
    ]),
  )
  expect(await outcomes()).toEqual([
    "feedback invalid invalid_json 1",
    "feedback invalid payload 3",
  ])
})

test("a second report corrects the first for five minutes; on an old event nobody reports", async () => {
  const event = sent([["event", error]])
  const report = (comments: string, minutes: number) =>
    sent([["user_report", { event_id: event.eventId, comments }]], {
      receivedAt: NOON + minutes * 60_000,
    })
  await run(event, report("first", 0), report("second", 1))
  await run(report("third", 4))
  await run(report("too late to correct", 6))
  await run(report("too late for the event", 31))
  expect(await feedback()).toMatchObject([{ message: "third" }])
  expect(await outcomes()).toContain("feedback invalid conflict 2")
})

test("feedback is kept with its screenshot; what says nothing is dropped with its own", async () => {
  const said = { message: "Love it", contact_email: "a@b.test", name: "A", url: "https://x.test/" }
  const message = sent([
    ["feedback", { contexts: { feedback: said }, environment: "production" }],
    ["attachment", PNG, { filename: "screenshot.png" }],
  ])
  await run(message)
  await run(
    sent([
      ["feedback", { contexts: { feedback: { name: "A" } } }],
      ["attachment", PNG],
    ]),
  )
  expect(await feedback()).toMatchObject([
    {
      kind: "feedback",
      eventId: null,
      message: "Love it",
      email: "a@b.test",
      url: "https://x.test/",
    },
  ])
  expect(await attachmentsOf(message)).toMatchObject([{ preview: "image/png" }])
  expect(await outcomes()).toEqual([
    "attachment accepted 10",
    "attachment invalid payload 10",
    "attachment_item accepted 1",
    "attachment_item invalid payload 1",
    "feedback accepted 1",
    "feedback invalid payload 1",
  ])
})

test("secrets are taken out of what people write", async () => {
  const comments = "my card is 4111 1111 1111 1111"
  await run(sent([["user_report", { event_id: crypto.randomUUID(), comments }]]))
  expect(await feedback()).toMatchObject([{ message: "my card is [Filtered]" }])
})

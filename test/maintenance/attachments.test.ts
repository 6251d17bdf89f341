import { beforeEach, expect, test } from "bun:test"
import { cleanup } from "#maintenance/cleanup.ts"
import { deleteProject } from "#maintenance/delete-projects.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { guardSpace } from "#maintenance/space-guard.ts"
import { partitionedTables } from "#migrations.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays, createPartitions } from "#platform/partitions.ts"
import { testApp } from "../support/app.ts"
import { envelopeMessage, type GivenItem } from "../support/envelopes.ts"
import { batchOf, recordOf } from "../support/line.ts"
import { givenProject } from "../support/occurrences.ts"

const app = await testApp()
const { sql, blobs } = app
const signal = new AbortController().signal
const today = utcDay(new Date())
const OLD = addDays(today, -60)
let project: { organizationId: string; projectId: string }

beforeEach(async () => {
  await sql`truncate events, attachments, issues`
  await createPartitions(sql, Object.values(partitionedTables), [OLD, today])
  project = await givenProject(sql)
})

const event: GivenItem = ["event", { exception: { values: [{ type: "E", value: "no" }] } }]
const file: GivenItem = ["attachment", "a log", { filename: "a.log" }]

/** Stores an event with a file and a report, received on that day; the key of the file's blob. */
async function given(day: string, ...items: GivenItem[]): Promise<string> {
  const receivedAt = Math.min(Date.parse(`${day}T12:00:00Z`), Date.now())
  const message = envelopeMessage(project, items, { receivedAt, receivedDay: day })
  await processBatch(createLine(app), batchOf([recordOf(message)]), signal)
  const [row] = await sql`
    select blob_key from attachments where event_id = ${message.eventId}::uuid`
  return row?.blobKey ?? ""
}
const rows = async () => {
  const [row] = await sql`
    select (select count(*)::int from attachments) as attachments,
      (select count(*)::int from feedback where project_id = ${project.projectId}) as feedback`
  return row
}

test("a day's attachments go with the day, and blobs that no row knows go too", async () => {
  const old = await given(OLD, event, file)
  const young = await given(today, event, file)
  await blobs.put(`attachments/${OLD}/orphan`, new Uint8Array([1]))
  await cleanup(app, { days: 30, dryRun: false, force: true })
  expect(await rows()).toMatchObject({ attachments: 1 })
  expect(await blobs.exists(old)).toBe(false)
  expect(await blobs.folders("attachments")).toEqual([today])
  expect(await blobs.exists(young)).toBe(true)
})

test("when space is short, the oldest day's attachments go with its events", async () => {
  const old = await given(OLD, event, file)
  const config = { ...app.config, "system.retention-max-bytes": 1 }
  await given(today, event)
  await guardSpace({ ...app, config })
  expect(await blobs.exists(old)).toBe(false)
})

test("reports go when they are as old as the events that are removed", async () => {
  await given(OLD, ["user_report", { event_id: crypto.randomUUID(), comments: "old" }])
  await given(today, ["user_report", { event_id: crypto.randomUUID(), comments: "new" }])
  await cleanup(app, { days: 30, dryRun: false, force: true })
  expect(await rows()).toMatchObject({ feedback: 1 })
})

test("a deleted issue takes its attachments and reports along", async () => {
  const blob = await given(today, event, file, ["user_report", { comments: "It broke" }])
  expect(await rows()).toEqual({ attachments: 1, feedback: 1 })
  await sql`update issues set status = 3`
  await removeLeavingIssues(app, signal)
  expect(await rows()).toEqual({ attachments: 0, feedback: 0 })
  expect(await blobs.exists(blob)).toBe(false)
})

test("a deleted project leaves no attachment behind, not even one whose event never came", async () => {
  const blob = await given(today, file)
  await sql`update projects set status = 'deleting' where id = ${project.projectId}`
  await deleteProject(app, { projectId: project.projectId }, signal)
  expect(await rows()).toEqual({ attachments: 0, feedback: 0 })
  expect(await blobs.exists(blob)).toBe(false)
})

import { beforeEach, expect, test } from "bun:test"
import { statfs } from "node:fs/promises"
import { configWith } from "#config.ts"
import { insertEvents } from "#events/store.ts"
import { recordOccurrences } from "#issues/occurrences/recording.ts"
import { cleanup } from "#maintenance/cleanup.ts"
import { cleanupProject } from "#maintenance/cleanup-project.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { guardSpace } from "#maintenance/space-guard.ts"
import { dropConsumedDays, sweep } from "#maintenance/sweep.ts"
import { partitionedTables } from "#migrations.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { utcDay } from "#platform/clock.ts"
import { createLog } from "#platform/log.ts"
import { addDays, createPartitions, listPartitions } from "#platform/partitions.ts"
import { testDatabase } from "../support/database.ts"
import { givenProject, hashOf, occurrence } from "../support/occurrences.ts"
import { temporaryFolder } from "../support/services.ts"

const { sql } = await testDatabase()
const log = createLog({ level: "FATAL", format: "machine", role: "test" })
const today = utcDay(new Date())
const clock = { now: () => new Date() }
const app = { sql, log, clock, blobs: createFolderBlobs(temporaryFolder("blobs")) }
const signal = new AbortController().signal
const ago = (days: number) => addDays(today, -days)
let project: { organizationId: string; projectId: string }

beforeEach(async () => {
  for (const table of ["issues", "issue_hashes", "events", "issue_hours", "outcome_hours"]) {
    await sql`delete from ${sql(table)}`
  }
  await createPartitions(sql, Object.values(partitionedTables), [
    ago(100),
    ago(60),
    ago(31),
    ago(20),
    ago(1),
    today,
  ])
  project = await givenProject(sql)
})

/** An event with its issue on a day. */
async function given(name: string, day: string): Promise<string> {
  const receivedAt = Math.min(Date.parse(`${day}T12:00:00Z`), Date.now())
  const event = occurrence(project, {
    hashes: [hashOf(name)],
    receivedAt,
    receivedDay: day,
    occurredAt: receivedAt,
    title: name,
  })
  return sql.begin(async (tx) => {
    const { places } = await recordOccurrences(tx, [event])
    const place = places[0]!
    const row = { ...event, ...place, dist: null, terms: [1, 2], payload: Buffer.from("\0{}") }
    await insertEvents(tx, [row])
    return place.issueId
  })
}
const titles = async () =>
  (await sql`select title from issues where status < 3 order by title`).map((row) => row.title)
const days = async (table: keyof typeof partitionedTables) =>
  (await listPartitions(sql, [partitionedTables[table]])).map((partition) => partition.day)

test("whole days go, and with them the issues that have nothing left", async () => {
  await given("old", ago(60))
  await given("lives on", ago(60))
  await given("lives on", today)
  await given("new", today)
  const report = await cleanup(app, { days: 30, dryRun: false })
  expect(report).toMatchObject({ oldestDay: ago(30), issues: 1 })
  expect(await titles()).toEqual(["lives on", "new"])
  expect(await days("events")).toEqual([ago(20), ago(1), today])
  expect((await sql`select 1 from events`).length).toBe(2)
  expect((await sql`select 1 from issue_hashes`).length).toBe(2)
  expect(
    (
      await sql`select 1 from issue_texts t where not exists (select from issues i where i.id = t.issue_id)`
    ).length,
  ).toBe(0)
})

test("a dry run says the same and removes nothing", async () => {
  await given("old", ago(60))
  await given("new", today)
  const report = await cleanup(app, { days: 30, dryRun: true })
  expect(report.issues).toBe(1)
  expect(report.days.map((each) => `${each.table} ${each.day}`)).toContain(`events ${ago(60)}`)
  expect(await titles()).toEqual(["new", "old"])
  expect((await days("events")).length).toBe(6)
})

test("what somebody cared for stays, though its events are gone", async () => {
  const [user] = await sql<{ id: string }[]>`
    insert into users (email) values (${`${crypto.randomUUID()}@example.com`}) returning id`
  const ids = await Promise.all(
    ["archived", "assigned", "bookmarked", "commented", "forgotten"].map((name) =>
      given(name, ago(60)),
    ),
  )
  await sql`update issues set status = 2 where id = ${ids[0]!}`
  await sql`update issues set assignee_user_id = ${user!.id} where id = ${ids[1]!}`
  await sql`insert into issue_bookmarks values (${project.projectId}, ${ids[2]!}, ${user!.id})`
  await sql`update issues set comment_count = 1 where id = ${ids[3]!}`
  await given("new", today)
  await cleanup(app, { days: 30, dryRun: false })
  expect(await titles()).toEqual(["archived", "assigned", "bookmarked", "commented", "new"])
})

test("releases of which nothing was heard go, with commits that belong to none", async () => {
  const { organizationId } = project
  const versions = ["idle", "seen", "deployed", "uploaded", "fixed", "young"]
  const ids: Record<string, string> = {}
  for (const version of versions) {
    const [row] = await sql<{ id: string }[]>`
      insert into releases (organization_id, version, created_at)
      values (${organizationId}, ${version}, ${version === "young" ? today : ago(60)}) returning id`
    ids[version] = row?.id ?? ""
  }
  const issue = await given("new", today)
  await sql`update issues set resolved_release_id = ${ids.fixed!} where id = ${issue}`
  await sql`insert into release_projects (project_id, release_id, last_event_at) values (${project.projectId}, ${ids.seen!}, ${ago(1)})`
  await sql`insert into deploys (release_id, environment, finished_at) values (${ids.deployed!}, 'production', ${ago(1)})`
  const [bundle] = await sql<{ id: string }[]>`
    insert into artifact_bundles (organization_id, kind, checksum, size) values (${organizationId}, 'bundle', 'c', 1) returning id`
  await sql`insert into artifact_projects values (${project.projectId}, 'uploaded', '', ${bundle!.id})`
  const [repository] = await sql<{ id: string }[]>`
    insert into repositories (organization_id, name) values (${organizationId}, 'acme/shop') returning id`
  for (const [position, version] of ["idle", "fixed"].entries()) {
    const [commit] = await sql<{ id: string }[]>`
      insert into commits (organization_id, repository_id, sha, message, committed_at, recorded_at)
      values (${organizationId}, ${repository!.id}, ${version}, '', ${ago(60)}, ${ago(60)}) returning id`
    await sql`insert into release_commits values (${ids[version]!}, ${position}, ${commit!.id})`
  }
  await cleanup(app, { days: 30, dryRun: false })
  const rows =
    await sql`select version from releases where organization_id = ${organizationId} order by id`
  expect(rows.map(({ version }) => version)).toEqual(versions.slice(1))
  expect((await sql`select sha from commits`).map(({ sha }) => sha)).toEqual(["fixed"])
})

test("by size the oldest days go first, never yesterday or today", async () => {
  await given("old", ago(20))
  await given("new", today)
  const { oldestDay } = await cleanup(app, { days: 90, dryRun: false, maxBytes: 1 })
  expect(oldestDay).toBe(ago(19))
  expect(await days("events")).toEqual([ago(1), today])
  expect(await titles()).toEqual(["new"])
})

test("nothing is removed when this host's clock is not PostgreSQL's", async () => {
  await given("old", ago(20))
  const ahead = { ...app, clock: { now: () => new Date(Date.now() + 60 * 86_400_000) } }
  await expect(cleanup(ahead, { days: 30, dryRun: false })).rejects.toThrow(
    "differ by 5184000 seconds",
  )
  expect(await titles()).toEqual(["old"])
})

test("nothing is removed when most of the data is old by the clock alone, unless told so", async () => {
  await given("old", ago(60))
  await given("less old", ago(31))
  await expect(cleanup(app, { days: 10, dryRun: false })).rejects.toThrow("--force")
  expect(await titles()).toEqual(["less old", "old"])
  await cleanup(app, { days: 10, dryRun: false, force: true })
  expect(await titles()).toEqual([])
})

test("a deleted issue goes with its events and everything that hangs on it", async () => {
  const id = await given("deleted", today)
  await given("other", today)
  await sql`insert into issue_mail_threads (project_id, issue_id, subject)
    select project_id, id, title from issues`
  await sql`update issues set status = 3 where id = ${id}`
  expect(await removeLeavingIssues(app, signal)).toBe(1)
  expect((await sql`select subject from issue_mail_threads`).map((row) => row.subject)).toEqual([
    "other",
  ])
  expect((await sql`select title from events`).map((row) => row.title)).toEqual(["other"])
  expect((await sql`select 1 from issue_hours`).length).toBe(1)
})

test("one project's old events go, and no other's", async () => {
  await given("old", ago(60))
  await given("young", today)
  const { projectId } = project
  project = await givenProject(sql)
  await given("other's", ago(60))
  const options = { projectId, days: 30, dryRun: false, force: false }
  const expected = { oldestDay: ago(30), events: 1, issues: 1 }
  expect(await cleanupProject(app, { ...options, dryRun: true })).toEqual(expected)
  expect(await cleanupProject(app, options)).toEqual(expected)
  const titlesIn = async (table: string) =>
    (await sql`select title from ${sql(table)} order by title`).map((row) => row.title)
  expect(await titlesIn("events")).toEqual(["other's", "young"])
  expect(await titlesIn("issues")).toEqual(["other's", "young"])
  expect((await sql`select 1 from issue_hours`).length).toBe(2)
  const late = { ...app, clock: { now: () => new Date(Date.now() + 60 * 86_400_000) } }
  await expect(cleanupProject(late, options)).rejects.toThrow("clocks")
})

test("hashes that lead nowhere go when they are old; discarded ones stay", async () => {
  await sql`insert into issue_hashes (project_id, hash, is_discarded, created_at) values
    (${project.projectId}, ${hashOf("a")}, false, now() - interval '60 days'),
    (${project.projectId}, ${hashOf("b")}, true, now() - interval '60 days'),
    (${project.projectId}, ${hashOf("c")}, false, now())`
  await given("new", today)
  expect((await cleanup(app, { days: 30, dryRun: false })).hashes).toBe(1)
})

test("ids of consumed messages are kept eight days and as long as something of the day waits", async () => {
  await dropConsumedDays(app, new Date(`${ago(31)}T12:00:00Z`))
  expect(await days("consumed")).toEqual([ago(31), ago(20), ago(1), today])
  await dropConsumedDays(app, null)
  expect(await days("consumed")).toEqual([ago(1), today])
})

test("ids of consumed messages stay when this host's clock is not PostgreSQL's", async () => {
  const before = await days("consumed")
  const ahead = { now: () => new Date(Date.now() + 60 * 86_400_000) }
  await expect(dropConsumedDays({ ...app, clock: ahead }, null)).rejects.toThrow("clocks")
  expect(await days("consumed")).toEqual(before)
})

test("what was mailed is forgotten after its time", async () => {
  await sql`insert into mail_deliveries (idempotency_key, kind, recipient, subject, created_at) values
    ('old', 'new', 'ada@example.com', 'Old', now() - interval '91 days'), ('young', 'new', 'ada@example.com', 'Young', now())`
  await sweep({ ...app, config: configWith({}) })
  expect((await sql`select subject from mail_deliveries`).map((row) => row.subject)).toEqual([
    "Young",
  ])
})

test("the oldest day makes room on the disk before events are refused", async () => {
  await given("old", ago(31))
  const { bavail, bsize } = await statfs(".")
  const guard = (minFree: number) => {
    const settings = { "system.data-directory": ".", "ingest.spool.min-free-bytes": minFree }
    return guardSpace({ ...app, shape: "appliance", config: configWith(settings) })
  }
  const oldest = (await days("events"))[0]!
  await guard(Math.floor((bavail * bsize) / 2))
  expect(await days("events")).toContain(oldest)
  await guard(Math.floor((bavail * bsize) / 1.2))
  expect(await days("events")).not.toContain(oldest)
})

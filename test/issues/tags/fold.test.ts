import { beforeAll, beforeEach, expect, test } from "bun:test"
import { foldTags, MAX_VALUES } from "#issues/tags/fold.ts"
import { deleteOldTagDeltaErrors, insertTagDeltas } from "#issues/tags/fold-store.ts"
import { testDatabase } from "../../support/database.ts"
import { givenDays, givenProject, NOON, occurrence, record } from "../../support/occurrences.ts"

const { sql } = await testDatabase()
let issue: { projectId: string; issueId: string }

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  const project = await givenProject(sql)
  const { places } = await record(sql, [occurrence(project)])
  issue = { projectId: project.projectId, issueId: places[0]!.issueId }
})

/** One batch: what it appends to tag_deltas. */
async function given(events: { tags: [string, string][]; at?: number; issueId?: string }[]) {
  const tagged = events.map(({ tags, at = NOON, issueId = issue.issueId }) => ({
    projectId: issue.projectId,
    issueId,
    occurredAt: at,
    tags,
  }))
  await sql.begin((tx) => insertTagDeltas(tx, tagged))
}
const fold = () => foldTags(sql, new AbortController().signal)
const values = () => sql`select key, value, events::int, first_seen, last_seen from issue_tag_values
  where project_id = ${issue.projectId} and issue_id = ${issue.issueId} order by events desc, key, value`
const keys =
  () => sql`select key, events::int, distinct_values, other_events::int from issue_tag_keys
  where project_id = ${issue.projectId} and issue_id = ${issue.issueId} order by key`

test("batches are summed into values, keys and the dictionary, and their rows are gone", async () => {
  await given([
    {
      tags: [
        ["os", "Linux"],
        ["user", "id:1"],
      ],
    },
    { tags: [["os", "Linux"]], at: NOON - 1000 },
  ])
  await given([
    { tags: [["os", "Windows"]], at: NOON + 1000 },
    { tags: [["os", "Linux"]], at: NOON + 500 },
  ])
  expect(await fold()).toBe(2)
  expect((await values()).map((v) => `${v.key}=${v.value} ${v.events}`)).toEqual([
    "os=Linux 3",
    "os=Windows 1",
    "user=id:1 1",
  ])
  expect((await values())[0]).toMatchObject({
    firstSeen: new Date(NOON - 1000),
    lastSeen: new Date(NOON + 500),
  })
  expect([...(await keys())]).toEqual([
    { key: "os", events: 4, distinctValues: 2, otherEvents: 0 },
    { key: "user", events: 1, distinctValues: 1, otherEvents: 0 },
  ])
  expect((await sql`select 1 from tag_deltas`).length).toBe(0)
  expect(
    (await sql`select value from tag_values where project_id = ${issue.projectId} order by value`)
      .length,
  ).toBe(3)
})

test("beyond 500 values the most frequent ones are kept and the rest is counted as other", async () => {
  const many = Array.from({ length: MAX_VALUES - 1 }, (_, n) => ({
    tags: [["url", `/${n}`]] as [string, string][],
  }))
  await given(many)
  await fold()
  await given([
    { tags: [["url", "/rare"]] },
    ...[1, 2, 3].map(() => ({ tags: [["url", "/often"]] as [string, string][] })),
    { tags: [["url", "/0"]] },
  ])
  await fold()
  expect((await values()).slice(0, 2).map((v) => [v.value, v.events])).toEqual([
    ["/often", 3],
    ["/0", 2],
  ])
  expect([...(await keys())]).toEqual([
    { key: "url", events: MAX_VALUES + 4, distinctValues: 500, otherEvents: 1 },
  ])
})

test("two folds at once count every row once", async () => {
  for (let n = 0; n < 120; n++) await given([{ tags: [["n", `${n % 5}`]] }])
  const folded = await Promise.all([fold(), fold(), fold()])
  await fold()
  expect(folded.reduce((a, b) => a + b)).toBeLessThanOrEqual(120)
  expect(await keys()).toMatchObject([{ key: "n", events: 120, distinctValues: 5 }])
})

test("rows that cannot be folded are set aside and told, and hold up nobody", async () => {
  await sql`delete from tag_deltas`
  await given([{ tags: [["a", "1"]] }])
  await sql`insert into tag_deltas (deltas) values ('no zstd at all'), (${Bun.zstdCompressSync("[[1")})`
  await given([{ tags: [["a", "a\u0000NUL, which PostgreSQL refuses"]] }])
  await given([{ tags: [["a", "1"]] }])
  const told: string[] = []
  const foldAll = () =>
    foldTags(sql, new AbortController().signal, ({ error }) => void told.push(error))
  expect(await foldAll()).toBe(2)
  expect((await values()).map((v) => `${v.key}=${v.value} ${v.events}`)).toEqual(["a=1 2"])
  expect(told).toHaveLength(3)
  const kept = await sql`select fold_error from tag_deltas order by id`
  expect(kept.map((row) => row.foldError)).toEqual(told)
  expect(await foldAll()).toBe(0)
  expect(told).toHaveLength(3)
  await given([{ tags: [["a", "1"]] }])
  expect(await deleteOldTagDeltaErrors(sql, new Date(Date.now() + 60_000))).toBe(3)
  expect(await foldAll()).toBe(1)
})

test("an outage is nobody's fault: nothing is set aside", async () => {
  await sql`delete from tag_deltas`
  await given([{ tags: [["a", "1"]] }])
  await sql`alter table issue_tag_keys rename to issue_tag_keys_away`
  const failed = await fold().catch((error) => error)
  await sql`alter table issue_tag_keys_away rename to issue_tag_keys`
  expect(failed).toMatchObject({ code: "42P01" })
  expect(await fold()).toBe(1)
})

test("counts follow a merge and end with a deletion", async () => {
  const { projectId } = issue
  await sql`insert into issue_redirects (project_id, old_issue_id, old_short_id, issue_id)
    values (${projectId}, 77, 77, ${issue.issueId})`
  await given([
    { tags: [["a", "1"]] },
    { tags: [["a", "1"]], issueId: "77" },
    { tags: [["a", "2"]], issueId: "78" },
  ])
  await fold()
  expect((await values()).map((v) => `${v.key}=${v.value} ${v.events}`)).toEqual(["a=1 2"])
})

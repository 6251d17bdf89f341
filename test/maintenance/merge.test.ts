import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { listActivity } from "#issues/activity/store.ts"
import { findIssueDetail } from "#issues/detail-store.ts"
import { deleteIssuesForGood, takeDiscardBack } from "#issues/moving/deleting.ts"
import { listTombstones } from "#issues/moving/deleting-store.ts"
import { findIssueDays, listIssueHashes } from "#issues/moving/hash-store.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { formatShortId } from "#issues/short-id.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { followHashes } from "#maintenance/regroup/follow-hashes.ts"
import { unmergeHashes } from "#maintenance/regroup/unmerge.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { type GivenProject, givenEvents, givenShop } from "../support/issues.ts"

const app = await testApp()
const signal = new AbortController().signal
let project: GivenProject

beforeEach(async () => {
  project = await givenShop(app)
})

/** An error in one module, below a framework, for one user. */
const oops = (module: string, user: string, framework = "django") => ({
  platform: "python",
  user: { id: user },
  tags: { module },
  exception: {
    values: [
      {
        type: "Oops",
        value: module,
        stacktrace: {
          frames: [
            { module: framework, function: "run", in_app: false },
            { module, function: "go", in_app: true },
          ],
        },
      },
    ],
  },
})

const send = async (...events: object[]) => (await givenEvents(app, project, events)).issueId
const ref = (id: string) => ({ projectId: project.projectId, id })
const detail = async (id: string) => await findIssueDetail(app.sql, project.organizationId, id)
const issueCount = async () =>
  (await app.sql`select 1 from issues where project_id = ${project.projectId}`).length

async function merged(...ids: string[]): Promise<string> {
  const { target } = await mergeIssues(app, { issues: ids.map(ref), actor: null })
  await followMerge(app, { projectId: project.projectId, issueId: target.id }, signal)
  return target.id
}

async function unmerge(issueId: string, module: string): Promise<string> {
  const found = await detail(issueId)
  const rows = await app.sql`
    select distinct hash_id from events
    where project_id = ${project.projectId} and issue_id = ${issueId} and title = ${`Oops: ${module}`}`
  const hashIds = rows.map(({ hashId }) => hashId as string)
  const into = await unmergeHashes(app, { issue: found!.issue, hashIds, actor: null })
  await followHashes(app, { projectId: project.projectId, issueId }, signal)
  return into
}

test("merged issues are the one that was seen first, with all that was counted", async () => {
  const first = await send(oops("a", "1"), oops("a", "2"))
  const second = await send(oops("b", "2"), oops("b", "3"), oops("b", "3"))
  const { issue: before } = (await detail(second))!
  expect(await merged(second, first)).toBe(first)
  expect(await issueCount()).toBe(1)
  const { issue } = (await detail(first))!
  expect({ events: issue.timesSeen, users: issue.usersSeen }).toEqual({ events: "5", users: 3 })
  await expectExactCounts(app, project.projectId)

  const shortId = formatShortId(before.projectSlug, before.shortId)
  for (const old of [second, shortId]) {
    expect(await detail(old)).toMatchObject({ issue: { id: first }, wasMerged: true })
  }
  const [entry] = await listActivity(app.sql, ref(first), { limit: 1 })
  expect(entry).toMatchObject({ type: "merge", data: { issues: [{ id: second }] } })
})

test("events of a merged issue go to the one that stayed, at once", async () => {
  const first = await send(oops("a", "1"))
  const second = await send(oops("b", "1"))
  await mergeIssues(app, { issues: [ref(first), ref(second)], actor: null })
  expect(await send(oops("b", "4"))).toBe(first)
  await followMerge(app, { projectId: project.projectId, issueId: first }, signal)
  await expectExactCounts(app, project.projectId)
})

test("a merge of a merge leads to the end", async () => {
  const ids = [await send(oops("a", "1")), await send(oops("b", "1")), await send(oops("c", "1"))]
  const [a = "", b = "", c = ""] = ids
  await merged(b, c)
  expect(await merged(a, b)).toBe(a)
  for (const id of ids) expect((await detail(id))!.issue.id).toBe(a)
  await expectExactCounts(app, project.projectId)
})

test("issues of two projects, or one alone, are not merged", async () => {
  const first = await send(oops("a", "1"))
  const elsewhere = { projectId: "999", id: "1" }
  await expect(mergeIssues(app, { issues: [ref(first)], actor: null })).rejects.toThrow("Select 2")
  await expect(mergeIssues(app, { issues: [ref(first), elsewhere], actor: null })).rejects.toThrow(
    "one project",
  )
})

test("an unmerged fingerprint is an issue of its own and stays one", async () => {
  const first = await send(oops("a", "1"), oops("a", "2"))
  const second = await send(oops("b", "2"), oops("b", "3"))
  await merged(first, second)
  const into = await unmerge(first, "b")
  expect(into).not.toBe(first)
  await expectExactCounts(app, project.projectId)
  expect((await detail(into))!.issue).toMatchObject({
    title: "Oops: b",
    timesSeen: "2",
    usersSeen: 2,
  })
  expect((await detail(first))!.issue).toMatchObject({ timesSeen: "2", usersSeen: 2 })

  // By both of its hashes: also when only the system frames are as before.
  expect(await send(oops("b", "9"))).toBe(into)
  const days = await findIssueDays(app.sql, ref(first))
  const left = await listIssueHashes(app.sql, days!, 10)
  expect(left.map(({ events }) => events)).toEqual([2, 0])
  const [source] = await listActivity(app.sql, ref(first), { limit: 1 })
  expect(source).toMatchObject({ type: "unmerge_source", data: { destination: into } })
  await expectExactCounts(app, project.projectId)
})

test("the last fingerprint of an issue cannot leave", async () => {
  const first = await send(oops("a", "1"))
  await expect(unmerge(first, "a")).rejects.toThrow("Leave at least one")
})

test("a deleted issue comes back as a new one with a new short id", async () => {
  const first = await send(oops("a", "1"))
  const { issue: before } = (await detail(first))!
  await deleteIssuesForGood(app, {
    organizationId: project.organizationId,
    issues: [ref(first)],
    actor: cliActor,
    discard: false,
  })
  expect(await detail(first)).toBeNull()
  const again = await send(oops("a", "1"))
  expect((await detail(again))!.issue.shortId).not.toBe(before.shortId)
  await removeLeavingIssues(app, signal)
  await expectExactCounts(app, project.projectId)
})

test("events of a discarded issue are dropped and counted as that, until it is taken back", async () => {
  const first = await send(oops("a", "1"))
  const request = { organizationId: project.organizationId, actor: cliActor }
  await deleteIssuesForGood(app, { ...request, issues: [ref(first)], discard: true })
  await expect(send(oops("a", "1"))).rejects.toThrow("not stored")
  await removeLeavingIssues(app, signal)
  await expect(send(oops("a", "1"))).rejects.toThrow("not stored")
  expect(await issueCount()).toBe(0)
  const [outcomes] = await app.sql`
    select sum(quantity)::int as n from outcome_hours
    where project_id = ${project.projectId} and outcome = 'discarded' and reason = 'discarded-hash'`
  expect(outcomes).toEqual({ n: 2 })

  const [tombstone] = await listTombstones(app.sql, project.projectId, 10)
  expect(tombstone).toMatchObject({ title: "Oops: a", hashes: 2 })
  const taken = { ...request, projectId: project.projectId, tombstoneId: tombstone!.id }
  expect(await takeDiscardBack(app, taken)).toBe("Oops: a")
  expect(await takeDiscardBack(app, taken)).toBeNull()
  await send(oops("a", "1"))
  await expectExactCounts(app, project.projectId)
})

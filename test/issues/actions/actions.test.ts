import { beforeEach, expect, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { addComment, editComment, removeComment } from "#issues/activity/comments.ts"
import { activitySentence } from "#issues/activity/sentence.ts"
import { listActivity } from "#issues/activity/store.ts"
import { findIssueDetail, findViewerState, isAssignable } from "#issues/detail-store.ts"
import type { IssueAction, IssueRef } from "#issues/issue.ts"
import { testApp } from "../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"

const app = await testApp()
let project: GivenProject
let issue: IssueRef
let ann: string

beforeEach(async () => {
  project = await givenShop(app)
  ann = await givenMember(app, project, { name: `ann${project.slug}` })
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  issue = { projectId: project.projectId, id: issueId }
})

const act = (action: IssueAction) => applyAction(app, { issues: [issue], actor: ann, action })
const detail = async () => (await findIssueDetail(app.sql, project.organizationId, issue.id))!.issue
const activityTypes = async () =>
  (await listActivity(app.sql, issue, { limit: 20 })).map(({ type }) => type)

test("a resolved issue says who resolved it and when, and does not resolve twice", async () => {
  expect(await act({ kind: "resolve", in: "now" })).toHaveLength(1)
  expect(await act({ kind: "resolve", in: "now" })).toHaveLength(0)
  const { status, substatus, resolvedByName } = await detail()
  expect({ status, substatus, resolvedByName }).toEqual({
    status: 1,
    substatus: null,
    resolvedByName: `ann${project.slug}`,
  })
  expect((await activityTypes())[0]).toBe("set_resolved")
})

test("an event on a resolved issue brings it back", async () => {
  await act({ kind: "resolve", in: "now" })
  await givenEvents(app, project, [zeroDivision({ release: "2.15.0" })])
  const { status, substatus } = await detail()
  expect({ status, substatus }).toEqual({ status: 0, substatus: "regressed" })
  expect((await activityTypes())[0]).toBe("set_regression")
})

test("an archived issue remembers what it stood at, and reopening forgets it", async () => {
  await act({ kind: "archive", how: "until_condition", rule: { untilEvents: 10 } })
  expect(await detail()).toMatchObject({
    status: 2,
    substatus: "archived_until_condition_met",
    archiveRule: { untilEvents: 10, eventsThen: 1, usersThen: 1 },
  })
  await act({ kind: "unresolve" })
  expect(await detail()).toMatchObject({ status: 0, substatus: "new", archiveRule: null })
})

test("Undo brings an issue back to what it was, whatever that was", async () => {
  const undo = () => act({ kind: "undo" })
  const state = async () => {
    const { status, substatus, priority, archiveRule, activeAt, resolutionType } = await detail()
    return { status, substatus, priority, archiveRule, activeAt, resolutionType }
  }
  await app.sql`update issues set substatus = 'escalating', priority = 75, level = 30, returned_at = now() where id = ${issue.id}`
  const escalating = await state()
  await act({ kind: "resolve", in: "now" })
  expect(await state()).toMatchObject({ status: 1, priority: 50 })
  await undo()
  expect(await state()).toEqual(escalating)
  expect((await detail()).returnedAt).not.toBeNull()

  await act({ kind: "archive", how: "until_condition", rule: { untilEvents: 10 } })
  const archived = await state()
  await act({ kind: "resolve", in: { version: "shop@9.0" } })
  await undo()
  expect(await state()).toEqual(archived)
  const [entry] = await listActivity(app.sql, issue, { limit: 1 })
  expect([entry?.type, activitySentence(entry!)]).toEqual([
    "undo",
    `ann${project.slug} took that back.`,
  ])
  expect(await undo()).toEqual([])
})

test("Undo takes back one's own last act, and nothing after something else happened", async () => {
  const bob = await givenMember(app, project, { name: `bob${project.slug}` })
  await act({ kind: "resolve", in: "now" })
  await applyAction(app, {
    issues: [issue],
    actor: bob,
    action: { kind: "archive", how: "forever", rule: {} },
  })
  expect(await act({ kind: "undo" })).toEqual([])
  expect((await detail()).status).toBe(2)
  await act({ kind: "resolve", in: "now" })
  await givenEvents(app, project, [zeroDivision()])
  expect(await act({ kind: "undo" })).toEqual([])
  expect((await detail()).substatus).toBe("regressed")
})

test("reopened or archived, nothing says any more how it was resolved", async () => {
  const left = async () => {
    const [row] = await app.sql`
      select resolved_at, resolution_type, resolved_release_id, resolved_seen_release_id, resolved_version
      from issues where id = ${issue.id}`
    return Object.values(row ?? {}).filter((value) => value !== null)
  }
  for (const end of ["unresolve", "archive", "event"] as const) {
    await act({ kind: "resolve", in: end === "event" ? "next_release" : { version: "shop@9.0" } })
    expect(await left()).not.toEqual([])
    if (end === "unresolve") await act({ kind: "unresolve" })
    if (end === "archive") await act({ kind: "archive", how: "forever", rule: {} })
    if (end === "event") await givenEvents(app, project, [zeroDivision({ release: "later" })])
    expect(await left()).toEqual([])
  }
})

test("whoever is assigned follows the issue, and strangers cannot be assigned", async () => {
  await act({ kind: "assign", to: { userId: ann } })
  expect((await detail()).assigneeUserId).toBe(ann)
  expect((await findViewerState(app.sql, issue, ann)).isSubscribed).toBe(true)
  const stranger = await givenMember(app, await givenShop(app), { name: `zed${project.slug}` })
  expect(await isAssignable(app.sql, project.organizationId, { userId: stranger })).toBe(false)
  expect(await isAssignable(app.sql, project.organizationId, { userId: ann })).toBe(true)
})

test("who said no to mails is not subscribed again by taking part", async () => {
  await act({ kind: "subscribe", on: false })
  await addComment(app, issue, { userId: ann, text: "still here" })
  expect((await findViewerState(app.sql, issue, ann)).isSubscribed).toBe(false)
})

test("only its author changes a comment", async () => {
  const id = await addComment(app, issue, { userId: ann, text: "one" })
  const bob = await givenMember(app, project, { name: `bob${project.slug}` })
  expect(editComment(app, issue, { id, userId: bob, text: "two" })).rejects.toThrow(
    "no such comment",
  )
  await editComment(app, issue, { id, userId: ann, text: "three" })
  expect((await listActivity(app.sql, issue, { limit: 1 }))[0]?.data).toEqual({
    text: "three",
    edited: true,
  })
  await removeComment(app, issue, { id, userId: ann })
  expect((await detail()).commentCount).toBe(0)
})

test("an empty comment is refused", () => {
  expect(addComment(app, issue, { userId: ann, text: " \u0000 " })).rejects.toThrow(
    "Write something",
  )
})

test("an issue is found by id and short id, in its own organization only", async () => {
  const shortId = `${project.slug}-1`
  expect(
    (await findIssueDetail(app.sql, project.organizationId, shortId.toUpperCase()))?.issue.id,
  ).toBe(issue.id)
  const other = await givenShop(app)
  expect(await findIssueDetail(app.sql, other.organizationId, issue.id)).toBeNull()
  expect(await findIssueDetail(app.sql, other.organizationId, shortId)).toBeNull()
  expect(await findIssueDetail(app.sql, project.organizationId, "9".repeat(30))).toBeNull()
})

test("the id of a merged issue leads to the one it was merged into", async () => {
  await app.sql`
    insert into issue_redirects (project_id, old_issue_id, old_short_id, issue_id)
    values (${project.projectId}, 999999999, 77, ${issue.id})`
  for (const old of ["999999999", `${project.slug}-2D`]) {
    const found = await findIssueDetail(app.sql, project.organizationId, old)
    expect([found?.issue.id, found?.wasMerged]).toEqual([issue.id, true])
  }
})

test("two people acting on many issues in opposite order do not block each other", async () => {
  const events = Array.from({ length: 30 }, (_, i) => ({
    platform: "python",
    fingerprint: [`f${i}`],
    logentry: { formatted: `m${i}` },
  }))
  await givenEvents(app, project, events)
  const rows = await app.sql<
    IssueRef[]
  >`select project_id, id from issues where project_id = ${project.projectId}`
  const all = [...rows]
  const rounds = Array.from({ length: 10 }, (_, i) =>
    applyAction(app, {
      issues: i % 2 ? all : [...all].reverse(),
      actor: ann,
      action: i % 2 ? { kind: "resolve", in: "now" } : { kind: "unresolve" },
    }),
  )
  expect((await Promise.allSettled(rounds)).map(({ status }) => status)).toEqual(
    Array(10).fill("fulfilled"),
  )
})

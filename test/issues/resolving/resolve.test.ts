import { beforeEach, expect, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { listActivity } from "#issues/activity/store.ts"
import { findIssueDetail } from "#issues/detail-store.ts"
import type { IssueRef, ResolveIn } from "#issues/issue.ts"
import { settleResolutions } from "#issues/resolving/settle.ts"
import { versionOrder } from "#releases/version.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenEvents, givenShop, zeroDivision } from "../../support/issues.ts"

const app = await testApp()
let project: GivenProject
let issue: IssueRef

beforeEach(async () => {
  project = await givenShop(app)
})

/** A release of a day of October, which the project has seen. */
async function givenRelease(version: string, day: number): Promise<string> {
  const [row] = await app.sql<{ id: string }[]>`
    insert into releases (organization_id, version, version_order, created_at)
    values (${project.organizationId}, ${version}, ${versionOrder(version)}, ${new Date(Date.UTC(2026, 9, day))})
    on conflict (organization_id, version) do update set created_at = excluded.created_at returning id`
  const id = row?.id ?? ""
  await app.sql`insert into release_projects (project_id, release_id)
    values (${project.projectId}, ${id}) on conflict do nothing`
  return id
}

async function givenIssue(release?: string) {
  const { issueId } = await givenEvents(app, project, [zeroDivision({ release })])
  issue = { projectId: project.projectId, id: issueId }
}

const seen = (release?: string) => givenEvents(app, project, [zeroDivision({ release })])
const resolve = (how: ResolveIn) =>
  applyAction(app, { issues: [issue], actor: null, action: { kind: "resolve", in: how } })
const detail = async () => (await findIssueDetail(app.sql, project.organizationId, issue.id))!.issue
const isResolved = async () => (await detail()).status === 1
const lastActivity = async () => (await listActivity(app.sql, issue, { limit: 1 }))[0]

test("in the next version: whatever is greater than the greatest in which it was seen", async () => {
  await givenRelease("shop@1.10", 1)
  await givenRelease("shop@1.9", 2)
  await givenIssue("shop@1.9")
  await seen("shop@1.10")
  await app.sql`insert into issue_tag_values (project_id, issue_id, key, value, events, first_seen, last_seen)
    select project_id, id, 'release', unnest(array['shop@1.9', 'shop@1.10']), 1, now(), now() from issues where id = ${issue.id}`
  await resolve("next_release")
  expect(await detail()).toMatchObject({
    resolutionType: "after_release",
    resolvedSeenRelease: "shop@1.10",
  })
  expect((await lastActivity())?.data).toMatchObject({
    version: "",
    current_release_version: "shop@1.10",
  })
  await seen("shop@1.10")
  await seen()
  expect(await isResolved()).toBe(true)
  await seen("shop@1.10.1")
  expect(await isResolved()).toBe(false)
  expect((await lastActivity())?.data).toMatchObject({ version: "shop@1.10.1" })
})

test("in the next release by date: the one that comes, whose name the activity then says", async () => {
  await givenRelease("blue", 5)
  await givenIssue("blue")
  await resolve("next_release")
  expect(await detail()).toMatchObject({ resolutionType: "in_next_release" })
  const older = await givenRelease("amber", 4)
  await settleResolutions(app, { projectId: project.projectId, releaseId: older })
  expect((await detail()).resolutionType).toBe("in_next_release")

  const next = await givenRelease("coral", 6)
  await settleResolutions(app, { projectId: project.projectId, releaseId: next })
  expect(await detail()).toMatchObject({ resolutionType: "in_release", resolvedRelease: "coral" })
  expect((await lastActivity())?.data).toMatchObject({ version: "coral" })
  await seen("blue")
  expect(await isResolved()).toBe(true)
  await seen("coral")
  expect(await isResolved()).toBe(false)
  expect((await lastActivity())?.data).toMatchObject({
    version: "coral",
    resolved_in_version: "coral",
    follows_semver: false,
  })
})

test("in the next release by date, when there is a later one already: in that", async () => {
  await givenRelease("blue", 5)
  await givenRelease("coral", 6)
  await givenRelease("denim", 7)
  await givenIssue("blue")
  await resolve("next_release")
  expect(await detail()).toMatchObject({ resolutionType: "in_release", resolvedRelease: "coral" })
})

test("an event that brings a new release to a project settles what waited for it", async () => {
  await givenRelease("blue", 5)
  await givenIssue("blue")
  await resolve("next_release")
  await givenEvents(app, project, [
    { platform: "python", release: "coral", logentry: { formatted: "something else" } },
  ])
  const tasks = await app.sql<{ data: { projectId: string; releaseId: string } }[]>`
    select data from pgboss.job where name = 'settle-resolutions' and data->>'projectId' = ${project.projectId}`
  for (const { data } of tasks) await settleResolutions(app, data)
  expect(await detail()).toMatchObject({ resolutionType: "in_release", resolvedRelease: "coral" })
})

test("in a version that does not exist yet: older ones do not bring it back, and it settles when it comes", async () => {
  await givenRelease("shop@1.0", 1)
  await givenIssue("shop@1.0")
  await resolve({ version: "shop@2.0" })
  await seen("shop@1.5")
  expect(await isResolved()).toBe(true)
  const came = await givenRelease("shop@2.0", 9)
  await settleResolutions(app, { projectId: project.projectId, releaseId: came })
  expect(await detail()).toMatchObject({
    resolutionType: "in_release",
    resolvedRelease: "shop@2.0",
    resolvedVersion: null,
  })
})

async function givenCommit(sha: string): Promise<string> {
  const { organizationId } = project
  const [repository] = await app.sql<{ id: string }[]>`
    insert into repositories (organization_id, name) values (${organizationId}, 'acme/shop') returning id`
  const [commit] = await app.sql<{ id: string }[]>`
    insert into commits (organization_id, repository_id, sha, message, committed_at)
    values (${organizationId}, ${repository!.id}, ${sha}, 'repair', now()) returning id`
  return commit?.id ?? ""
}

test("in a commit: nothing brings it back until a release has the commit", async () => {
  const sha = "ab12".repeat(10)
  await givenIssue("blue")
  const commitId = await givenCommit(sha)
  await resolve({ commitId, sha })
  expect(await detail()).toMatchObject({
    resolutionType: "in_commit",
    resolvedCommit: { sha, repository: "acme/shop" },
  })
  await seen("coral")
  expect(await isResolved()).toBe(true)

  const release = await givenRelease("denim", 9)
  await app.sql`insert into release_commits (release_id, position, commit_id) values (${release}, 0, ${commitId})`
  await seen("denim")
  expect(await isResolved()).toBe(false)
})

test("in a commit that is released already: in the newest release that has it", async () => {
  await givenIssue("blue")
  const commitId = await givenCommit("cd34".repeat(10))
  for (const [version, day] of [
    ["coral", 6],
    ["denim", 7],
  ] as const) {
    const release = await givenRelease(version, day)
    await app.sql`insert into release_commits (release_id, position, commit_id) values (${release}, 0, ${commitId})`
  }
  await resolve({ commitId, sha: "cd34".repeat(10) })
  expect(await detail()).toMatchObject({ resolutionType: "in_release", resolvedRelease: "denim" })
})

test("Undo brings back what the issue was before it was resolved in a commit", async () => {
  await givenIssue("blue")
  const sha = "ef56".repeat(10)
  await resolve({ commitId: await givenCommit(sha), sha })
  await applyAction(app, {
    issues: [issue],
    actor: null,
    action: { kind: "undo" },
  })
  expect(await detail()).toMatchObject({ status: 0, substatus: "new" })
})

test("in a version and in a commit as people name them", async () => {
  await givenIssue("blue")
  await givenRelease("coral", 6)
  await resolve({ version: "coral" })
  expect(await detail()).toMatchObject({ resolutionType: "in_release", resolvedRelease: "coral" })
  await givenCommit("98765432".repeat(5))
  await resolve({ sha: "9876543" })
  expect((await detail()).resolvedCommit?.sha).toBe("98765432".repeat(5))
  expect(resolve({ sha: "abcdef0" })).rejects.toThrow("No commit begins like this")
})

test("who reopens an issue says that the commit did not fix it", async () => {
  await givenIssue("blue")
  await resolve({ commitId: await givenCommit("ef56".repeat(10)), sha: "ef56".repeat(10) })
  await applyAction(app, { issues: [issue], actor: null, action: { kind: "unresolve" } })
  await resolve("now")
  await seen("coral")
  expect(await isResolved()).toBe(false)
})

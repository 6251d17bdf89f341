import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { findCommit, findReleaseOfCommit } from "#releases/commit-store.ts"
import {
  findProjectRelease,
  findReleaseAfter,
  findReleaseNamed,
  listKnownReleases,
  listSemverProjects,
  type NamedRelease,
} from "#releases/order-store.ts"
import type { Changed } from "../actions/store.ts"
import { insertActivity } from "../activity/store.ts"
import type { IssueRef, ResolveIn } from "../issue.ts"
import {
  insertIssueCommits,
  listSeenReleases,
  type StoredResolution,
  updateResolved,
} from "./resolution-store.ts"

type Plan = {
  issues: readonly IssueRef[]
  resolution: StoredResolution
  activity: { type: string; data: Record<string, unknown> }
}

type Request = {
  in: ResolveIn
  by: string | null
  at: Date
  /** By id, what Undo puts back. */
  before?: ReadonlyMap<string, Record<string, unknown>>
}

/** Resolves locked issues and writes that down; returns those that changed. */
export async function resolveIssues(
  tx: Tx,
  issues: readonly IssueRef[],
  request: Request,
): Promise<Changed[]> {
  const changed: Changed[] = []
  const { by, at, before } = request
  for (const { issues: some, resolution, activity } of await plansFor(tx, issues, request.in)) {
    const resolved = await updateResolved(tx, some, { ...resolution, by, at })
    await insertActivity(tx, resolved, { ...activity, userId: by, at, ...(before && { before }) })
    changed.push(...resolved)
  }
  return changed
}

async function plansFor(tx: Tx, issues: readonly IssueRef[], how: ResolveIn): Promise<Plan[]> {
  if (how === "now") {
    return [{ issues, resolution: {}, activity: { type: "set_resolved", data: {} } }]
  }
  if (how === "next_release") return inNextRelease(tx, issues)
  if (how === "upcoming_release") return inUpcomingRelease(tx, issues)
  if ("releaseId" in how) return [{ issues, ...inReleaseOf(how) }]
  if ("version" in how) return inVersion(tx, issues, how.version)
  if ("commitId" in how) return [await inCommit(tx, issues, how)]
  return inCommitNamed(tx, issues, how.sha)
}

/** What has no release of this name yet waits for it. */
async function inVersion(tx: Tx, issues: readonly IssueRef[], version: string): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const [projectId, some] of Map.groupBy(issues, (issue) => issue.projectId)) {
    const release = await findReleaseNamed(tx, projectId, version)
    const resolution = { type: "in_future_release", version } as const
    plans.push({
      issues: some,
      ...(release ? inReleaseOf(release) : { resolution, activity: inRelease(version) }),
    })
  }
  return plans
}

async function inCommitNamed(tx: Tx, issues: readonly IssueRef[], sha: string): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const [projectId, some] of Map.groupBy(issues, (issue) => issue.projectId)) {
    const commit = await findCommit(tx, { projectId }, sha)
    if (!commit) throw new AppError("invalid", NO_SUCH_COMMIT, { field: "commit" })
    plans.push(await inCommit(tx, some, { commitId: commit.id, sha: commit.sha }))
  }
  return plans
}

const NO_SUCH_COMMIT =
  "No commit begins like this, or more than one does. Commits are known from sentry-cli releases set-commits."

const inRelease = (version: string, more: object = {}) => ({
  type: "set_resolved_in_release",
  data: { version, ...more },
})

function inReleaseOf({ releaseId, version }: NamedRelease, seenReleaseId?: string) {
  return {
    resolution: { type: "in_release", releaseId, ...(seenReleaseId && { seenReleaseId }) } as const,
    activity: inRelease(version),
  }
}

/** In the release after the greatest in which each issue was seen: by version where a project counts in versions, else by date. */
async function inNextRelease(tx: Tx, issues: readonly IssueRef[]): Promise<Plan[]> {
  const seen = new Map((await listSeenReleases(tx, issues)).map((row) => [row.issueId, row]))
  const semver = await listSemverProjects(
    tx,
    issues.map(({ projectId }) => projectId),
  )
  const groups = Map.groupBy(issues, ({ id, projectId }) => {
    const releases = seen.get(id)
    const seenId = semver.has(projectId) ? releases?.greatestId : releases?.newestId
    return `${projectId}/${seenId ?? ""}`
  })
  const plans: Plan[] = []
  for (const [key, some] of groups) {
    const [projectId = "", seenId = ""] = key.split("/")
    const next = await releaseAfter(tx, projectId, seenId, semver.has(projectId))
    plans.push({ issues: some, ...next })
  }
  return plans
}

async function releaseAfter(tx: Tx, projectId: string, seenId: string, isSemver: boolean) {
  const seen = (await listKnownReleases(tx, seenId === "" ? [] : [seenId])).get(seenId)
  const latest = await findProjectRelease(tx, projectId, null)
  if (!seen) return pending(latest, null)
  if (isSemver && seen.versionOrder !== null) return afterVersion(seen, latest)
  const later = await findReleaseAfter(tx, projectId, seen)
  return later ? inReleaseOf(later, seen.id) : pending(latest, seen)
}

function afterVersion(seen: { id: string; version: string }, latest: NamedRelease | null) {
  const resolution: StoredResolution = {
    type: "after_release",
    seenReleaseId: seen.id,
    releaseId: latest?.releaseId,
  }
  return { resolution, activity: inRelease("", { current_release_version: seen.version }) }
}

function pending(latest: NamedRelease | null, seen: { id: string; version: string } | null) {
  return {
    resolution: {
      type: "in_next_release",
      releaseId: latest?.releaseId,
      seenReleaseId: seen?.id,
    } as const,
    activity: inRelease("", seen ? { current_release_version: seen.version } : {}),
  }
}

async function inUpcomingRelease(tx: Tx, issues: readonly IssueRef[]): Promise<Plan[]> {
  const plans: Plan[] = []
  for (const [projectId, some] of Map.groupBy(issues, (issue) => issue.projectId)) {
    plans.push({ issues: some, ...pending(await findProjectRelease(tx, projectId, null), null) })
  }
  return plans
}

/** Once a release has the commit, it is that one; until then no event brings the issue back. */
async function inCommit(
  tx: Tx,
  issues: readonly IssueRef[],
  commit: { commitId: string; sha: string },
): Promise<Plan> {
  await insertIssueCommits(tx, issues, commit.commitId)
  const release = await findReleaseOfCommit(tx, commit.commitId)
  return {
    issues,
    resolution: release
      ? { type: "in_release", releaseId: release.releaseId }
      : { type: "in_commit" },
    activity: {
      type: "set_resolved_in_commit",
      data: { commit: commit.sha, ...(release && { version: release.version }) },
    },
  }
}

import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import type { Tx } from "#platform/db.ts"
import type { GivenCommit } from "#releases/commit.ts"
import type { StoredCommit } from "#releases/commit-store.ts"
import { recordReleaseCommits } from "#releases/record-commits.ts"
import { lockIssues, recordSubscriptions, updateUnresolved } from "../actions/store.ts"
import { insertActivity } from "../activity/store.ts"
import type { IssueRef } from "../issue.ts"
import { findIssuePlace } from "../place-store.ts"
import {
  type CommitLink,
  deleteCommitLink,
  isResolvedByCommits,
  listCommitLinks,
  listCommitters,
} from "./commit-link-store.ts"
import { referencedIssues } from "./commit-message.ts"
import { updateResolved } from "./resolution-store.ts"
import { resolveIssues } from "./resolve.ts"

type Deps = Pick<App, "sql" | "clock" | "config">
type Released = { organizationId: string; releaseId: string; version: string }

/**
 * Makes these the commits of a release. What their messages resolve is resolved, and so is what was waiting for one of them to
 * be released.
 */
export async function setReleaseCommits(
  app: Deps,
  release: Released,
  given: readonly GivenCommit[],
): Promise<void> {
  await app.sql.begin(async (tx) => {
    const { commits, added } = await recordReleaseCommits(tx, release, given)
    const links = await listCommitLinks(
      tx,
      commits.map(({ id }) => id),
    )
    const people = await listCommitters(
      tx,
      release.organizationId,
      commits.flatMap(({ authorEmail }) => authorEmail ?? []),
    )
    const context = { app, tx, release, links, people }
    for (const commit of added) await releaseFix(context, commit)
    for (const commit of commits) await followMessage(context, commit)
  })
}

type Context = {
  app: Deps
  tx: Tx
  release: Released
  /** As they were before. */
  links: readonly CommitLink[]
  /** Members by address. */
  people: ReadonlyMap<string, string>
}

const linksOf = ({ links }: Context, commit: StoredCommit) =>
  links.filter(({ commitId }) => commitId === commit.id)

/** What waited for the commit is resolved in the release that has it. That it is resolved by the commit was written down before. */
async function releaseFix(context: Context, commit: StoredCommit): Promise<void> {
  const issues = await lockIssues(context.tx, linksOf(context, commit))
  if (issues.length === 0) return
  await updateResolved(context.tx, issues, {
    type: "in_release",
    releaseId: context.release.releaseId,
    by: authorOf(context, commit),
    at: context.app.clock.now(),
  })
}

/** New references resolve; those that the message does not make any more are taken back. */
async function followMessage(context: Context, commit: StoredCommit): Promise<void> {
  if (commit.message === commit.messageBefore) return
  const now = await issuesIn(context, commit.message)
  const before = await issuesIn(context, commit.messageBefore ?? "")
  const has = (issues: readonly IssueRef[], { id }: IssueRef) =>
    issues.some((each) => each.id === id)
  for (const gone of before.filter((issue) => !has(now, issue)))
    await takeBack(context, commit, gone)
  const linked = linksOf(context, commit)
  await resolveBy(
    context,
    commit,
    now.filter((issue) => !has(linked, issue)),
  )
}

async function issuesIn({ app, tx, release }: Context, message: string): Promise<IssueRef[]> {
  const found: IssueRef[] = []
  for (const reference of referencedIssues(message, publicAddress(app.config))) {
    const place = await findIssuePlace(tx, [release.organizationId], reference)
    if (place) found.push({ projectId: place.projectId, id: place.id })
  }
  return found
}

async function resolveBy(context: Context, commit: StoredCommit, refs: readonly IssueRef[]) {
  const { tx, app } = context
  const issues = await lockIssues(tx, refs)
  if (issues.length === 0) return
  const by = authorOf(context, commit)
  await resolveIssues(tx, issues, {
    in: { commitId: commit.id, sha: commit.sha },
    by,
    at: app.clock.now(),
  })
  if (!by) return
  const subscription = { userId: by, isActive: true, reason: "committed", isExplicit: false }
  await recordSubscriptions(tx, issues, subscription)
}

async function takeBack({ app, tx }: Context, commit: StoredCommit, issue: IssueRef) {
  await deleteCommitLink(tx, { ...issue, commitId: commit.id })
  if (!(await isResolvedByCommits(tx, issue))) return
  const at = app.clock.now()
  const changed = await updateUnresolved(tx, await lockIssues(tx, [issue]), { at, isUndo: false })
  await insertActivity(tx, changed, { type: "set_unresolved", userId: null, at })
}

function authorOf({ people }: Context, { authorEmail }: StoredCommit): string | null {
  return authorEmail ? (people.get(authorEmail) ?? null) : null
}

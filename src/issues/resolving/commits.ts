import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import type { Tx } from "#platform/db.ts"
import type { GivenCommit } from "#releases/commit.ts"
import type { StoredCommit } from "#releases/commit-store.ts"
import { recordReleaseCommits } from "#releases/record-commits.ts"
import { lockIssues, recordSubscriptions, updateUnresolved } from "../actions/store.ts"
import { insertActivity } from "../activity/store.ts"
import { type IssueRef, STATUS } from "../issue.ts"
import { listIssuePlaces } from "../place-store.ts"
import {
  type CommitLink,
  deleteCommitLink,
  isResolvedByAlone,
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
    const edited = commits.filter(({ message, messageBefore }) => message !== messageBefore)
    const places = await placesIn(app, tx, release, edited)
    // All at once: taken one after the other they might be waited for in a circle.
    await lockIssues(tx, [...links, ...places.values()])
    const context = { app, tx, release, links, people, places }
    for (const commit of added) await releaseFix(context, commit)
    for (const commit of edited) await followMessage(context, commit)
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
  /** Issues by how messages name them. */
  places: ReadonlyMap<string, IssueRef>
}

const linksOf = ({ links }: Context, commit: StoredCommit) =>
  links.filter(({ commitId }) => commitId === commit.id)

/** Issues that messages name, or named before. */
async function placesIn(
  { config }: Deps,
  tx: Tx,
  { organizationId }: Released,
  commits: readonly StoredCommit[],
) {
  const prefix = publicAddress(config)
  const names = commits.flatMap(({ message, messageBefore }) => [
    ...referencedIssues(message, prefix),
    ...referencedIssues(messageBefore ?? "", prefix),
  ])
  return listIssuePlaces(tx, organizationId, names)
}

/**
 * What waited for the commit is resolved in the release that has it. That it is resolved by the commit was written down before,
 * unless it is open again meanwhile.
 */
async function releaseFix(context: Context, commit: StoredCommit): Promise<void> {
  const linked = linksOf(context, commit)
  if (linked.length === 0) return
  const { tx, app, release } = context
  const issues = await lockIssues(tx, linked)
  const { releaseId, version } = release
  const by = authorOf(context, commit)
  const at = app.clock.now()
  const changed = await updateResolved(tx, issues, { type: "in_release", releaseId, by, at })
  const open = issues.filter(({ status }) => status !== STATUS.resolved)
  await insertActivity(
    tx,
    changed.filter(({ id }) => open.some((issue) => issue.id === id)),
    { type: "set_resolved_in_release", userId: by, data: { version }, at },
  )
}

/** New references resolve; those that the message does not make any more are taken back. */
async function followMessage(context: Context, commit: StoredCommit): Promise<void> {
  const now = issuesIn(context, commit.message)
  const before = issuesIn(context, commit.messageBefore ?? "")
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

function issuesIn({ app, places }: Context, message: string): IssueRef[] {
  const named = referencedIssues(message, publicAddress(app.config))
  const found = named.flatMap((reference) => places.get(reference) ?? [])
  return [...new Map(found.map((issue) => [issue.id, issue])).values()]
}

async function resolveBy(context: Context, commit: StoredCommit, refs: readonly IssueRef[]) {
  if (refs.length === 0) return
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
  const link = { ...issue, commitId: commit.id }
  await deleteCommitLink(tx, link)
  if (!(await isResolvedByAlone(tx, link))) return
  const at = app.clock.now()
  const changed = await updateUnresolved(tx, await lockIssues(tx, [issue]), at)
  await insertActivity(tx, changed, { type: "set_unresolved", userId: null, at })
}

function authorOf({ people }: Context, { authorEmail }: StoredCommit): string | null {
  return authorEmail ? (people.get(authorEmail) ?? null) : null
}

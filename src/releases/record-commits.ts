import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { type GivenCommit, keptCommits } from "./commit.ts"
import {
  deleteHeads,
  findRepositories,
  lockRelease,
  recordAuthors,
  recordCommitFiles,
  recordCommits,
  recordHeads,
  recordRepositories,
  type StoredCommit,
  updateReleaseCommits,
} from "./commit-store.ts"

type ReleaseRef = { organizationId: string; releaseId: string }

/** Makes these the commits of a release; `added` are those that it did not have. */
export async function recordReleaseCommits(
  tx: Tx,
  { organizationId, releaseId }: ReleaseRef,
  given: readonly GivenCommit[],
): Promise<{ commits: StoredCommit[]; added: StoredCommit[] }> {
  await lockRelease(tx, releaseId)
  const kept = keptCommits(given)
  const repositories = await recordRepositories(
    tx,
    organizationId,
    kept.map(({ repository }) => repository),
  )
  const named = kept.flatMap(({ author }) => author ?? [])
  const authors = await recordAuthors(tx, organizationId, named)
  const commits = await recordCommits(tx, organizationId, kept, { repositories, authors })
  await recordCommitFiles(tx, filesOf(kept, commits))
  const added = new Set(
    await updateReleaseCommits(
      tx,
      releaseId,
      commits.map(({ id }) => id),
    ),
  )
  await deleteHeads(tx, releaseId)
  await recordHeads(tx, releaseId, headsOf(kept, repositories))
  return { commits, added: commits.filter(({ id }) => added.has(id)) }
}

function filesOf(kept: readonly GivenCommit[], commits: readonly StoredCommit[]) {
  return kept.flatMap(({ files }, index) =>
    (files ?? []).map((file) => ({ ...file, commitId: commits[index]?.id ?? "" })),
  )
}

/** The newest commit of each repository. */
function headsOf(kept: readonly GivenCommit[], repositories: ReadonlyMap<string, string>) {
  const heads = new Map<string, string>()
  for (const { repository, sha } of kept) {
    const id = repositories.get(repository)
    if (id && !heads.has(id)) heads.set(id, sha)
  }
  return heads
}

/** Keeps which commits a release was built from. Nobody here asks the repository what lies between. Throws invalid. */
export async function recordReleaseRefs(
  tx: Tx,
  { organizationId, releaseId }: ReleaseRef,
  refs: readonly { repository: string; commit: string }[],
): Promise<void> {
  const names = refs.map(({ repository }) => repository)
  const repositories = await findRepositories(tx, organizationId, names)
  const unknown = names.filter((name) => !repositories.has(name))
  if (unknown.length > 0) {
    throw new AppError("invalid", `Invalid repository names: ${unknown.join(",")}`, {
      field: "refs",
    })
  }
  const heads = refs.map(({ repository, commit }): [string, string] => [
    repositories.get(repository) ?? "",
    commit,
  ])
  await recordHeads(tx, releaseId, new Map(heads))
}

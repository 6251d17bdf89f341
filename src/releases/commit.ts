/** A commit as clients tell of it. */
export type GivenCommit = {
  sha: string
  repository: string
  /** null: nobody was named. */
  author: { email: string; name: string } | null
  message: string
  committedAt: Date
  /** null: not told. */
  files: { path: string; change: FileChange }[] | null
}

/** Added, modified, deleted. */
export type FileChange = "A" | "M" | "D"

/** What a release keeps of its commits; of the newest. */
const MAX_COMMITS = 2_000
const MAX_FILES = 2_000
export const MAX_PATH = 1_000
const MAX_EMAIL = 75

/** Whom a commit names: by address, else by a name that then stands for one. */
export function commitAuthor(
  email: string | null | undefined,
  name: string | null | undefined,
): GivenCommit["author"] {
  const said = name?.trim() ?? ""
  const plain = said.toLowerCase().replace(/[^a-z0-9_.-]+/g, "")
  const address = email?.trim().toLowerCase() || (plain && `${plain}@localhost`)
  if (!address || address.length > MAX_EMAIL) return null
  return { email: address, name: said || address }
}

/** Newest first, each once, and not more than a release keeps. */
export function keptCommits(commits: readonly GivenCommit[]): GivenCommit[] {
  const once = new Map(commits.map((commit) => [`${commit.repository}\n${commit.sha}`, commit]))
  return [...once.values()]
    .sort((a, b) => b.committedAt.getTime() - a.committedAt.getTime())
    .slice(0, MAX_COMMITS)
    .map((commit) => ({ ...commit, files: commit.files?.slice(0, MAX_FILES) ?? null }))
}

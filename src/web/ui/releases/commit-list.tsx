import type { Commit } from "#releases/history-store.ts"
import { shortSha, subjectOf } from "#releases/version.ts"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"

const MAX_SUBJECT = 200

/** Commits, each with its first line, who made it and where. */
export function CommitList({ shell, commits }: { shell: Shell; commits: readonly Commit[] }) {
  return (
    <ul class="commit-list">
      {commits.map(({ sha, message, author, repository, committedAt }) => (
        <li>
          <code title={sha}>{shortSha(sha)}</code>
          <span class="grow">
            <b class="anywhere">
              <ForeignText text={subjectOf(message)} max={MAX_SUBJECT} />
            </b>
            <small class="muted">
              <ForeignText text={author?.name ?? "somebody"} max={80} />
              {" in "}
              <ForeignText text={repository.name} max={80} />
              {", "}
              <TimeAgo at={committedAt} now={shell.now} zone={shell.zone} />
            </small>
          </span>
        </li>
      ))}
    </ul>
  )
}

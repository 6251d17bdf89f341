import { shortSha, subjectOf } from "#releases/version.ts"
import { ForeignText } from "./foreign-text.tsx"
import { TimeAgo } from "./time-ago.tsx"

const MAX_SUBJECT = 200
const MAX_NAME = 80

type ListedCommit = {
  sha: string
  message: string
  committedAt: Date
  repository: { name: string }
  author: { name: string } | null
  /** What of it matters here. */
  paths?: readonly string[]
}

/** Commits, each with its first line, who made it and where. */
export function CommitList(props: {
  commits: readonly ListedCommit[]
  shell: { now: Date; zone: string }
}) {
  const { now, zone } = props.shell
  return (
    <ul class="commit-list">
      {props.commits.map(({ sha, message, author, repository, committedAt, paths = [] }) => (
        <li>
          <code title={sha}>{shortSha(sha)}</code>
          <span class="grow">
            <b class="anywhere">
              <ForeignText text={subjectOf(message)} max={MAX_SUBJECT} />
            </b>
            <small class="muted anywhere">
              <ForeignText text={author?.name ?? "Somebody"} max={MAX_NAME} />
              {paths.length > 0 && (
                <>
                  {" changed "}
                  <ForeignText text={paths.join(", ")} max={MAX_SUBJECT} />
                </>
              )}
              {" in "}
              <ForeignText text={repository.name} max={MAX_NAME} />
              {", "}
              <TimeAgo at={committedAt} now={now} zone={zone} />
            </small>
          </span>
        </li>
      ))}
    </ul>
  )
}

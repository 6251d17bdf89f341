import type { SuspectCommit } from "#issues/suspects.ts"
import { shortSha, subjectOf } from "#releases/version.ts"
import { ForeignText } from "../../components/foreign-text.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { Section } from "./section.tsx"

const MAX_CHARACTERS = 200

type Props = { shell: Shell; suspects: readonly SuspectCommit[] }

/** Who may have brought it: commits of its first release, or shortly before, that changed files of the trace. */
export function SuspectsSection({ shell, suspects }: Props) {
  if (suspects.length === 0) return null
  return (
    <Section id="suspect-commits" title="Suspect commits" count={suspects.length}>
      <ul class="commit-list">
        {suspects.map(({ sha, message, author, repository, committedAt, paths }) => (
          <li>
            <code title={sha}>{shortSha(sha)}</code>
            <span class="grow">
              <b class="anywhere">
                <ForeignText text={subjectOf(message)} max={MAX_CHARACTERS} />
              </b>
              <small class="muted anywhere">
                <ForeignText text={author?.name ?? "Somebody"} max={80} />
                {" changed "}
                <ForeignText text={paths.join(", ")} max={MAX_CHARACTERS} />
                {" in "}
                <ForeignText text={repository.name} max={80} />
                {", "}
                <TimeAgo at={committedAt} now={shell.now} zone={shell.zone} />
              </small>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

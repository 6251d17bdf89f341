import type { SuspectCommit } from "#issues/resolving/suspects.ts"
import { CommitList } from "../../../components/commit-list.tsx"
import type { Shell } from "../../../shell.ts"
import { Section } from "./section.tsx"

type Props = { shell: Shell; suspects: readonly SuspectCommit[] }

/** Who may have brought it: commits of its first release, or shortly before, that changed files of the trace. */
export function SuspectsSection({ shell, suspects }: Props) {
  if (suspects.length === 0) return null
  return (
    <Section id="suspect-commits" title="Suspect commits" count={suspects.length}>
      <CommitList shell={shell} commits={suspects} />
    </Section>
  )
}

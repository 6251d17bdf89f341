import type { Tombstone } from "#issues/deleting-store.ts"
import type { Project } from "#projects/store.ts"
import type { Shell } from "../shell.ts"
import { DiscardsCard } from "./discards-card.tsx"
import { ProjectLayout } from "./project-layout.tsx"

type GroupingPageProps = {
  shell: Shell
  organization: { slug: string }
  project: Project
  tombstones: readonly Tombstone[]
  canWrite: boolean
}

/** What makes events of the project one issue. */
export function GroupingPage(props: GroupingPageProps) {
  const { shell, organization, project, tombstones, canWrite } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="grouping">
      <DiscardsCard shell={shell} tombstones={tombstones} canWrite={canWrite} />
    </ProjectLayout>
  )
}

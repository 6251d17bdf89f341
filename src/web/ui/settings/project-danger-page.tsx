import { Card } from "../components/card.tsx"
import type { FieldErrors } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { DangerForm } from "./danger-form.tsx"
import { ProjectLayout } from "./project-layout.tsx"

type ProjectDangerPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  contents: { issues: number; events: number }
  canDelete: boolean
  errors?: FieldErrors
}

export function ProjectDangerPage(props: ProjectDangerPageProps) {
  const { shell, organization, project, contents, canDelete } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="danger">
      {canDelete ? (
        <DangerForm
          csrf={shell.csrf}
          action="delete"
          title="Delete project"
          button="Delete this project"
          consequence={`${contents.issues.toLocaleString("en")} issues with ${contents.events.toLocaleString("en")} events are gone for good, and its DSNs are refused.`}
          slug={project.slug}
          errors={props.errors}
        />
      ) : (
        <Card title="Delete project">
          <p>Only admins, managers and owners may delete a project.</p>
        </Card>
      )}
    </ProjectLayout>
  )
}

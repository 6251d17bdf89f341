import type { Tombstone } from "#issues/moving/deleting-store.ts"
import type { RuleChange } from "#maintenance/regroup/change-store.ts"
import type { Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"
import { DiscardsCard } from "./discards-card.tsx"
import { RulesCard, type RulesForm } from "./rules-card.tsx"
import type { RulesErrors } from "./rules-errors.ts"

type GroupingPageProps = {
  shell: Shell
  organization: { slug: string }
  project: Project
  form: RulesForm
  errors: RulesErrors | null
  changes: readonly RuleChange[]
  tombstones: readonly Tombstone[]
  canWrite: boolean
}

/** What makes events of the project one issue. */
export function GroupingPage(props: GroupingPageProps) {
  const { shell, organization, project, form, errors, changes, tombstones, canWrite } = props
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="grouping">
      <RulesCard csrf={shell.csrf} form={form} errors={errors} canWrite={canWrite} />
      {changes.length > 0 && <ChangesCard {...props} />}
      <DiscardsCard shell={shell} tombstones={tombstones} canWrite={canWrite} />
    </ProjectLayout>
  )
}

const STATUS_WORDS: Record<RuleChange["status"], string> = {
  rehearsing: "being tried",
  rehearsed: "tried, not saved",
  saved: "saved for new events",
  regrouping: "being applied to stored events",
  regrouped: "applied to stored events",
  undoing: "being taken back",
  undone: "taken back",
  failed: "not possible",
}

function ChangesCard({ shell, organization, project, changes }: GroupingPageProps) {
  return (
    <Card title="Latest changes" flush>
      <Table
        caption="Latest changes"
        rows={changes}
        columns={[
          {
            head: "Change",
            rowHead: true,
            cell: ({ id, status }) => (
              <a href={urls.ruleChange(organization.slug, project.slug, id)}>
                {STATUS_WORDS[status]}
              </a>
            ),
          },
          {
            head: "When",
            cell: ({ createdAt }) => <TimeAgo at={createdAt} now={shell.now} zone={shell.zone} />,
          },
          {
            head: "By",
            cell: ({ createdByName }) => <ForeignText text={createdByName ?? ""} max={80} />,
          },
        ]}
      />
    </Card>
  )
}

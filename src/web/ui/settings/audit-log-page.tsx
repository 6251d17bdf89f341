import type { AuditEntry } from "#accounts/audit-store.ts"
import { Card } from "../components/card.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"
import { OrganizationLayout } from "./organization-layout.tsx"

type AuditLogPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  entries: AuditEntry[]
  previous: string | null
  next: string | null
}

export function AuditLogPage({ shell, organization, entries, ...pages }: AuditLogPageProps) {
  return (
    <OrganizationLayout shell={shell} organization={organization} page="audit">
      {entries.length === 0 ? (
        <EmptyState title="Nothing yet">
          Here stands who invited, changed or removed people, teams, projects, keys and tokens.
        </EmptyState>
      ) : (
        <Card flush>
          <Table
            caption="Audit log"
            rows={entries}
            columns={[
              {
                head: "When",
                cell: (entry) => <TimeAgo at={entry.createdAt} now={shell.now} zone={shell.zone} />,
              },
              { head: "Who", cell: (entry) => <bdi>{whoOf(entry)}</bdi> },
              { head: "What", cell: (entry) => <code>{entry.action}</code> },
              { head: "Of what", cell: (entry) => `${entry.targetType} ${entry.targetId ?? ""}` },
              { head: "Details", cell: (entry) => <bdi>{detailsOf(entry.data)}</bdi> },
              { head: "Address", cell: (entry) => entry.ip ?? "" },
            ]}
          />
          {(pages.previous || pages.next) && (
            <Pager label="Pages of the audit log" summary="Newest first" {...pages} />
          )}
        </Card>
      )}
    </OrganizationLayout>
  )
}

function whoOf(entry: AuditEntry): string {
  if (entry.actorKind === "cli") return "the command line"
  if (entry.actorKind === "token") return "a token of the organization"
  if (entry.actorKind === "system") return "the server"
  return entry.actorName ?? "somebody who left"
}

function detailsOf(data: Record<string, unknown>): string {
  return Object.entries(data)
    .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(" ") : String(value)}`)
    .join(", ")
}

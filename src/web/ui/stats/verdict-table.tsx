import type { StoredVerdict } from "#stats/verdict-store.ts"
import { categoryWord, outcomeWord } from "../../outcome-words.ts"
import { Card } from "../components/card.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { ReasonWords } from "./reason-words.tsx"
import type { WherePageProps } from "./where-page.tsx"
import { PAGE_SIZE, whereHref } from "./where-request.ts"

/** The last things that were not stored, newest first. */
export function VerdictTable(props: WherePageProps) {
  const { shell, org, request, data } = props
  const slugOf = (id: string) => data.projects.find((each) => each.id === id)?.slug ?? id
  if (data.verdicts.length === 0) {
    return (
      <EmptyState title="Nothing was turned away">
        <p>
          Here stand the last items that were filtered, refused or could not be read, with the
          reason of each.
        </p>
      </EmptyState>
    )
  }
  return (
    <Card title="Last items that were not stored" flush>
      <Table
        caption="Last items that were not stored"
        rows={data.verdicts}
        columns={[
          {
            head: "When",
            cell: (row) => <TimeAgo at={row.receivedAt} now={shell.now} zone={shell.zone} />,
          },
          { head: "Project", cell: (row) => slugOf(row.projectId) },
          { head: "Key", cell: (row) => <KeyName {...props} row={row} /> },
          { head: "What", cell: (row) => categoryWord(row.category) },
          { head: "Outcome", rowHead: true, cell: (row) => outcomeWord(row.outcome) },
          {
            head: "Reason",
            cell: (row) => (
              <>
                <ReasonWords {...row} org={org} project={slugOf(row.projectId)} />
                {row.cause && `: ${row.cause}`}
              </>
            ),
          },
          {
            head: "Client",
            cell: (row) => row.client && <ForeignText text={row.client} max={64} />,
          },
          {
            head: "Event",
            cell: (row) =>
              row.eventId && (
                <a href={whereHref(org, { typed: row.eventId })}>
                  <code>{row.eventId.slice(0, 8)}</code>
                </a>
              ),
          },
        ]}
      />
      {(request.offset > 0 || data.hasMore) && (
        <Pager
          label="Pages of items that were not stored"
          summary="Newest first"
          previous={
            request.offset > 0
              ? whereHref(org, { ...request, offset: Math.max(0, request.offset - PAGE_SIZE) })
              : null
          }
          next={
            data.hasMore ? whereHref(org, { ...request, offset: request.offset + PAGE_SIZE }) : null
          }
        />
      )}
    </Card>
  )
}

function KeyName({ data, row }: WherePageProps & { row: StoredVerdict }) {
  const key = data.keys.find(({ id }) => id === row.keyId)
  return <bdi>{key?.label ?? (row.keyId === "0" ? "none" : "deleted")}</bdi>
}

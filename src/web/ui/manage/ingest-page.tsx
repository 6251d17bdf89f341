import type { SeenStranger } from "#stats/stranger-store.ts"
import { urls } from "#urls.ts"
import { categoryWord, outcomeWord, reasonOf } from "../../outcome-words.ts"
import { ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { quantityWord } from "../stats/quantity-word.ts"

type IngestPageProps = {
  shell: Shell
  /** Of all projects in the last 24 hours, accepted items apart. */
  outcomes: { category: string; outcome: string; reason: string; quantity: number }[]
  strangers: SeenStranger[]
}

/** What the whole installation turned away, and who knocked with a key that nobody has. */
export function IngestPage(props: IngestPageProps) {
  const { shell } = props
  return (
    <Layout
      {...shell}
      organization={shell.viewer.memberships[0] ?? null}
      title="Ingestion"
      section="manage"
    >
      <header class="page-head">
        <h1>Ingestion</h1>
        <ButtonLink href={urls.systemStatus()}>System status</ButtonLink>
      </header>
      <div class="stack">
        <Outcomes {...props} />
        <Strangers {...props} />
      </div>
    </Layout>
  )
}

function Outcomes({ outcomes }: IngestPageProps) {
  if (outcomes.length === 0) {
    return <EmptyState title="Nothing arrived in the last 24 hours" />
  }
  return (
    <Card title="Last 24 hours, all projects" flush>
      <Table
        caption="Items of the last 24 hours by how they ended"
        rows={outcomes}
        columns={[
          { head: "What", rowHead: true, cell: ({ category }) => categoryWord(category) },
          { head: "Outcome", cell: ({ outcome }) => outcomeWord(outcome) },
          { head: "Reason", cell: ({ outcome, reason }) => reasonOf(outcome, reason).words },
          {
            head: "How many",
            number: true,
            cell: ({ quantity, category }) => quantityWord(quantity, category),
          },
        ]}
      />
    </Card>
  )
}

function Strangers({ shell, strangers }: IngestPageProps) {
  if (strangers.length === 0) {
    return (
      <EmptyState title="Nobody knocked with a foreign key">
        <p>
          Programs that send with a key that does not exist, is switched off or belongs to another
          project are refused with 403. They stand here, once a minute.
        </p>
      </EmptyState>
    )
  }
  return (
    <Card title="Requests with a foreign key" flush>
      <Table
        caption="Requests with a key that is not known"
        rows={strangers}
        columns={[
          {
            head: "Last seen",
            cell: (row) => <TimeAgo at={row.lastSeen} now={shell.now} zone={shell.zone} />,
          },
          { head: "Key", rowHead: true, cell: (row) => <KeyText row={row} /> },
          {
            head: "Project in the address",
            cell: (row) => <ForeignText text={row.project} max={32} />,
          },
          { head: "Why", cell: whyOf },
          { head: "Client", cell: (row) => <ForeignText text={row.client} max={64} /> },
          {
            head: "From",
            cell: (row) => <ForeignText text={row.origin || row.address} max={200} />,
          },
          {
            head: "Requests",
            number: true,
            cell: ({ requests }) => requests.toLocaleString("en"),
          },
        ]}
      />
    </Card>
  )
}

function KeyText({ row }: { row: SeenStranger }) {
  if (row.reason === "others") return <>many others</>
  return (
    <code>
      <ForeignText text={row.publicKey} max={64} />
    </code>
  )
}

function whyOf(row: SeenStranger): string {
  if (row.reason === "others") return "Too many keys to be told apart"
  if (row.reason === "invalid_key") return "Not a key: 32 hex digits are one"
  if (row.keyProject === null) return "There is no such key"
  const owner = `${row.keyOrganization}/${row.keyProject}`
  return row.isKeyActive ? `The key belongs to ${owner}` : `Switched off in ${owner}`
}

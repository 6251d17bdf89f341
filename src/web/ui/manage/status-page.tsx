import { urls } from "#urls.ts"
import { Badge, type Tone } from "../components/badge.tsx"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { bytesOf } from "../units.ts"
import type { SystemStatus } from "./system-status.ts"

type StatusPageProps = {
  shell: Shell
  status: SystemStatus
  recipient: string
  errors?: FieldErrors
}

/** Everything an operator looks at first, on one screen. */
export function StatusPage(props: StatusPageProps) {
  const { shell, status } = props
  return (
    <Layout
      {...shell}
      organization={shell.viewer.memberships[0] ?? null}
      title="System status"
      section="manage"
    >
      <header class="page-head">
        <h1>System status</h1>
        <ButtonLink href={urls.ingestStatus()}>Ingestion</ButtonLink>
        <p class="muted">
          sentry-lite {status.version}, {status.shape} · <a href="?format=json">JSON</a>
        </p>
      </header>
      <div class="stack">
        <Verdict problems={status.problems} />
        <Numbers status={status} />
        <Processes {...props} />
        <Tasks {...props} />
        <Database {...props} />
        <Mail {...props} />
        <Configuration status={status} />
      </div>
    </Layout>
  )
}

function Verdict({ problems }: { problems: string[] }) {
  if (problems.length === 0) return <Banner tone="success">Healthy.</Banner>
  return (
    <Banner tone="error">
      {problems.map((problem) => (
        <p>{problem}</p>
      ))}
    </Banner>
  )
}

function Numbers({ status: { ingest, counts, database, uploads } }: { status: SystemStatus }) {
  const numbers: [string, string][] = [
    ["Events that wait", waitingOf(ingest)],
    ["Oldest of them", `${ingest.waitingSeconds} s`],
    ["Dead letters", String(ingest.deadLetters)],
    ["Database", bytesOf(database.sizeBytes)],
    ["Source maps", `${bytesOf(uploads.bytes)} in ${uploads.uploads} uploads`],
    ["Connections", `${database.connections} of ${database.maxConnections}`],
    ["Longest transaction", `${database.longestTransactionSeconds.toFixed(1)} s`],
    ["Organizations", String(counts.organizations)],
    ["Projects", String(counts.projects)],
    ["People", String(counts.users)],
  ]
  return (
    <Card>
      <dl class="numbers">
        {numbers.map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

function waitingOf({ records, bytes }: SystemStatus["ingest"]): string {
  if (bytes === null) return "not known"
  return records === null ? bytesOf(bytes) : records.toLocaleString("en")
}

function Processes({ shell, status }: StatusPageProps) {
  if (status.processes.length === 0) {
    return (
      <Card title="Processes">
        <EmptyState title="No process has shown up in the last minute" />
      </Card>
    )
  }
  return (
    <Card title="Processes" flush>
      <Table
        caption="Processes"
        rows={status.processes}
        columns={[
          { head: "Role", rowHead: true, cell: (row) => row.role },
          { head: "Host", cell: (row) => `${row.host} (${row.pid})` },
          { head: "Version", cell: (row) => row.version },
          {
            head: "Started",
            cell: (row) => <TimeAgo at={row.startedAt} now={shell.now} zone={shell.zone} />,
          },
          {
            head: "Last heard of",
            cell: (row) => <TimeAgo at={row.beatAt} now={shell.now} zone={shell.zone} />,
          },
        ]}
      />
    </Card>
  )
}

function Tasks({ shell, status }: StatusPageProps) {
  if (status.tasks.length === 0) {
    return (
      <Card title="Tasks">
        <EmptyState title="No task yet">
          Mails, alerts and deletions travel to the workers as tasks.
        </EmptyState>
      </Card>
    )
  }
  return (
    <Card title="Tasks" flush>
      <Table
        caption="Tasks"
        rows={status.tasks}
        columns={[
          { head: "Task", rowHead: true, cell: (row) => row.name },
          { head: "Waiting", number: true, cell: (row) => row.waiting },
          { head: "Running", number: true, cell: (row) => row.running },
          { head: "Failed", number: true, cell: (row) => row.failed },
          {
            head: "Oldest that is due",
            cell: (row) =>
              row.oldestAt ? (
                <TimeAgo at={row.oldestAt} now={shell.now} zone={shell.zone} />
              ) : (
                "none"
              ),
          },
        ]}
      />
    </Card>
  )
}

function Database({ status }: StatusPageProps) {
  return (
    <Card title={`PostgreSQL ${status.database.version}`} flush>
      <Table
        caption="Tables that grow with traffic"
        rows={status.tables}
        columns={[
          { head: "Table", rowHead: true, cell: (row) => row.name },
          { head: "Days", number: true, cell: (row) => row.partitions },
          { head: "From", cell: (row) => row.oldest ?? "none" },
          { head: "To", cell: (row) => row.newest ?? "none" },
          {
            head: "Rows, about",
            number: true,
            cell: (row) => Math.round(row.rowsEstimate).toLocaleString("en"),
          },
          { head: "Size", number: true, cell: (row) => bytesOf(row.bytes) },
        ]}
      />
    </Card>
  )
}

const MAIL_TONES: Record<string, Tone> = { sent: "success", failed: "error", queued: "info" }

function Mail({ shell, status, recipient, errors = {} }: StatusPageProps) {
  const { mail, mails } = status
  return (
    <Card title="Mail">
      <div class="stack">
        <p>
          {mail.backend} by <code>{mail.server}</code>, encryption {mail.encryption},{" "}
          {mail.username ? `logs in as ${mail.username}` : "no log-in"}, from <bdi>{mail.from}</bdi>
        </p>
        <Form
          name="test-mail"
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button icon="send">Send test mail</Button>}
        >
          <Field
            name="email"
            label="To"
            type="email"
            value={recipient}
            error={errors.email}
            help="Goes the way of every other mail: task, worker, mail server. Reload to see what became of it."
            required
            verbatim
          />
        </Form>
        {mails.length > 0 && (
          <Table
            caption="Last mails"
            rows={mails}
            columns={[
              {
                head: "When",
                cell: (row) => <TimeAgo at={row.createdAt} now={shell.now} zone={shell.zone} />,
              },
              { head: "Kind", cell: (row) => row.kind },
              { head: "To", cell: (row) => <bdi>{row.recipient}</bdi> },
              {
                head: "State",
                cell: (row) => <Badge tone={MAIL_TONES[row.status] ?? "debug"}>{row.status}</Badge>,
              },
              { head: "Server's answer", cell: (row) => <bdi>{row.reply ?? ""}</bdi> },
            ]}
          />
        )}
      </div>
    </Card>
  )
}

function Configuration({ status: { configuration } }: { status: SystemStatus }) {
  const rows: [string, string][] = [
    ["Address", configuration.address],
    ["Runtime", configuration.runtime],
    [
      "Events are kept",
      configuration.retentionDays ? `${configuration.retentionDays} days` : "for ever",
    ],
    ["Fingerprint of the secret key", configuration.secretKey],
  ]
  return (
    <Card title="Configuration" flush>
      <Table
        caption="Configuration"
        rows={rows}
        columns={[
          { head: "Setting", rowHead: true, cell: ([name]) => name },
          { head: "Value", cell: ([, value]) => <code>{value}</code> },
        ]}
      />
    </Card>
  )
}

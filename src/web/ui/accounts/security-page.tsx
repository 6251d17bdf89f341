import { Badge } from "../components/badge.tsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { Field } from "../components/forms/field.tsx"
import { Csrf, type FieldErrors, Form } from "../components/forms/form.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"
import { deviceOf } from "./device.ts"
import { RevokeTokens } from "./revoke-tokens.tsx"

type SessionRow = {
  /** Hex of the hash: names the session without being its secret. */
  id: string
  isCurrent: boolean
  ip: string
  userAgent: string
  createdAt: Date
  lastUsedAt: Date
}

type SecurityPageProps = {
  shell: Shell
  sessions: SessionRow[]
  minLength: number
  tokenCount: number
  revokeTokens?: boolean
  errors?: FieldErrors
}

export function SecurityPage(props: SecurityPageProps) {
  const { shell, sessions, minLength, errors = {} } = props
  return (
    <AccountLayout shell={shell} page="security">
      <Card title="Password">
        <Form
          name="password"
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button variant="primary">Change password</Button>}
        >
          <Field
            name="current"
            label="Current password"
            type="password"
            autocomplete="current-password"
            error={errors.current}
            required
          />
          <Field
            name="password"
            label="New password"
            type="password"
            autocomplete="new-password"
            minlength={minLength}
            help={`At least ${minLength} characters. Every other session ends.`}
            error={errors.password}
            required
          />
          <RevokeTokens count={props.tokenCount} checked={props.revokeTokens ?? false} />
        </Form>
      </Card>
      <Card title="Sessions" actions={<EndOthers shell={shell} sessions={sessions} />} flush>
        <Table
          caption="Where you are signed in"
          rows={sessions}
          columns={[
            { head: "Device", rowHead: true, cell: (row) => <Device row={row} /> },
            { head: "Address", cell: (row) => row.ip || "unknown" },
            {
              head: "Last used",
              cell: (row) => <TimeAgo at={row.lastUsedAt} now={shell.now} zone={shell.zone} />,
            },
            {
              head: "Signed in",
              cell: (row) => <TimeAgo at={row.createdAt} now={shell.now} zone={shell.zone} />,
            },
            { head: "End", quiet: true, cell: (row) => <EndOne shell={shell} row={row} /> },
          ]}
        />
      </Card>
    </AccountLayout>
  )
}

function Device({ row }: { row: SessionRow }) {
  return (
    <>
      <span title={row.userAgent.slice(0, 300)}>{deviceOf(row.userAgent)}</span>{" "}
      {row.isCurrent && <Badge tone="success">This one</Badge>}
    </>
  )
}

function EndOne({ shell, row }: { shell: Shell; row: SessionRow }) {
  if (row.isCurrent) return null
  return (
    <form method="post">
      <Csrf token={shell.csrf} />
      <input type="hidden" name="session" value={row.id} />
      <Button size="small" name="action" value="end-session">
        End
      </Button>
    </form>
  )
}

function EndOthers({ shell, sessions }: { shell: Shell; sessions: SessionRow[] }) {
  if (sessions.length < 2) return null
  return (
    <form method="post">
      <Csrf token={shell.csrf} />
      <Button size="small" name="action" value="end-other-sessions">
        End all others
      </Button>
    </form>
  )
}

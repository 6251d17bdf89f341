import type { Child } from "hono/jsx"
import { SCOPES, type Scope } from "#accounts/organizations/roles.ts"
import type { ApiToken } from "#accounts/tokens/store.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { CopyField } from "../components/forms/copy-field.tsx"
import { Field } from "../components/forms/field.tsx"
import { Csrf, type FieldErrors, Form } from "../components/forms/form.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"

/** A token just made: the one time it can be seen. */
export function NewToken({ token }: { token: string }) {
  return (
    <Banner tone="success">
      <p>
        <b>Copy this token now.</b> It is not kept and cannot be shown again.
      </p>
      <CopyField id="new-token" value={token} label="token" />
    </Banner>
  )
}

export type TokenDraft = { name: string; scopes: string[] }

/** What a new token is for and what it may do; `children` are the fields that only one kind of token has. */
export function TokenForm(props: {
  csrf: string
  draft: TokenDraft
  scopes: readonly Scope[]
  help: string
  errors: FieldErrors
  children?: Child
}) {
  const { csrf, draft, scopes, help, errors, children } = props
  return (
    <Card title="New token">
      <Form
        name="create"
        csrf={csrf}
        errors={errors}
        buttons={<Button variant="primary">Create token</Button>}
      >
        <Field
          name="name"
          label="Name"
          value={draft.name}
          maxlength={100}
          error={errors.name}
          help={help}
          required
        />
        <ScopeBoxes scopes={scopes} chosen={draft.scopes} />
        {children}
      </Form>
    </Card>
  )
}

function ScopeBoxes({ scopes, chosen }: { scopes: readonly Scope[]; chosen: string[] }) {
  return (
    <fieldset class="field">
      <legend class="field-label">Scopes</legend>
      <div class="check-columns">
        {SCOPES.filter((scope) => scopes.includes(scope)).map((scope) => (
          <label class="check">
            <input
              type="checkbox"
              name="scopes"
              value={scope}
              {...(chosen.includes(scope) && { checked: true })}
            />
            <code>{scope}</code>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function TokenTable(props: { shell: Shell; tokens: ApiToken[]; empty: string }) {
  const { shell, tokens } = props
  if (tokens.length === 0) return <EmptyState title="No token yet">{props.empty}</EmptyState>
  return (
    <Card title="Tokens" flush>
      <Table
        caption="Tokens"
        rows={tokens}
        columns={[
          { head: "Name", rowHead: true, cell: (token) => <bdi>{token.name}</bdi> },
          { head: "Token", cell: (token) => <code>…{token.lastCharacters}</code> },
          { head: "Scopes", cell: (token) => token.scopes.join(" ") },
          {
            head: "Made by",
            cell: (token) => <bdi>{token.createdByName ?? "the command line"}</bdi>,
          },
          { head: "Last used", cell: (token) => <Moment at={token.lastUsedAt} shell={shell} /> },
          { head: "Ends", cell: (token) => <Moment at={token.expiresAt} shell={shell} /> },
          {
            head: "Revoke",
            quiet: true,
            cell: (token) => <Revoke id={token.id} csrf={shell.csrf} />,
          },
        ]}
      />
    </Card>
  )
}

function Moment({ at, shell }: { at: Date | null; shell: Shell }) {
  return at ? <TimeAgo at={at} now={shell.now} zone={shell.zone} /> : <>never</>
}

function Revoke({ id, csrf }: { id: string; csrf: string }) {
  return (
    <form method="post">
      <Csrf token={csrf} />
      <input type="hidden" name="token" value={id} />
      <Button size="small" variant="danger" name="action" value="revoke">
        Revoke
      </Button>
    </form>
  )
}

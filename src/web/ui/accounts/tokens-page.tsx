import type { Scope } from "#accounts/organizations/roles.ts"
import { SCOPES } from "#accounts/organizations/roles.ts"
import type { ApiToken } from "#accounts/tokens/store.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field, Select } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { NewToken, ScopeBoxes, TokenTable } from "../settings/token-table.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"

/** What most scripts need: read everything. */
const USUAL_SCOPES: Scope[] = ["org:read", "project:read", "team:read", "member:read", "event:read"]

type UserTokensPageProps = {
  shell: Shell
  tokens: ApiToken[]
  fresh?: string | null
  form?: { name: string; scopes: string[]; days: string }
  errors?: FieldErrors
}

export function UserTokensPage({ shell, tokens, fresh, form, errors = {} }: UserTokensPageProps) {
  return (
    <AccountLayout shell={shell} page="tokens">
      {fresh && <NewToken token={fresh} />}
      <TokenTable
        shell={shell}
        tokens={tokens}
        empty="A token lets a program use the API in your name, with the scopes you choose."
      />
      <Card title="New token">
        <Form
          name="create"
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button variant="primary">Create token</Button>}
        >
          <Field
            name="name"
            label="Name"
            value={form?.name ?? ""}
            maxlength={100}
            error={errors.name}
            help="What it is for: you will want to know when you revoke it."
            required
          />
          <ScopeBoxes scopes={SCOPES} chosen={form?.scopes ?? USUAL_SCOPES} />
          <Select
            name="days"
            label="Ends"
            value={form?.days ?? "365"}
            options={[
              { value: "30", label: "In 30 days" },
              { value: "90", label: "In 90 days" },
              { value: "365", label: "In a year" },
              { value: "", label: "Never" },
            ]}
          />
        </Form>
      </Card>
    </AccountLayout>
  )
}

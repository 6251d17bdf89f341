import type { Scope } from "#accounts/organizations/roles.ts"
import type { ApiToken } from "#accounts/tokens/store.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { OrganizationLayout } from "./organization-layout.tsx"
import { NewToken, ScopeBoxes, TokenTable } from "./token-table.tsx"

/** What builds need: upload releases and source maps. */
const USUAL_SCOPES: Scope[] = ["org:ci", "project:releases"]

type AuthTokensPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  tokens: ApiToken[]
  /** A token can do no more than whoever makes it. */
  scopes: readonly Scope[]
  fresh?: string | null
  form?: { name: string; scopes: string[] }
  errors?: FieldErrors
}

export function AuthTokensPage(props: AuthTokensPageProps) {
  const { shell, organization, tokens, scopes, fresh, form, errors = {} } = props
  return (
    <OrganizationLayout shell={shell} organization={organization} page="tokens">
      {fresh && <NewToken token={fresh} />}
      <TokenTable
        shell={shell}
        tokens={tokens}
        empty="A token of the organization lets builds upload releases and source maps, whoever comes and goes."
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
            help="What it is for: the build of which program?"
            required
          />
          <ScopeBoxes scopes={scopes} chosen={form?.scopes ?? USUAL_SCOPES} />
        </Form>
      </Card>
    </OrganizationLayout>
  )
}

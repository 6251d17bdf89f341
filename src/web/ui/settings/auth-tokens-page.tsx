import type { Scope } from "#accounts/organizations/roles.ts"
import type { ApiToken } from "#accounts/tokens/store.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { OrganizationLayout } from "./organization-layout.tsx"
import { NewToken, type TokenDraft, TokenForm, TokenTable } from "./token-parts.tsx"

/** What builds need: upload releases and source maps. */
const USUAL_SCOPES: Scope[] = ["org:ci", "project:releases"]

type AuthTokensPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  tokens: ApiToken[]
  /** A token can do no more than whoever makes it. */
  scopes: readonly Scope[]
  fresh?: string | null
  form?: TokenDraft
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
      <TokenForm
        csrf={shell.csrf}
        draft={form ?? { name: "", scopes: USUAL_SCOPES }}
        scopes={scopes}
        help="What it is for: the build of which program?"
        errors={errors}
      />
    </OrganizationLayout>
  )
}

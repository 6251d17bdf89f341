import type { Scope } from "#accounts/organizations/roles.ts"
import { SCOPES } from "#accounts/organizations/roles.ts"
import type { ApiToken } from "#accounts/tokens/store.ts"
import { Select } from "../components/forms/field.tsx"
import type { FieldErrors } from "../components/forms/form.tsx"
import { NewToken, type TokenDraft, TokenForm, TokenTable } from "../settings/token-parts.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"

/** What most scripts need: read everything. */
const USUAL_SCOPES: Scope[] = ["org:read", "project:read", "team:read", "member:read", "event:read"]

type UserTokensPageProps = {
  shell: Shell
  tokens: ApiToken[]
  fresh?: string | null
  form?: TokenDraft & { days: string }
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
      <TokenForm
        csrf={shell.csrf}
        draft={form ?? { name: "", scopes: USUAL_SCOPES }}
        scopes={SCOPES}
        help="What it is for: you will want to know when you revoke it."
        errors={errors}
      >
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
      </TokenForm>
    </AccountLayout>
  )
}

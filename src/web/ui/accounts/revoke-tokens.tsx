import { Checkbox } from "../components/forms/field.tsx"

/** Offered with a new password to whoever has personal API tokens. */
export function RevokeTokens({ count, checked }: { count: number; checked: boolean }) {
  if (count === 0) return null
  const tokens = count === 1 ? "my personal API token" : `my ${count} personal API tokens`
  return (
    <Checkbox
      name="revokeTokens"
      label={`Also revoke ${tokens}`}
      checked={checked}
      help="API tokens work without the password. Revoke them if somebody else may have been in your account; scripts that use them stop working."
    />
  )
}

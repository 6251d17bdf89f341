import type { Child } from "hono/jsx"
import { urls } from "#urls.ts"
import { SettingsLayout } from "../settings/settings-layout.tsx"
import type { Shell } from "../shell.ts"

const PAGES = [
  { id: "details", label: "Profile", href: urls.accountDetails() },
  { id: "security", label: "Security", href: urls.accountSecurity() },
  { id: "notifications", label: "Notifications", href: urls.accountNotifications() },
  { id: "tokens", label: "API tokens", href: urls.accountTokens() },
  { id: "close", label: "Close account", href: urls.accountClose() },
] as const

export type AccountPage = (typeof PAGES)[number]["id"]

export function AccountLayout(props: { shell: Shell; page: AccountPage; children: Child }) {
  const tabs = PAGES.map((page) => ({ ...page, current: page.id === props.page }))
  return (
    <SettingsLayout
      shell={props.shell}
      title={PAGES.find((page) => page.id === props.page)?.label ?? "Account"}
      section="account"
      owner={props.shell.viewer.user.email}
      tabs={tabs}
    >
      {props.children}
    </SettingsLayout>
  )
}

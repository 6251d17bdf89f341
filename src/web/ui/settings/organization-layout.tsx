import type { Child } from "hono/jsx"
import { urls } from "#urls.ts"
import type { Shell } from "../shell.ts"
import { SettingsLayout } from "./settings-layout.tsx"

const PAGES = [
  { id: "general", label: "General", href: urls.organizationSettings },
  { id: "members", label: "Members", href: urls.members },
  { id: "teams", label: "Teams", href: urls.teams },
  { id: "projects", label: "Projects", href: urls.projects },
  { id: "limits", label: "Rate limits", href: urls.organizationLimits },
  { id: "privacy", label: "Security and privacy", href: urls.organizationPrivacy },
  { id: "tokens", label: "Auth tokens", href: urls.authTokens },
  { id: "audit", label: "Audit log", href: urls.auditLog },
] as const

export type OrganizationPage = (typeof PAGES)[number]["id"]

export function OrganizationLayout(props: {
  shell: Shell
  organization: { slug: string; name: string }
  page: OrganizationPage
  /** When the page is about one thing below it: a team, a member. */
  title?: string
  children: Child
}) {
  const { organization, page } = props
  return (
    <SettingsLayout
      shell={props.shell}
      title={props.title ?? PAGES.find(({ id }) => id === page)?.label ?? "Settings"}
      section="settings"
      owner={organization.name}
      tabs={PAGES.map(({ id, label, href }) => ({
        label,
        href: href(organization.slug),
        current: id === page,
      }))}
    >
      {props.children}
    </SettingsLayout>
  )
}

import type { Child } from "hono/jsx"
import { SideTabs, type Tab } from "../components/tabs.tsx"
import { Layout } from "../layout.tsx"
import type { Section } from "../navigation.ts"
import type { Shell } from "../shell.ts"

export type SettingsLayoutProps = {
  shell: Shell
  title: string
  section: Section
  /** Whose settings: the name of the project, the organization, "Account". */
  owner: string
  tabs: readonly Tab[]
  refreshSeconds?: number
  children: Child
}

/** A page of settings: its siblings on the left, its cards below each other. */
export function SettingsLayout(props: SettingsLayoutProps) {
  const { shell } = props
  return (
    <Layout
      {...shell}
      // Pages about the account belong to no organization, but the way back to one's issues stays.
      organization={shell.organization ?? shell.viewer.memberships[0] ?? null}
      title={`${props.title} · ${props.owner}`}
      section={props.section}
      {...(props.refreshSeconds !== undefined && { refreshSeconds: props.refreshSeconds })}
    >
      <header class="page-head">
        <h1>{props.title}</h1>
        <p class="muted">
          <bdi>{props.owner}</bdi>
        </p>
      </header>
      <div class="settings">
        <SideTabs label={`Settings of ${props.owner}`} tabs={props.tabs} />
        <div class="stack">{props.children}</div>
      </div>
    </Layout>
  )
}

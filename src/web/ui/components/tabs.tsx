import type { Child } from "hono/jsx"

export type Tab = { label: string; href: string; current?: boolean; count?: Child }

/** Links with `aria-current`, not ARIA tabs: each tab is a page of its own. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <TabLink tab={tab} />
      ))}
    </nav>
  )
}

/** The same, one below the other: the pages of settings. */
export function SideTabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav class="side-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <TabLink tab={tab} />
      ))}
    </nav>
  )
}

function TabLink({ tab }: { tab: Tab }) {
  return (
    <a href={tab.href} {...(tab.current && { "aria-current": "page" })}>
      {tab.label}
      {tab.count !== undefined && <span class="count">{tab.count}</span>}
    </a>
  )
}

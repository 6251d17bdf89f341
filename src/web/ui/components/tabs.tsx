import type { Child } from "hono/jsx"
import { swapRegion } from "../swap.ts"

export type Tab = { label: string; href: string; current?: boolean; count?: Child }

/** Links with `aria-current`, not ARIA tabs: each tab is a page of its own. */
export function Tabs(props: {
  label: string
  tabs: readonly Tab[]
  /** The id of the region that htmx puts in place instead of loading the page. */
  region?: string
}) {
  return (
    <nav class="tabs" aria-label={props.label}>
      {props.tabs.map((tab) => (
        <TabLink tab={tab} region={props.region} />
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

function TabLink({ tab, region }: { tab: Tab; region?: string | undefined }) {
  return (
    <a href={tab.href} {...swapRegion(region)} {...(tab.current && { "aria-current": "page" })}>
      {tab.label}
      {tab.count !== undefined && <span class="count">{tab.count}</span>}
    </a>
  )
}

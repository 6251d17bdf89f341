import type { Child } from "hono/jsx"
import { urls } from "#urls.ts"
import type { Shell } from "../shell.ts"
import { SettingsLayout } from "./settings-layout.tsx"

const PAGES = [
  { id: "general", label: "General", href: urls.projectSettings },
  { id: "keys", label: "Keys (DSN)", href: urls.projectKeys },
  { id: "limits", label: "Rate limits", href: urls.projectLimits },
  { id: "filters", label: "Inbound filters", href: urls.projectFilters },
  { id: "loader", label: "Loader script", href: urls.projectLoader },
  { id: "privacy", label: "Security and privacy", href: urls.projectPrivacy },
  { id: "grouping", label: "Issue grouping", href: urls.projectGrouping },
  { id: "source-maps", label: "Source maps", href: urls.projectSourceMaps },
  { id: "debug-files", label: "Debug files", href: urls.projectDebugFiles },
  { id: "guide", label: "Connect a program", href: urls.gettingStarted },
  { id: "danger", label: "Danger zone", href: urls.projectDanger },
] as const

export type ProjectPage = (typeof PAGES)[number]["id"]

export function ProjectLayout(props: {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  page: ProjectPage
  /** When the page is about one thing below it: a key. */
  title?: string
  /** For what is under way. */
  refreshSeconds?: number
  children: Child
}) {
  const { organization, project, page } = props
  return (
    <SettingsLayout
      shell={props.shell}
      title={props.title ?? PAGES.find(({ id }) => id === page)?.label ?? "Settings"}
      section="projects"
      owner={project.name}
      {...(props.refreshSeconds !== undefined && { refreshSeconds: props.refreshSeconds })}
      tabs={PAGES.map(({ id, label, href }) => ({
        label,
        href: href(organization.slug, project.slug),
        current: id === page,
      }))}
    >
      {props.children}
    </SettingsLayout>
  )
}

import { urls } from "#urls.ts"
import type { IconName } from "./components/icon-names.ts"

/** The part of the product a page belongs to; marks its entry in the side nav. */
export type Section =
  | "issues"
  | "feedback"
  | "releases"
  | "projects"
  | "stats"
  | "settings"
  | "account"
  | "manage"

export type NavItem = {
  section: Section
  label: string
  href: string
  icon: IconName
  key?: string
}

/** The side nav, top to bottom: pages that exist for this viewer. */
export function navigation(organization: { slug: string } | null, isSuperuser: boolean): NavItem[] {
  const items: NavItem[] = []
  if (organization) {
    items.push(
      {
        section: "issues",
        label: "Issues",
        href: urls.issues(organization.slug),
        icon: "layers",
        key: "i",
      },
      {
        section: "feedback",
        label: "Feedback",
        href: urls.feedback(organization.slug),
        icon: "message-square",
        key: "f",
      },
      {
        section: "releases",
        label: "Releases",
        href: urls.releases(organization.slug),
        icon: "package",
        key: "r",
      },
      {
        section: "projects",
        label: "Projects",
        href: urls.projects(organization.slug),
        icon: "folder",
        key: "p",
      },
      {
        section: "stats",
        label: "Stats",
        href: urls.stats(organization.slug),
        icon: "chart-column",
        key: "t",
      },
      {
        section: "settings",
        label: "Settings",
        href: urls.organizationSettings(organization.slug),
        icon: "settings",
        key: "s",
      },
    )
  }
  if (isSuperuser) {
    items.push({
      section: "manage",
      label: "System",
      href: urls.systemStatus(),
      icon: "server",
      key: "m",
    })
  }
  return items
}

import type { Appearance } from "./page.tsx"

/** What a page needs to know of the person who looks at it; `pageViewer(c)` makes it. */
export type Viewer = {
  user: { id: string; name: string; email: string; isSuperuser: boolean; preferences: Preferences }
  /** The organization this page belongs to; null on pages about the account or the instance. */
  organization: { slug: string; name: string } | null
  /** For the switcher: every organization the person is a member of. */
  organizations: readonly { slug: string; name: string }[]
  /** Goes into the `_csrf` field of every form. */
  csrf: string
}

/** The preferences that pages read. */
export type Preferences = Appearance & {
  /** IANA name; UTC when absent or unknown. */
  timezone?: string
}

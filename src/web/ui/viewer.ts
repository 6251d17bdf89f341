/** What a page needs to know of the person who looks at it. The session's viewer (web/context.ts) is one of these. */
export type Viewer = {
  user: { id: string; name: string; email: string; isSuperuser: boolean; preferences: Preferences }
  /** The organization this page belongs to; null on pages about the account or the instance. */
  organization: { slug: string; name: string } | null
  /** For the switcher: every organization the person is a member of. */
  organizations: readonly { slug: string; name: string }[]
  /** Goes into the `_csrf` field of every form. */
  csrf: string
}

/** users.preferences, as far as pages read it. Whatever else is stored there is ignored. */
export type Preferences = {
  theme?: "system" | "light" | "dark" | undefined
  density?: "comfortable" | "compact" | undefined
  /** IANA name; UTC when absent or unknown. */
  timezone?: string | undefined
  /** false switches single-key shortcuts off (WCAG 2.1.4). */
  shortcuts?: boolean | undefined
}

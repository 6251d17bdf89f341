import type { WebContext } from "../context.ts"
import { viewerOf } from "../context.ts"
import type { Viewer } from "./viewer.ts"

/** What `Layout` shows of the person behind a page; behind `requireViewer`. */
export function pageViewer(c: WebContext): Viewer {
  const { user, memberships } = viewerOf(c)
  const { membership, timezone, csrf } = c.var
  return {
    user: { ...user, preferences: { ...user.preferences, timezone } },
    organization: membership ?? null,
    organizations: memberships.map(({ slug, name }) => ({ slug, name })),
    csrf,
  }
}

import type { Context } from "hono"
import type { Membership } from "#accounts/organizations/membership.ts"
import type { Viewer } from "#accounts/users/viewer.ts"

/** What middleware knows about a request; `c.var` of every page. */
export type WebEnv = {
  Bindings: {
    /** The other end of the TCP connection: a proxy's, when there is one. */
    remoteAddress: string
  }
  Variables: {
    requestId: string
    /** Address of the client itself, looked up behind trusted proxies. */
    clientAddress: string
    /** null: nobody is signed in. Pages behind `requireViewer` use `viewerOf(c)`. */
    viewer: Viewer | null
    /** The session's secret, null when nobody is signed in. */
    sessionToken: string | null
    /** For the hidden field `csrf` of every form. */
    csrf: string
    /** Set by `requireOrganization`: the organization in the path and what the viewer is in it. */
    membership: Membership
  }
}

export type WebContext = Context<WebEnv>

/** The viewer of a page behind `requireViewer`. */
export function viewerOf(c: WebContext): Viewer {
  const { viewer } = c.var
  if (!viewer) throw new Error("this route lacks requireViewer")
  return viewer
}

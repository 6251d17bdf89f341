import { Hono } from "hono"
import { findUser } from "#accounts/users/store.ts"
import type { App } from "#app.ts"
import { recordSubscriptions } from "#issues/actions/store.ts"
import { findIssuePlaceById } from "#issues/place-store.ts"
import { readUnsubscribeToken } from "#mail/unsubscribe-token.ts"
import { updateMute } from "#projects/mutes-store.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { InvalidLinkPage, UnsubscribedPage, UnsubscribePage } from "./pages.tsx"

type Target = { kind: "issue" | "project"; id: string; userId: string }

/**
 * Where mails' "stop" links lead. GET only asks, because scanners open links; POST acts at once, without log-in and form
 * token, as mail programs do it for their users (RFC 8058). The organization in the path is for the reader: its slug may have
 * changed since the mail, and the signature covers the id.
 */
export function unsubscribeRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const path = "/unsubscribe/:org/:kind{issue|project}/:id{[0-9]{1,18}}/"
  routes.get(path, (c) => {
    const target = targetOf(app, c)
    if (!target) return c.html(<InvalidLinkPage />, 404)
    return c.html(<UnsubscribePage kind={target.kind} />)
  })
  routes.post(path, async (c) => {
    const target = targetOf(app, c)
    if (!target) return c.html(<InvalidLinkPage />, 404)
    await stop(app, target)
    return c.html(<UnsubscribedPage kind={target.kind} />)
  })
  return routes
}

function targetOf(app: App, c: WebContext): Target | null {
  c.header("Cache-Control", "no-store")
  const id = c.req.param("id") ?? ""
  const kind = c.req.param("kind") === "issue" ? "issue" : "project"
  const token = c.req.query("t") ?? ""
  const userId = readUnsubscribeToken(app.config["system.secret-key"], token, { kind, id })
  return userId === null ? null : { kind, id, userId }
}

/** What is gone (the issue, the project, the account) sends no mail any more, so there is nothing left to do. */
async function stop(app: App, { kind, id, userId }: Target): Promise<void> {
  if (kind === "project") {
    await updateMute(app.sql, { projectId: id, userId, isMuted: true })
    return
  }
  if (!(await findUser(app.sql, userId))) return
  const issue = await findIssuePlaceById(app.sql, id)
  if (!issue) return
  await recordSubscriptions(app.sql, [issue], {
    userId,
    isActive: false,
    reason: "unsubscribed",
    isExplicit: true,
  })
}

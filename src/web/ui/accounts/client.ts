import type { Client } from "#accounts/users/sessions.ts"
import type { WebContext } from "../../context.ts"

/** From where somebody signs in; shown to them in their list of sessions. */
export function clientOf(c: WebContext): Client {
  return { ip: c.var.clientAddress, userAgent: c.req.header("user-agent") ?? "" }
}

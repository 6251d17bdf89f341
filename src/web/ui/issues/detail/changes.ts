import type { App } from "#app.ts"
import { findTimesSeen } from "#issues/detail-store.ts"
import { AppError } from "#platform/errors.ts"
import type { WebContext } from "../../../context.ts"
import { checkScope } from "../../../middleware/access.ts"

/**
 * What a page that is looked at asks every 20 seconds; `since` is the number of events when the page was made and the one it
 * was told last, `41.44`. 204: no event came. One row is read by its key.
 */
export async function issueChanges(app: Pick<App, "sql">, c: WebContext): Promise<Response> {
  checkScope(c.var.membership, "event:read")
  const { organizationId } = c.var.membership
  const seen = await findTimesSeen(app.sql, organizationId, c.req.param("issue") ?? "")
  if (seen === null) throw new AppError("not_found", "There is no such issue.")
  const [made = "", told] = (c.req.query("since") ?? "").split(".", 2)
  if (told === seen || !/^\d{1,18}$/.test(made)) return c.body(null, 204)
  const news = Math.max(0, Number(seen) - Number(made))
  return c.json({ token: `${made}.${seen}`, news, events: {} })
}

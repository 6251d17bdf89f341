import type { App } from "#app.ts"
import { isAssignable } from "#issues/detail-store.ts"
import type { IssueAction, IssueRef } from "#issues/issue.ts"
import type { StreamScope } from "#issues/stream/stream.ts"
import { AppError } from "#platform/errors.ts"
import type { FlashMessage } from "../components/feedback/notice.tsx"

/** More ids than this do not fit into the cookie that offers Undo. */
const MAX_UNDO = 150

/** Somebody outside of the organization cannot be given its issues. */
export async function checkAssignee(
  app: Pick<App, "sql">,
  scope: Pick<StreamScope, "organizationId">,
  action: IssueAction,
): Promise<void> {
  if (action.kind !== "assign" || action.to === null) return
  if (await isAssignable(app.sql, scope.organizationId, action.to)) return
  throw new AppError("invalid", "Choose somebody of this organization.")
}

const DONE: Record<IssueAction["kind"], string> = {
  resolve: "resolved",
  unresolve: "unresolved again",
  undo: "as before",
  archive: "archived",
  assign: "assigned",
  priority: "given another priority",
  bookmark: "bookmarked",
  subscribe: "changed",
  review: "marked as reviewed",
}

/** What happened, and for what can be taken back, the button that does. */
export function doneMessage(
  action: IssueAction,
  changed: readonly IssueRef[],
  returnUrl: string,
): FlashMessage {
  if (changed.length === 0) return { tone: "info", text: "Nothing to change: it is so already." }
  const count = changed.length.toLocaleString("en")
  const is = changed.length === 1 ? "1 issue is" : `${count} issues are`
  const message: FlashMessage = { tone: "success", text: `${is} ${DONE[action.kind]}.` }
  const canUndo = action.kind === "resolve" || action.kind === "archive"
  if (!canUndo || changed.length > MAX_UNDO) return message
  const fields = { action: "undo", id: changed.map(({ id }) => id).join(",") }
  return { ...message, action: { label: "Undo", url: returnUrl, fields } }
}

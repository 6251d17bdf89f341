import type { IssueAction } from "#issues/issue.ts"
import type { FlashMessage } from "../../../components/feedback/notice.tsx"

type Done = { shortId: string; url: string; hasChanged: boolean }

const DONE: Record<IssueAction["kind"], string> = {
  resolve: "Resolved",
  unresolve: "Reopened",
  undo: "Took back what was done to",
  archive: "Archived",
  assign: "Assigned",
  priority: "Changed the priority of",
  bookmark: "Changed the bookmark of",
  subscribe: "Changed your mails about",
  review: "Reviewed",
}

/** What was done to one issue, and the way back where there is one. */
export function actionFlash(action: IssueAction, { shortId, url, hasChanged }: Done): FlashMessage {
  if (!hasChanged) return { tone: "info", text: `${shortId} was like that already.` }
  const verb = action.kind === "assign" && !action.to ? "Unassigned" : DONE[action.kind]
  const canUndo = action.kind === "resolve" || action.kind === "archive"
  return {
    tone: "success",
    text: `${verb} ${shortId}.`,
    ...(canUndo && { action: { label: "Undo", url, fields: { action: "undo" } } }),
  }
}

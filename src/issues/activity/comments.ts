import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { recordSubscriptions } from "../actions/store.ts"
import type { IssueRef } from "../issue.ts"
import { deleteComment, insertActivity, updateComment, updateCommentCount } from "./store.ts"

const MAX_COMMENT_CHARACTERS = 20_000

type Deps = Pick<App, "sql" | "tasks" | "clock">

/** Says something about an issue; everyone who follows it is told. Returns the entry's id. Throws invalid. */
export async function addComment(
  app: Deps,
  issue: IssueRef,
  comment: { userId: string; text: string },
): Promise<string> {
  const text = checkedText(comment.text)
  return app.sql.begin(async (tx) => {
    const [entry] = await insertActivity(tx, [issue], {
      type: "note",
      userId: comment.userId,
      data: { text },
      at: app.clock.now(),
    })
    if (!entry) throw new Error("insert returned no row")
    await updateCommentCount(tx, issue, 1)
    await recordSubscriptions(tx, [issue], {
      userId: comment.userId,
      isActive: true,
      reason: "commented",
      isExplicit: false,
    })
    await app.tasks.insert(tx, "notify-comment", [
      { projectId: issue.projectId, issueId: issue.id, activityId: entry.id },
    ])
    return entry.id
  })
}

/** Throws not_found when there is no such comment of this author. */
export async function editComment(
  app: Pick<App, "sql">,
  issue: IssueRef,
  comment: { id: string; userId: string; text: string },
): Promise<void> {
  const text = checkedText(comment.text)
  if (!(await updateComment(app.sql, issue, { ...comment, text }))) throw noSuchComment()
}

/** Throws not_found when there is no such comment of this author. */
export async function removeComment(
  app: Pick<App, "sql">,
  issue: IssueRef,
  comment: { id: string; userId: string },
): Promise<void> {
  await app.sql.begin(async (tx) => {
    if (!(await deleteComment(tx, issue, comment))) throw noSuchComment()
    await updateCommentCount(tx, issue, -1)
  })
}

function checkedText(raw: string): string {
  const text = raw.toWellFormed().replaceAll("\u0000", "").trim()
  if (text === "") throw new AppError("invalid", "Write something first.", { field: "text" })
  if (text.length > MAX_COMMENT_CHARACTERS) {
    throw new AppError("invalid", `A comment has at most ${MAX_COMMENT_CHARACTERS} characters.`, {
      field: "text",
    })
  }
  return text
}

function noSuchComment(): AppError {
  return new AppError("not_found", "There is no such comment of yours.")
}

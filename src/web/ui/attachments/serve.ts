import type { App } from "#app.ts"
import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { type Attachment, deleteAttachment, findAttachment } from "#attachments/store.ts"
import { AppError } from "#platform/errors.ts"
import { answerAttachment } from "../../attachment-answer.ts"
import type { WebContext } from "../../context.ts"
import { checkScope } from "../../middleware/access.ts"
import { setFlash } from "../flash.ts"
import { readForm, unknownAction } from "../form-data.ts"

const ID = /^\d{1,18}$/

/** `?view` shows what can be shown, else it is a download. Throws not_found. */
export async function showAttachment(
  app: App,
  c: WebContext,
  event: { projectId: string; eventId: string },
): Promise<Response> {
  const attachment = await attachmentOf(app, c, event)
  const purpose = c.req.query("view") === undefined ? "download" : "view"
  return answerAttachment(app, attachment, purpose)
}

/** The one thing that can be done to an attachment; leads back to `back`. */
export async function postAttachment(
  app: App,
  c: WebContext,
  event: { projectId: string; eventId: string },
  back: string,
): Promise<Response> {
  checkScope(c.var.membership, "event:admin")
  if ((await readForm(c)).text("action") !== "delete") return unknownAction()
  const attachment = await attachmentOf(app, c, event)
  if (await deleteAttachment(app.sql, attachment)) await deleteBlobs(app, [attachment.blobKey])
  setFlash(app, c, { tone: "success", text: "The attachment was deleted." })
  return c.redirect(back, 303)
}

async function attachmentOf(
  app: Pick<App, "sql">,
  c: WebContext,
  event: { projectId: string; eventId: string },
): Promise<Attachment> {
  const id = c.req.param("attachment") ?? ""
  const attachment = ID.test(id) ? await findAttachment(app.sql, { ...event, id }) : null
  if (!attachment) throw new AppError("not_found", "There is no such attachment.")
  return attachment
}

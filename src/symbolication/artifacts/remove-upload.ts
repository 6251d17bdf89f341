import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { Tx } from "#platform/db.ts"
import { deleteUpload, type Upload } from "./upload-store.ts"

/** Takes an upload away from a project, and tells the audit log. */
export async function removeUpload(
  tx: Tx,
  actor: Actor,
  project: { id: string; organizationId: string; slug: string },
  upload: Upload,
): Promise<void> {
  await deleteUpload(tx, project.id, upload.id)
  await audit(tx, project.organizationId, actor, {
    action: "artifact.remove",
    targetType: "artifact",
    targetId: upload.id,
    data: { project: project.slug, files: upload.files, uses: upload.uses, name: upload.name },
  })
}

import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { Tx } from "#platform/db.ts"
import { deleteReleaseArchive, deleteUpload, type Upload } from "./upload-store.ts"

type Owner = { id: string; organizationId: string; slug: string }

/** Takes an upload away from a project, and tells the audit log. */
export async function removeUpload(
  tx: Tx,
  actor: Actor,
  project: Owner,
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

/** The same with all files that were uploaded one by one for a release; returns how many there were. */
export async function removeReleaseArchive(
  tx: Tx,
  actor: Actor,
  project: Owner,
  release: string,
): Promise<number> {
  const files = await deleteReleaseArchive(tx, project.id, release)
  if (files === 0) return 0
  await audit(tx, project.organizationId, actor, {
    action: "artifact.remove",
    targetType: "release",
    targetId: release,
    data: { project: project.slug, files, release },
  })
  return files
}

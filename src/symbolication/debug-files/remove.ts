import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { Tx } from "#platform/db.ts"
import { type DebugFile, deleteDebugObject } from "./store.ts"

/** Takes a debug file away from its project, and tells the audit log. */
export async function removeDebugFile(
  tx: Tx,
  actor: Actor,
  project: { organizationId: string; slug: string },
  file: DebugFile,
): Promise<void> {
  await deleteDebugObject(tx, file)
  const { name, kind, debugId } = file
  await audit(tx, project.organizationId, actor, {
    action: "debug-file.remove",
    targetType: "debug-file",
    targetId: file.id,
    data: { project: project.slug, name, kind, debugId },
  })
}

import type { App } from "#app.ts"
import { lockForMerging, updateHashesMerged, updateMerged } from "#issues/moving/merge-store.ts"
import type { Tx } from "#platform/db.ts"

type Pair = { projectId: string; id: string; into: string }

/** Makes an issue without events part of another for good: what is left of its counts goes along. Not when either is being deleted. */
export async function mergeInto(
  { tasks }: Pick<App, "tasks">,
  tx: Tx,
  { projectId, id, into }: Pair,
): Promise<void> {
  if (!(await lockForMerging(tx, { projectId, id, into }))) return
  const [target, issue] = [
    { projectId, id: into },
    { projectId, id },
  ]
  await updateMerged(tx, target, [issue])
  await updateHashesMerged(tx, target, [issue])
  await tasks.insert(tx, "follow-merge", [{ projectId, issueId: into }])
}

import type { Tx } from "#platform/db.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"

/** Open pages of these projects look again. Comes last in a transaction, as the line does it. */
export async function tellPages(tx: Tx, projectIds: readonly string[], now: Date): Promise<void> {
  const rows = [...new Set(projectIds)].map((projectId) => ({ projectId, firstEventAt: now }))
  if (rows.length > 0) await updateChangeSeq(tx, rows)
}

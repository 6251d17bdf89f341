import type { App } from "#app.ts"
import { updateWokenIssues } from "#issues/wake-store.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"

/** Archived issues of which a condition is met come back, and open pages hear of it. */
export async function wakeIssues({ sql, clock }: Pick<App, "sql" | "clock">): Promise<void> {
  const now = clock.now()
  await sql.begin(async (tx) => {
    const projects = await updateWokenIssues(tx, now)
    if (projects.length === 0) return
    await updateChangeSeq(
      tx,
      projects.map((projectId) => ({ projectId, firstEventAt: now })),
    )
  })
}

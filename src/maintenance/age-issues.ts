import type { App } from "#app.ts"
import { isLastChunk, updateAutoResolved, updateOngoingIssues } from "#issues/status/aging-store.ts"
import type { Tx } from "#platform/db.ts"
import { tellPages } from "./tell-pages.ts"

/** What was new, back or escalating for a week becomes ongoing; what was silent for as long as its project says is resolved. */
export async function ageIssues(
  { sql, clock }: Pick<App, "sql" | "clock">,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now()
  for (const age of [updateAutoResolved, updateOngoingIssues]) {
    await inChunks(signal, () => sql.begin((tx) => ageChunk(tx, age, now)))
  }
}

async function ageChunk(
  tx: Tx,
  age: (tx: Tx, now: Date) => Promise<string[]>,
  now: Date,
): Promise<boolean> {
  const projectIds = await age(tx, now)
  await tellPages(tx, projectIds, now)
  return isLastChunk(projectIds)
}

async function inChunks(signal: AbortSignal, next: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) if (await next()) return
}

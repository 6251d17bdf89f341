import type { App } from "#app.ts"
import { listProjectsToPace, recordPace } from "#issues/status/pace-store.ts"

const CHUNK = 200

/** Learns once a day how many events of an hour are usual for the issues of each project. */
export async function measurePaces(
  { sql, clock }: Pick<App, "sql" | "clock">,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now()
  let projectIds: string[]
  do {
    projectIds = await listProjectsToPace(sql, now, CHUNK)
    for (const id of projectIds) {
      if (signal.aborted) return
      await recordPace(sql, id, now)
    }
  } while (projectIds.length === CHUNK)
}

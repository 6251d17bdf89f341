import type { ReleaseHour, ReleaseSighting } from "#releases/store.ts"
import type { References } from "./references.ts"

type Seen = { projectId: string; releaseId: string | null; receivedAt: number }

/**
 * Which releases a batch saw in which projects, as far as it is time to write that down again. `keep` remembers, after the
 * commit, that it was.
 */
export function sightingsOf(
  references: References,
  stored: readonly Seen[],
): { rows: ReleaseSighting[]; keep: () => void } {
  const rows = new Map<string, ReleaseSighting>()
  for (const { projectId, releaseId, receivedAt } of stored) {
    if (releaseId === null) continue
    const at = new Date(receivedAt)
    const row = rows.getOrInsertComputed(`${projectId}/${releaseId}`, () => ({
      projectId,
      releaseId,
      firstEventAt: at,
      lastEventAt: at,
    }))
    if (at < row.firstEventAt) row.firstEventAt = at
    if (at > row.lastEventAt) row.lastEventAt = at
  }
  const due = [...rows.values()].filter(({ projectId, releaseId, lastEventAt }) =>
    references.isSightingDue(projectId, releaseId, lastEventAt.getTime()),
  )
  return {
    rows: due,
    keep() {
      for (const { projectId, releaseId, lastEventAt } of due) {
        references.keepSighting(projectId, releaseId, lastEventAt.getTime())
      }
    },
  }
}

const HOUR_MS = 3_600_000

type Counted = Pick<Seen, "projectId" | "releaseId" | "receivedAt"> & { environmentId: string }

/** Events by release, environment and UTC hour; of a batch a handful of rows. */
export function releaseHoursOf(stored: readonly Counted[]): ReleaseHour[] {
  const hours = new Map<string, ReleaseHour>()
  for (const { projectId, releaseId, environmentId, receivedAt } of stored) {
    if (releaseId === null) continue
    const hour = Math.floor(receivedAt / HOUR_MS)
    const row = hours.getOrInsertComputed(
      `${projectId}/${releaseId}/${environmentId}/${hour}`,
      () => ({
        projectId,
        releaseId,
        environmentId,
        hour: new Date(hour * HOUR_MS).toISOString(),
        events: 0,
      }),
    )
    row.events++
  }
  return [...hours.values()]
}

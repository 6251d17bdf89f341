import type { Db } from "#platform/db.ts"
import {
  findReleasePosition,
  listReleases,
  type Release,
  type ReleasePosition,
  type ReleaseScope,
} from "./catalog-store.ts"

export type ReleaseCursor = Pick<ReleasePosition, "id" | "direction">

export type ReleasePage = {
  releases: Release[]
  previous: ReleaseCursor | null
  next: ReleaseCursor | null
}

/** The page behind or before a release; the first one without a cursor, and when its release is gone. */
export async function readReleasePage(
  db: Db,
  scope: ReleaseScope,
  { limit, cursor }: { limit: number; cursor: ReleaseCursor | null },
): Promise<ReleasePage> {
  const position = cursor && (await findReleasePosition(db, scope.organizationId, cursor))
  const found = await listReleases(db, scope, { limit: limit + 1, position })
  const isBackwards = position?.direction === "previous"
  const releases = found.slice(0, limit)
  if (isBackwards) releases.reverse()
  const goesOn = found.length > limit
  const [first, last] = [releases.at(0), releases.at(-1)]
  const hasPrevious = isBackwards ? goesOn : position !== null
  const hasNext = isBackwards || goesOn
  return {
    releases,
    previous: first && hasPrevious ? { id: first.id, direction: "previous" } : null,
    next: last && hasNext ? { id: last.id, direction: "next" } : null,
  }
}

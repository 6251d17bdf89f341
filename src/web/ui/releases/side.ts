import type { App } from "#app.ts"
import { countRegressions } from "#issues/resolving/release-issues-store.ts"
import type { Release } from "#releases/catalog-store.ts"
import { readOpenings } from "#releases/opening.ts"

/** A release beside another one. */
export type Side = {
  release: Release
  regressions: number
  /** Events of its first hours; null: not known. */
  opening: number | null
}

export type Sides = { hours: number; sides: Side[] }

export async function readSides(app: App, releases: readonly Release[]): Promise<Sides> {
  const projectIds = releases.flatMap(({ projects }) => projects.map(({ id }) => id))
  const [openings, regressions] = await Promise.all([
    readOpenings(app, releases),
    countRegressions(
      app.sql,
      projectIds,
      releases.map(({ version }) => version),
    ),
  ])
  const sides = releases.map((release) => ({
    release,
    regressions: regressions.get(release.version) ?? 0,
    opening: openings.events.get(release.id) ?? null,
  }))
  return { hours: openings.hours, sides }
}

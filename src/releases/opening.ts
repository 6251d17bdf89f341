import type { App } from "#app.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { listDays } from "#platform/partitions.ts"
import type { Release } from "./catalog-store.ts"
import { hourOf, hoursAfter, openingHours } from "./hours.ts"
import { countReleaseEvents } from "./series-store.ts"

/** How releases began: the events of their first hours, as many of each. */
export type Openings = {
  hours: number
  /** By release id; null: nobody counted them, or they are gone by now. */
  events: ReadonlyMap<string, number | null>
}

export async function readOpenings(
  { sql, clock }: Pick<App, "sql" | "clock">,
  releases: readonly Pick<Release, "id" | "firstEventAt">[],
): Promise<Openings> {
  const begun = releases.flatMap(({ firstEventAt }) => firstEventAt ?? [])
  const hours = openingHours(begun, clock.now())
  const days = begun.length > 0 ? await listDays(sql, partitionedTables.releaseHours) : new Set()
  const events = await Promise.all(
    releases.map(async ({ id, firstEventAt }): Promise<[string, number | null]> => {
      if (!firstEventAt) return [id, 0]
      if (!days.has(utcDay(firstEventAt))) return [id, null]
      const from = hourOf(firstEventAt)
      return [id, await countReleaseEvents(sql, id, { from, to: hoursAfter(from, hours) })]
    }),
  )
  return { hours, events: new Map(events) }
}

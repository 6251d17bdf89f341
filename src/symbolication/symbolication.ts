import { type App, blobPlace } from "#app.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import type { Db } from "#platform/db.ts"
import { createFindFiles } from "./find-files.ts"
import { listProjectsWithArtifacts } from "./lookup-store.ts"
import type { EventToMap } from "./plan.ts"
import { type MappedEvent, symbolicate } from "./symbolicate.ts"
import { createMapper } from "./thread/mapper.ts"

/** Source maps for the events of one worker process. */
export type Symbolication = {
  /** Finds out which of these projects have uploads; `concerns` knows it then. */
  learn(db: Db, projectIds: Iterable<string>): Promise<void>
  /** Whether source maps can do anything for this event; costs nothing. */
  concerns(projectId: string, event: NormalizedEvent): boolean
  map(db: Db, events: readonly EventToMap[], withinMs: number): Promise<MappedEvent[]>
  stop(): Promise<void>
}

/** A project's first upload is noticed within this time. */
const FRESH_MS = 10_000
const MAX_PROJECTS = 10_000
const PLATFORMS = new Set(["javascript", "node"])

export function createSymbolication({
  config,
  clock,
  log,
}: Pick<App, "config" | "clock" | "log">): Symbolication {
  const known = new BoundedMap<string, { hasArtifacts: boolean; readAt: number }>(MAX_PROJECTS)
  const cacheBytes = config["sourcemaps.cache-bytes"]
  const mapper = createMapper({ place: blobPlace(config), cacheBytes }, log)
  const findFiles = createFindFiles(clock)
  return {
    async learn(db, projectIds) {
      const now = clock.now().getTime()
      const stale = [...projectIds].filter((id) => now - (known.get(id)?.readAt ?? 0) > FRESH_MS)
      if (stale.length === 0) return
      const found = new Set(await listProjectsWithArtifacts(db, stale))
      for (const id of stale) known.set(id, { hasArtifacts: found.has(id), readAt: now })
    },
    concerns: (projectId, { platform }) =>
      PLATFORMS.has(platform) && known.get(projectId)?.hasArtifacts === true,
    map: (db, events, withinMs) => symbolicate({ db, findFiles, mapper, withinMs }, events),
    stop: () => mapper.stop(),
  }
}

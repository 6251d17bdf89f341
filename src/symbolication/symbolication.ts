import { type App, blobPlace } from "#app.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import type { Db } from "#platform/db.ts"
import { createFindObjects } from "./debug-files/find-objects.ts"
import { listProjectsWithDebugFiles } from "./debug-files/store.ts"
import { createFindFiles } from "./find-files.ts"
import { remapEvents } from "./jvm/remap-events.ts"
import { listProjectsWithArtifacts } from "./lookup-store.ts"
import { isNativeImage } from "./native/images.ts"
import { nameFrames } from "./native/name-frames.ts"
import type { EventToMap } from "./plan.ts"
import { type MappedEvent, type Step, symbolicate } from "./symbolicate.ts"
import { createMapper } from "./thread/mapper.ts"

/** Source maps and debug files for the events of one worker process. */
export type Symbolication = {
  /** Finds out which of these projects have uploads; `concerns` knows it then. */
  learn(db: Db, projectIds: Iterable<string>): Promise<void>
  /** Whether source maps or debug files can do anything for this event; costs nothing. */
  concerns(projectId: string, event: NormalizedEvent): boolean
  map(db: Db, events: readonly EventToMap[], withinMs: number): Promise<MappedEvent[]>
  stop(): Promise<void>
}

/** A project's first upload is noticed within this time. */
const FRESH_MS = 10_000
const MAX_PROJECTS = 10_000
const PLATFORMS = new Set(["javascript", "node"])

type Known = { hasArtifacts: boolean; hasDebugFiles: boolean; readAt: number }

export function createSymbolication({
  config,
  clock,
  log,
}: Pick<App, "config" | "clock" | "log">): Symbolication {
  const known = new BoundedMap<string, Known>(MAX_PROJECTS)
  const cacheBytes = config["sourcemaps.cache-bytes"]
  const mapper = createMapper({ place: blobPlace(config), cacheBytes }, log)
  const findFiles = createFindFiles(clock)
  const findObjects = createFindObjects(clock)

  /** Which of them an event is worth; none, as a rule. */
  function stepsFor(projectId: string, event: NormalizedEvent): Step[] {
    const { hasArtifacts = false, hasDebugFiles = false } = known.get(projectId) ?? {}
    if (PLATFORMS.has(event.platform)) return hasArtifacts ? [symbolicate] : []
    const images = event.debug_meta?.images
    if (!images) return []
    return [
      // A program whose names were changed on purpose is told of a missing mapping even before the first upload.
      ...(images.some(({ type }) => type === "proguard" || (type === "jvm" && hasDebugFiles))
        ? [remapEvents]
        : []),
      ...(hasDebugFiles && images.some(isNativeImage) ? [nameFrames] : []),
    ]
  }

  return {
    async learn(db, projectIds) {
      const now = clock.now().getTime()
      const stale = [...projectIds].filter((id) => now - (known.get(id)?.readAt ?? 0) > FRESH_MS)
      if (stale.length === 0) return
      const artifacts = new Set(await listProjectsWithArtifacts(db, stale))
      const files = new Set(await listProjectsWithDebugFiles(db, stale))
      for (const id of stale) {
        const found = { hasArtifacts: artifacts.has(id), hasDebugFiles: files.has(id) }
        known.set(id, { ...found, readAt: now })
      }
    },
    concerns: (projectId, event) => stepsFor(projectId, event).length > 0,
    async map(db, events, withinMs) {
      const tools = { db, findFiles, findObjects, mapper, withinMs }
      const mapped = events.map(({ event }): MappedEvent => ({ event, isLate: false }))
      const steps = events.map(({ projectId, event }) => stepsFor(projectId, event))
      for (const step of [symbolicate, remapEvents, nameFrames]) {
        const indexes = [...events.keys()].filter((index) => steps[index]?.includes(step))
        if (indexes.length === 0) continue
        const asked = indexes.flatMap((index) => {
          const { projectId } = events[index] ?? {}
          const { event } = mapped[index] ?? {}
          return projectId && event ? [{ projectId, event }] : []
        })
        for (const [n, result] of (await step(tools, asked)).entries()) {
          const index = indexes[n] ?? -1
          const isLate = result.isLate || mapped[index]?.isLate === true
          mapped[index] = { event: result.event, isLate }
        }
      }
      return mapped
    },
    stop: () => mapper.stop(),
  }
}

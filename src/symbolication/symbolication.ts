import { type App, blobPlace } from "#app.ts"
import { type Config, publicAddress } from "#config.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import type { Db } from "#platform/db.ts"
import { createGuard, type GuardSettings } from "#platform/outbound/guard.ts"
import { createOutbound } from "#platform/outbound/outbound.ts"
import { createFindObjects } from "./debug-files/find-objects.ts"
import { listProjectsWithDebugFiles } from "./debug-files/store.ts"
import { createFindFiles } from "./find-files.ts"
import { remapEvents } from "./jvm/remap-events.ts"
import { listProjectsWithArtifacts } from "./lookup-store.ts"
import { isNativeImage } from "./native/images.ts"
import { nameFrames } from "./native/name-frames.ts"
import type { EventToMap } from "./plan.ts"
import { type FromWeb, laterFromWeb, nothingFromWeb, nowFromWeb } from "./scraping/from-web.ts"
import { type Site, sitesOf } from "./scraping/site.ts"
import { type Allowance, createFetchFile } from "./scraping/web-files.ts"
import { type MappedEvent, type Step, symbolicate } from "./symbolicate.ts"
import { createMapper } from "./thread/mapper.ts"

/** One task keeps no more of the web in memory. */
const MAX_FETCHED_BYTES = 128 * 1024 * 1024

export const scrapingForTask = (): Allowance => ({ bytes: MAX_FETCHED_BYTES })

/** Whether files that nobody uploaded are fetched: not at all, by a task that comes later, by this one. */
export type Scraping = "never" | "later" | Allowance

/** Source maps and debug files for the events of one worker process. */
export type Symbolication = {
  /** Finds out which of these projects have uploads; `concerns` knows it then. */
  learn(db: Db, projectIds: Iterable<string>): Promise<void>
  /** Whether source maps or debug files can do anything for this event; costs nothing. */
  concerns(projectId: string, event: NormalizedEvent): boolean
  map(
    db: Db,
    events: readonly EventToMap[],
    withinMs: number,
    scraping?: Scraping,
  ): Promise<MappedEvent[]>
  stop(): Promise<void>
}

/** A project's first upload is noticed within this time. */
const FRESH_MS = 10_000
const MAX_PROJECTS = 10_000
const PLATFORMS = new Set(["javascript", "node"])

type Known = { hasArtifacts: boolean; hasDebugFiles: boolean; site: Site | null; readAt: number }

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
  const isScraping = config["sourcemaps.scrape"]
  const outbound = createOutbound(createGuard(guardSettings(config)))
  const fetchFile = createFetchFile(outbound, clock, config["outbound.max-bytes"])
  const siteFor = (projectId: string) => known.get(projectId)?.site ?? null

  function fromWebFor(scraping: Scraping): FromWeb {
    if (!isScraping || scraping === "never") return nothingFromWeb
    if (scraping === "later") return laterFromWeb(siteFor)
    return nowFromWeb(siteFor, fetchFile, scraping)
  }

  /** Which of them an event is worth; none, as a rule. */
  function stepsFor(projectId: string, event: NormalizedEvent): Step[] {
    const { hasArtifacts = false, hasDebugFiles = false, site = null } = known.get(projectId) ?? {}
    if (PLATFORMS.has(event.platform)) return hasArtifacts || site ? [symbolicate] : []
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
      const sites = isScraping ? await sitesOf(db, stale, config["system.secret-key"]) : null
      for (const id of stale) {
        const site = sites?.get(id) ?? null
        const found = { hasArtifacts: artifacts.has(id), hasDebugFiles: files.has(id), site }
        known.set(id, { ...found, readAt: now })
      }
    },
    concerns: (projectId, event) => stepsFor(projectId, event).length > 0,
    async map(db, events, withinMs, scraping = "never") {
      const fromWeb = fromWebFor(scraping)
      const tools = { db, findFiles, findObjects, mapper, fromWeb, withinMs }
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
          const mustFetch = result.mustFetch === true || mapped[index]?.mustFetch === true
          mapped[index] = { event: result.event, isLate, mustFetch }
        }
      }
      return mapped
    },
    stop: () => mapper.stop(),
  }
}

function guardSettings(config: Config): GuardSettings {
  const own = [publicAddress(config), config["system.ingest-url-prefix"]]
  return {
    allowedIps: config["outbound.allowed-ips"],
    disallowedIps: config["outbound.disallowed-ips"],
    allowedPorts: config["outbound.allowed-ports"],
    ownHosts: own.flatMap((address) => URL.parse(address)?.hostname ?? []),
  }
}

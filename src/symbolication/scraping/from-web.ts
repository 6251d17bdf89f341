import type { FileKey, Upload } from "../find-files.ts"
import { isNobodysConcern } from "../judge.ts"
import type { PlannedEvent } from "../plan.ts"
import { type Fetched, fetchUpload } from "./fetch-upload.ts"
import type { Site } from "./site.ts"
import type { Allowance, FetchFile } from "./web-files.ts"

export type WebAnswer = {
  fetchedOf(key: FileKey): Fetched | null
  /** Files of this event could be fetched, and were not yet. */
  isAwaited(event: PlannedEvent): boolean
}

/** Adds to uploads what the web has. */
export type FromWeb = (
  events: readonly PlannedEvent[],
  uploadOf: (key: FileKey) => Upload | null,
) => Promise<WebAnswer>

type SiteOf = (projectId: string) => Site | null

const WEB_ADDRESS = /^https?:\/\//i
const MAX_FETCHES_AN_EVENT = 30
/** Each may hold a file packed and unpacked. */
const SIDE_BY_SIDE = 2

export const nothingFromWeb: FromWeb = async () => ({
  fetchedOf: () => null,
  isAwaited: () => false,
})

/** For who cannot wait: tells whom waiting would help. */
export function laterFromWeb(siteOf: SiteOf): FromWeb {
  return async (_events, uploadOf) => ({
    fetchedOf: () => null,
    isAwaited: (event) => wantedOf(event, uploadOf, siteOf).length > 0,
  })
}

export function nowFromWeb(siteOf: SiteOf, fetchFile: FetchFile, allowance: Allowance): FromWeb {
  return async (events, uploadOf) => {
    const found = new Map<string, Fetched>()
    // One event after the other: what they share is fetched once.
    for (const event of events) {
      const site = siteOf(event.projectId)
      if (site) await fetchFor(event, site)
    }
    return { fetchedOf: (key) => found.get(nameOf(key)) ?? null, isAwaited: () => false }

    async function fetchFor(event: PlannedEvent, site: Site): Promise<void> {
      const waiting = wantedOf(event, uploadOf, siteOf).filter((key) => !found.has(nameOf(key)))
      let room = MAX_FETCHES_AN_EVENT
      const work = async () => {
        // A file is two fetches, as it has a map.
        for (let key = waiting.shift(); key && room >= 2; key = waiting.shift()) {
          room -= 2
          const file = await fetchUpload((url) => fetchFile(site, url, allowance), key.absPath)
          found.set(nameOf(key), file)
        }
      }
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work))
    }
  }
}

const nameOf = ({ projectId, absPath }: FileKey) => `${projectId} ${absPath}`

/** Files of an event that nobody uploaded, each once, the newest frames' first. */
function wantedOf(
  { projectId, traces }: PlannedEvent,
  uploadOf: (key: FileKey) => Upload | null,
  siteOf: SiteOf,
): FileKey[] {
  if (!siteOf(projectId)) return []
  const wanted = new Map<string, FileKey>()
  for (const { key } of traces.flatMap(({ frames }) => frames.toReversed())) {
    if (!key || !WEB_ADDRESS.test(key.absPath) || isNobodysConcern(key.absPath)) continue
    if (!wanted.has(key.absPath) && !uploadOf(key)) wanted.set(key.absPath, key)
  }
  return [...wanted.values()]
}

import { BoundedMap } from "#platform/bounded-map.ts"
import { type Clock, utcDay } from "#platform/clock.ts"
import type { Db } from "#platform/db.ts"
import { urlCandidates } from "./javascript/urls.ts"
import {
  type FoundFile,
  listWantedFiles,
  updateBundlesUsed,
  type WantedFile,
} from "./lookup-store.ts"
import type { BlobSlice } from "./thread/protocol.ts"

/** What a frame names of its file. */
export type FileKey = Omit<WantedFile, "urls"> & { absPath: string }

/** What was uploaded of a minified file. */
export type Upload = {
  minified: BlobSlice | null
  map: BlobSlice | "embedded" | null
  /** As it was uploaded, or as the minified file names it. */
  mapUrl: string | null
  /** Whether a map ought to be there: the file names one, or has a debug id. */
  needsMap: boolean
  resolvedWith: "debug-id" | "release" | "scraping"
  /** Whose map it is, else whose file; null: it was fetched. */
  bundleId: string | null
}

/** An upload is noticed within this time. */
const FRESH_MS = 15_000
const MAX_REMEMBERED = 20_000
/** Files that a batch may ask for anew; more are asked for by nobody but an attacker. */
const MAX_WANTED = 2_000

type Remembered = { upload: Upload | null; readAt: number }

export type FindFiles = (
  db: Db,
  keys: Iterable<FileKey>,
) => Promise<(key: FileKey) => Upload | null>

/** Looks up what a batch needs in one query, and remembers both what was found and what was not. */
export function createFindFiles(clock: Clock): FindFiles {
  const known = new BoundedMap<string, Remembered>(MAX_REMEMBERED)
  const renewed = new BoundedMap<string, string>(MAX_REMEMBERED)

  async function renew(db: Db, uploads: readonly (Upload | null)[]): Promise<void> {
    const today = utcDay(clock.now())
    const ids = new Set(uploads.flatMap((upload) => upload?.bundleId ?? []))
    const due = [...ids].filter((id) => renewed.get(id) !== today)
    if (due.length === 0) return
    await updateBundlesUsed(db, due)
    for (const id of due) renewed.set(id, today)
  }

  return async (db, keys) => {
    const now = clock.now().getTime()
    const answers = new Map<string, Upload | null>()
    const wanted = new Map<string, FileKey>()
    for (const key of keys) {
      const name = nameOf(key)
      const remembered = known.get(name)
      if (remembered && now - remembered.readAt < FRESH_MS) answers.set(name, remembered.upload)
      else if (wanted.size < MAX_WANTED) wanted.set(name, key)
    }
    if (wanted.size > 0) {
      const asked = [...wanted.values()]
      const found = await listWantedFiles(
        db,
        asked.map(({ absPath, ...key }) => ({ ...key, urls: urlCandidates(absPath) })),
      )
      const byWish = Map.groupBy(found, ({ n }) => n)
      for (const [n, [name, key]] of [...wanted].entries()) {
        const upload = chosen(byWish.get(n) ?? [], key)
        known.set(name, { upload, readAt: now })
        answers.set(name, upload)
      }
    }
    await renew(db, [...answers.values()])
    return (key) => answers.get(nameOf(key)) ?? null
  }
}

function nameOf({ projectId, debugId, release, dist, absPath }: FileKey): string {
  return [projectId, debugId, release, dist, absPath].join("\0")
}

/** They come best first, but a debug id may belong to several files, of which one is at this address. */
function chosen(found: readonly FoundFile[], { absPath }: FileKey): Upload | null {
  const isById = found.some(({ rank }) => rank === 0)
  const candidates = found.filter(({ rank }) => (rank === 0) === isById)
  const names = urlCandidates(absPath)
  const files = candidates.filter(({ type }) => type !== "source_map")
  const file = files.find(({ url }) => url !== null && names.includes(url)) ?? files[0]
  const map = file?.map ?? candidates.find(({ type }) => type === "source_map") ?? null
  const bundleId = map?.bundleId ?? file?.bundleId
  if (bundleId === undefined) return null
  return {
    minified: file ? sliceOf(file) : null,
    map: map ? sliceOf(map) : file?.isMapEmbedded ? "embedded" : null,
    mapUrl: map?.url ?? file?.mapUrls?.[0] ?? null,
    needsMap: file?.debugId != null || file?.mapUrls != null || isById,
    resolvedWith: isById ? "debug-id" : "release",
    bundleId,
  }
}

type Stored = Omit<BlobSlice, "key"> & { bundleId: string; position: number }

export function sliceOf({
  bundleId,
  position,
  chunks,
  at,
  packedBytes,
  bytes,
  isDeflated,
}: Stored): BlobSlice {
  // A file without bytes lies in no chunk.
  return {
    key: `${bundleId}/${position}`,
    chunks: chunks ?? [],
    at,
    packedBytes,
    bytes,
    isDeflated,
  }
}

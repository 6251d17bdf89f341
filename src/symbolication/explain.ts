import type { NormalizedEvent, ProcessingError } from "#normalize/event.ts"
import type { Clock } from "#platform/clock.ts"
import type { Db } from "#platform/db.ts"
import {
  findUploadedAt,
  hasReleaseFiles,
  listSimilarFiles,
  type SimilarFile,
} from "./explain-store.ts"
import { createFindFiles, type FileKey, type Upload } from "./find-files.ts"
import { listProjectsWithArtifacts } from "./lookup-store.ts"
import { isMapMissing, mapUrlOf, type PlannedTrace, planEvent } from "./plan.ts"

/** Why the frames of a file are as they are. */
export type Verdict =
  | "mapped"
  /** Nothing was ever uploaded for the project. */
  | "no-uploads"
  /** Nothing was uploaded, and what the web has of it is of no use. */
  | "not-fetched"
  /** The event names neither a debug id of the file nor a release. */
  | "nothing-to-go-by"
  | "debug-id-unknown"
  | "release-without-files"
  | "not-in-release"
  | "map-missing"
  | "map-unreadable"
  | "place-unknown"
  | "source-missing"
  /** A file that needs no map. */
  | "is-source"
  /** It is here now, and was not when the event came. */
  | "came-later"

export type FileExplanation = {
  key: FileKey
  verdict: Verdict
  frames: number
  mapUrl: string | null
  /** What the parser of the map said. */
  reason: string | null
  bundleId: string | null
  uploadedAt: Date | null
  similar: readonly SimilarFile[]
}

const MAX_SIMILAR = 5

/** Tells of each file that an event's frames are from what was found for it, and what is missing. */
export async function explainEvent(
  { sql: db, clock }: { sql: Db; clock: Clock },
  projectId: string,
  event: NormalizedEvent,
): Promise<FileExplanation[]> {
  const { traces } = planEvent({ projectId, event })
  const files = filesOf(traces, event)
  if (files.length === 0) return []
  const uploadOf = await createFindFiles(clock)(
    db,
    files.map(({ key }) => key),
  )
  const hasUploads = (await listProjectsWithArtifacts(db, [projectId])).length > 0
  const release = event.release ?? ""
  const hasFiles = release !== "" && (await hasReleaseFiles(db, projectId, release))
  return Promise.all(
    files.map(async ({ key, frames, isMapped }) => {
      const upload = uploadOf(key)
      const told = { upload, isMapped, hasUploads, hasFiles, errors: event.errors ?? [] }
      const verdict = verdictOf(key, told)
      const name = key.absPath.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? ""
      const isLost = !upload && hasUploads && name !== ""
      return {
        key,
        verdict,
        frames,
        mapUrl: upload && mapUrlOf(key, upload),
        reason: errorOf(key, told)?.reason ?? null,
        bundleId: upload?.bundleId ?? null,
        uploadedAt: upload?.bundleId ? await findUploadedAt(db, upload.bundleId) : null,
        similar: isLost ? await listSimilarFiles(db, projectId, name, MAX_SIMILAR) : [],
      }
    }),
  )
}

type FileOfEvent = { key: FileKey; frames: number; isMapped: boolean }

/** A trace that was mapped has its frames at the same places as the raw one. */
function filesOf(traces: readonly PlannedTrace[], event: NormalizedEvent): FileOfEvent[] {
  const files = new Map<string, FileOfEvent>()
  const mapped = mappedTraces(event)
  for (const [t, { frames }] of traces.entries()) {
    for (const [f, { key }] of frames.entries()) {
      if (!key) continue
      const isMapped = mapped[t]?.[f]?.data?.symbolicated === true
      const known = files.get(key.absPath)
      if (known) {
        known.frames++
        known.isMapped &&= isMapped
      } else files.set(key.absPath, { key, frames: 1, isMapped })
    }
  }
  return [...files.values()]
}

function mappedTraces({ exception, stacktrace, threads }: NormalizedEvent) {
  const owners = [...(exception?.values ?? []), { stacktrace }, ...(threads?.values ?? [])]
  return owners.flatMap((owner) => (owner.stacktrace ? [owner.stacktrace.frames] : []))
}

type Told = {
  upload: Upload | null
  isMapped: boolean
  hasUploads: boolean
  hasFiles: boolean
  errors: readonly ProcessingError[]
}

function verdictOf(key: FileKey, told: Told): Verdict {
  const { upload, isMapped } = told
  const error = errorOf(key, told)
  if (isMapped) return error?.type === "js_missing_sources_content" ? "source-missing" : "mapped"
  if (!upload)
    return error?.data?.source === key.absPath ? whyFetched(error) : whyNothing(key, told)
  if (isMapMissing(upload)) return "map-missing"
  if (error?.type === "js_invalid_source") return "map-unreadable"
  if (error?.type === "js_invalid_sourcemap_location") return "place-unknown"
  return upload.map === null ? "is-source" : "came-later"
}

/** What is told of a file that nobody uploaded was found out by fetching it. */
function whyFetched({ type }: ProcessingError): Verdict {
  if (type === "js_invalid_source") return "map-unreadable"
  return type === "js_invalid_sourcemap_location" ? "place-unknown" : "not-fetched"
}

function whyNothing({ debugId, release }: FileKey, { hasUploads, hasFiles }: Told): Verdict {
  if (!hasUploads) return "no-uploads"
  if (debugId !== null) return "debug-id-unknown"
  if (release === "") return "nothing-to-go-by"
  return hasFiles ? "not-in-release" : "release-without-files"
}

/** The error that tells of this file. */
function errorOf(key: FileKey, { upload, errors }: Told): ProcessingError | undefined {
  const mapUrl = upload && mapUrlOf(key, upload)
  return errors.find(({ data }) => {
    const named = data?.sourcemap ?? data?.url
    return (
      data?.source === key.absPath || named === key.absPath || (mapUrl !== null && named === mapUrl)
    )
  })
}

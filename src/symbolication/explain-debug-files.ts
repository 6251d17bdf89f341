import type { DebugImage, NormalizedEvent } from "#normalize/event.ts"
import type { Db } from "#platform/db.ts"
import { type DebugFile, listDebugFiles } from "./debug-files/store.ts"
import { planJvm } from "./jvm/plan-jvm.ts"
import { NO_LINES } from "./jvm/remap-events.ts"
import { type Image, imageMap, isNativeImage } from "./native/images.ts"
import { hasNames, isSystemFile } from "./native/name-frames.ts"
import { tracesOf } from "./traces.ts"

/** Why the frames of a program, or the names of all of them, are as they are. */
export type DebugVerdict =
  | "known"
  | "not-uploaded"
  /** Of the system, of which nobody has debug files at hand. */
  | "of-system"
  /** What was uploaded knows no names. */
  | "no-names"
  | "no-lines"
  | "unreadable"
  /** It was read, and knows nothing of these places. */
  | "place-unknown"
  /** Nothing can be looked up. */
  | "no-id"
  /** It is here now, and was not when the event came. */
  | "came-later"

export type DebugFileExplanation = {
  kind: "image" | "mapping" | "sources"
  /** Of an image its file. */
  name: string
  debugId: string | null
  /** Sentry's word for the format; '' of what has none. */
  format: string
  arch: string
  verdict: DebugVerdict
  frames: number
  /** What its reader said. */
  reason: string | null
  uploaded: readonly DebugFile[]
}

const MAX_IMAGES = 30
const MAX_UPLOADED = 5

/** Whether debug files could do anything for an event. */
export function concernsDebugFiles({ debug_meta: meta }: NormalizedEvent): boolean {
  return meta?.images?.some((image) => isNativeImage(image) || isOfJvm(image)) === true
}

const isOfJvm = ({ type }: DebugImage) => type === "proguard" || type === "jvm"

/** Tells of each debug file that an event needs what was found of it, and what is missing. */
export async function explainDebugFiles(
  db: Db,
  projectId: string,
  event: NormalizedEvent,
): Promise<DebugFileExplanation[]> {
  const uploadedOf = async (debugId: string | null) =>
    debugId === null
      ? []
      : await listDebugFiles(db, projectId, { text: "", debugId, limit: MAX_UPLOADED, offset: 0 })
  const images = imagesOf(event).slice(0, MAX_IMAGES)
  return await Promise.all([
    ...jvmFilesOf(projectId, event).map(async (file) => {
      const uploaded = await uploadedOf(file.debugId)
      return { ...file, uploaded, ...verdictOfJvm(file, event, uploaded) }
    }),
    ...images.map(async ({ image, ...told }) => {
      const uploaded = await uploadedOf(image.debugId)
      const { debugId, arch, file: name } = image
      const verdict = verdictOfImage(image, event, { ...told, uploaded })
      return { kind: "image" as const, name, debugId, arch, ...told, uploaded, ...verdict }
    }),
  ])
}

type ImageOfEvent = { image: Image; format: string; frames: number; isKnown: boolean }

/** Those in which frames are, the program's own first, and of these the one with most of them. */
function imagesOf(event: NormalizedEvent): ImageOfEvent[] {
  const { locate } = imageMap(event)
  const found = new Map<Image, ImageOfEvent>()
  for (const frame of tracesOf(event).flatMap(({ trace }) => trace.frames)) {
    const image = locate(frame)?.image
    if (!image) continue
    const format = event.debug_meta?.images?.[image.index]?.type ?? ""
    const known = found.get(image) ?? { image, format, frames: 0, isKnown: false }
    found.set(image, { ...known, frames: known.frames + 1 })
  }
  const owners = [...(event.exception?.values ?? []), event, ...(event.threads?.values ?? [])]
  for (const frame of owners.flatMap(({ stacktrace }) => stacktrace?.frames ?? [])) {
    const image = frame.data?.symbolicated === true ? locate(frame)?.image : undefined
    const known = image && found.get(image)
    if (known) known.isKnown = true
  }
  return [...found.values()].sort(
    (a, b) => rankOf(a) - rankOf(b) || b.frames - a.frames || a.image.index - b.image.index,
  )
}

const rankOf = ({ image }: ImageOfEvent) => (isSystemFile(image.file) ? 1 : 0)

type Verdict = { verdict: DebugVerdict; reason: string | null }
const plainly = (verdict: DebugVerdict, reason: string | null = null): Verdict => ({
  verdict,
  reason,
})

function verdictOfImage(
  { debugId, index, file }: Image,
  { debug_meta: meta, errors = [] }: NormalizedEvent,
  { isKnown, uploaded }: Pick<ImageOfEvent, "isKnown"> & { uploaded: readonly DebugFile[] },
): Verdict {
  if (isKnown) return plainly("known")
  if (debugId === null) return plainly("no-id")
  const status = meta?.images?.[index]?.debug_status
  if (status === "malformed") {
    const error = errors.find(({ data }) => data?.image_uuid === debugId)
    return plainly("unreadable", error?.reason ?? null)
  }
  if (status === "found") return plainly("place-unknown")
  if (uploaded.some(hasNames)) return plainly("came-later")
  if (uploaded.length > 0) return plainly("no-names")
  return plainly(isSystemFile(file) ? "of-system" : "not-uploaded")
}

type JvmFile = Omit<DebugFileExplanation, "verdict" | "reason" | "uploaded">

function jvmFilesOf(projectId: string, event: NormalizedEvent): JvmFile[] {
  if (event.debug_meta?.images?.some(isOfJvm) !== true) return []
  const { mappingId, sourceIds, traces } = planJvm({ projectId, event })
  const frames = traces.flatMap((trace) => trace.frames).filter((frame) => frame !== null).length
  const rest = { format: "", arch: "", frames }
  return [
    ...(mappingId
      ? [{ kind: "mapping", name: "ProGuard or R8 mapping", debugId: mappingId, ...rest } as const]
      : []),
    ...sourceIds.map(
      (debugId) => ({ kind: "sources", name: "Source bundle", debugId, ...rest }) as const,
    ),
  ]
}

function verdictOfJvm(
  { kind, debugId }: JvmFile,
  { errors = [] }: NormalizedEvent,
  uploaded: readonly DebugFile[],
): Verdict {
  const error = errors.find(({ data }) => data?.mapping_uuid === debugId)
  if (error?.type === "proguard_missing_lineno") {
    return plainly(error.reason === NO_LINES ? "no-lines" : "unreadable", error.reason ?? null)
  }
  if (uploaded.length === 0) return plainly("not-uploaded")
  return plainly(kind === "mapping" && error ? "came-later" : "known")
}

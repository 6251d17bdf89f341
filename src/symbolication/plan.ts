import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import type { FileKey, Upload } from "./find-files.ts"
import { eligibilityOf, withoutAsync } from "./javascript/eligible-frame.ts"
import { joinUrl } from "./javascript/urls.ts"
import type { FileSources, TraceToMap } from "./thread/protocol.ts"
import { type PlacedTrace, tracesOf } from "./traces.ts"

export type EventToMap = { projectId: string; event: NormalizedEvent }

type PlannedFrame = {
  eligibility: ReturnType<typeof eligibilityOf>
  /** What is looked for; null: nothing. */
  key: FileKey | null
}
export type PlannedTrace = PlacedTrace & { frames: PlannedFrame[] }
export type PlannedEvent = EventToMap & { traces: PlannedTrace[] }

/** Different files of one event that are looked for. */
const MAX_FILES = 60
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Which files an event's frames are from. */
export function planEvent({ projectId, event }: EventToMap): PlannedEvent {
  const debugIds = debugIdsOf(event)
  const { platform, release = "", dist = "" } = event
  const files = new Set<string>()
  const planFrame = (frame: Frame): PlannedFrame => {
    const eligibility = eligibilityOf(frame, platform)
    if (eligibility !== "program") return { eligibility, key: null }
    const absPath = withoutAsync(frame.abs_path ?? "")
    if (files.size >= MAX_FILES && !files.has(absPath)) return { eligibility: "other", key: null }
    files.add(absPath)
    const debugId = debugIds.get(absPath) ?? null
    return { eligibility, key: { projectId, absPath, debugId, release, dist } }
  }
  const traces = tracesOf(event).map((placed) => ({
    ...placed,
    frames: placed.trace.frames.map(planFrame),
  }))
  return { projectId, event, traces }
}

/** Clients tell the debug ids of the files that they have loaded. */
function debugIdsOf({ debug_meta: meta }: NormalizedEvent): Map<string, string> {
  const ids = new Map<string, string>()
  for (const { type, code_file: file, debug_id: id } of meta?.images ?? []) {
    if (type !== "sourcemap" || typeof file !== "string" || typeof id !== "string") continue
    if (UUID.test(id)) ids.set(withoutAsync(file), id)
  }
  return ids
}

/** A frame that the thread is asked for. */
export type Subject = { key: FileKey; upload: Upload }

export type Question = {
  files: FileSources[]
  traces: TraceToMap[]
  /** Of each frame of each of those traces. */
  subjects: (Subject | null)[][]
  /** Which of those traces is this one; null: none. */
  indexOf(trace: PlannedTrace): number | null
}

/** What the thread is asked: each file once, and every trace with a frame in one of them. */
export function questionOf(
  events: readonly PlannedEvent[],
  uploadOf: (key: FileKey) => Upload | null,
): Question {
  const files: FileSources[] = []
  const indexes = new Map<string, number>()
  const indexOfFile = ({ key, upload }: Subject): number => {
    const { minified, map } = upload
    const mapUrl = mapUrlOf(key, upload)
    const name = `${minified?.key} ${map === "embedded" ? map : map?.key} ${mapUrl}`
    const index = indexes.get(name) ?? files.push({ minified, map, mapUrl }) - 1
    indexes.set(name, index)
    return index
  }
  const asked = new Map<PlannedTrace, number>()
  const traces: TraceToMap[] = []
  const subjects: Question["subjects"] = []
  for (const trace of events.flatMap((event) => event.traces)) {
    const own = trace.frames.map(({ key }) => subjectOf(key, uploadOf))
    if (own.every((subject) => subject === null)) continue
    asked.set(trace, traces.length)
    subjects.push(own)
    traces.push(
      own.map((subject, index) => {
        const frame = trace.trace.frames[index]
        if (!subject || !frame) return null
        const { lineno = 0, colno, function: name } = frame
        const { absPath } = subject.key
        return { file: indexOfFile(subject), absPath, line: lineno, column: colno, function: name }
      }),
    )
  }
  return { files, traces, subjects, indexOf: (trace) => asked.get(trace) ?? null }
}

function subjectOf(key: FileKey | null, uploadOf: (key: FileKey) => Upload | null): Subject | null {
  const upload = key && uploadOf(key)
  return key && upload && !isMapMissing(upload) ? { key, upload } : null
}

/** The file was uploaded, but not the map that belongs to it. */
export const isMapMissing = (upload: Upload) => upload.needsMap && upload.map === null

/** The address that a map would have been loaded from; null: it stands in the file itself. */
export function mapUrlOf({ absPath }: FileKey, { map, mapUrl }: Upload): string | null {
  return map === "embedded" || mapUrl === null ? null : joinUrl(absPath, mapUrl)
}

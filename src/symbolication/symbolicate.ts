import type { NormalizedEvent, ProcessingError } from "#normalize/event.ts"
import type { Db } from "#platform/db.ts"
import { applyOutcomes, type FrameOutcome, tell } from "./apply.ts"
import type { FindObjects } from "./debug-files/find-objects.ts"
import type { FileKey, FindFiles, Upload } from "./find-files.ts"
import { isNobodysConcern, type Judgement, judge, MAP_ERRORS } from "./judge.ts"
import { type EventToMap, type PlannedEvent, planEvent, questionOf } from "./plan.ts"
import type { Fetched } from "./scraping/fetch-upload.ts"
import type { FromWeb, WebAnswer } from "./scraping/from-web.ts"
import type { Mapper } from "./thread/mapper.ts"
import type { MapAnswer } from "./thread/protocol.ts"
import { withTraces } from "./traces.ts"
import { addUploadedSources } from "./uploaded-sources.ts"

export type MappedEvent = {
  event: NormalizedEvent
  /** Its map was not read in time: the event is as it was, and worth another try. */
  isLate: boolean
  /** Files of it are on the web, which takes longer than a batch can wait: worth another try, too. */
  mustFetch?: boolean
}

export type Tools = {
  db: Db
  findFiles: FindFiles
  findObjects: FindObjects
  mapper: Mapper
  fromWeb: FromWeb
  withinMs: number
}

/** One kind of mapping, for those events that it can do something for; they come back in their order. */
export type Step = (tools: Tools, events: readonly EventToMap[]) => Promise<MappedEvent[]>

/**
 * Finds the original places of all JavaScript frames of some events: one look at the database for all of them, one message to the
 * thread that holds the maps. Events come back in their order.
 */
export async function symbolicate(
  tools: Tools,
  events: readonly EventToMap[],
): Promise<MappedEvent[]> {
  const planned = events.map(planEvent)
  const uploadedOf = await tools.findFiles(tools.db, keysOf(planned))
  const { fetchedOf, isAwaited } = await tools.fromWeb(planned, uploadedOf)
  const uploadOf = (key: FileKey) => uploadedOf(key) ?? fetchedOf(key)?.upload ?? null
  const { indexOf, subjects, ...request } = questionOf(planned, uploadOf)
  const answer = request.traces.length === 0 ? [] : await tools.mapper.map(request, tools.withinMs)
  if (answer) await addUploadedSources(tools, answer, subjects)
  return planned.map((event) => {
    const asked = event.traces.map(indexOf)
    if (answer === null && asked.some((index) => index !== null)) {
      return { event: event.event, isLate: true }
    }
    const found = asked.map((index) => (index === null ? [] : (answer?.[index] ?? [])))
    const finished = finishEvent(event, { uploadOf, fetchedOf }, found)
    return { event: finished, isLate: false, mustFetch: isAwaited(event) }
  })
}

function keysOf(planned: readonly PlannedEvent[]): FileKey[] {
  return planned.flatMap(({ traces }) =>
    traces.flatMap(({ frames }) => frames.flatMap(({ key }) => key ?? [])),
  )
}

type Sources = Pick<WebAnswer, "fetchedOf"> & { uploadOf(key: FileKey): Upload | null }

function finishEvent(
  { event, traces }: PlannedEvent,
  { uploadOf, fetchedOf }: Sources,
  found: MapAnswer,
): NormalizedEvent {
  const errors: ProcessingError[] = []
  const mapped = traces.map(({ path, trace, frames }, t) => {
    const outcomes = frames.map(({ eligibility, key }, f): FrameOutcome => {
      if (eligibility === "engine") return { kind: "engine" }
      const frame = trace.frames[f]
      if (!key || !frame) return null
      const upload = uploadOf(key)
      const judgement = judge(frame, key, upload, found[t]?.[f] ?? null)
      const error = errorOf(judgement.error, key, fetchedOf(key))
      const isTold = error && !isNobodysConcern(key.absPath)
      if (isTold) errors.push({ ...error, name: `${path}.stacktrace.frames.${f}` })
      return judgement.outcome
    })
    return applyOutcomes(trace, outcomes)
  })
  return tell(withTraces(event, mapped), errors, ...MAP_ERRORS)
}

/** Of a file that was to be fetched the web's problem is told, and always which file it is about. */
function errorOf(
  error: Judgement["error"],
  { absPath }: FileKey,
  fetched: Fetched | null,
): Judgement["error"] {
  if (!fetched) return error
  if (fetched.problem) return fetched.problem
  return error && { ...error, data: { source: absPath, ...error.data } }
}

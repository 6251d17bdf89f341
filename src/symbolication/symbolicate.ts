import type { NormalizedEvent, ProcessingError } from "#normalize/event.ts"
import type { Db } from "#platform/db.ts"
import { applyOutcomes, type FrameOutcome, tell } from "./apply.ts"
import type { FindObjects } from "./debug-files/find-objects.ts"
import type { FileKey, FindFiles, Upload } from "./find-files.ts"
import { isNobodysConcern, judge } from "./judge.ts"
import { type EventToMap, type PlannedEvent, planEvent, questionOf } from "./plan.ts"
import type { Mapper } from "./thread/mapper.ts"
import type { MapAnswer } from "./thread/protocol.ts"
import { withTraces } from "./traces.ts"
import { addUploadedSources } from "./uploaded-sources.ts"

export type MappedEvent = {
  event: NormalizedEvent
  /** Its map was not read in time: the event is as it was, and worth another try. */
  isLate: boolean
}

export type Tools = {
  db: Db
  findFiles: FindFiles
  findObjects: FindObjects
  mapper: Mapper
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
  const uploadOf = await tools.findFiles(tools.db, keysOf(planned))
  const { indexOf, subjects, ...request } = questionOf(planned, uploadOf)
  const answer = request.traces.length === 0 ? [] : await tools.mapper.map(request, tools.withinMs)
  if (answer) await addUploadedSources(tools, answer, subjects)
  return planned.map((event) => {
    const asked = event.traces.map(indexOf)
    if (answer === null && asked.some((index) => index !== null)) {
      return { event: event.event, isLate: true }
    }
    const found = asked.map((index) => (index === null ? [] : (answer?.[index] ?? [])))
    return { event: finishEvent(event, uploadOf, found), isLate: false }
  })
}

function keysOf(planned: readonly PlannedEvent[]): FileKey[] {
  return planned.flatMap(({ traces }) =>
    traces.flatMap(({ frames }) => frames.flatMap(({ key }) => key ?? [])),
  )
}

function finishEvent(
  { event, traces }: PlannedEvent,
  uploadOf: (key: FileKey) => Upload | null,
  found: MapAnswer,
): NormalizedEvent {
  const errors: ProcessingError[] = []
  const mapped = traces.map(({ path, trace, frames }, t) => {
    const outcomes = frames.map(({ eligibility, key }, f): FrameOutcome => {
      if (eligibility === "engine") return { kind: "engine" }
      const frame = trace.frames[f]
      if (!key || !frame) return null
      const { outcome, error } = judge(frame, key, uploadOf(key), found[t]?.[f] ?? null)
      const isTold = error && !isNobodysConcern(key.absPath)
      if (isTold) errors.push({ ...error, name: `${path}.stacktrace.frames.${f}` })
      return outcome
    })
    return applyOutcomes(trace, outcomes)
  })
  return tell(withTraces(event, mapped), errors, "js_")
}

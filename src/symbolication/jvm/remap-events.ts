import type { Exception, NormalizedEvent, ProcessingError } from "#normalize/event.ts"
import { tell } from "../apply.ts"
import { sliceOfObject } from "../debug-files/slice.ts"
import type { FoundObject } from "../debug-files/store.ts"
import type { EventToMap } from "../plan.ts"
import type { MappedEvent, Tools } from "../symbolicate.ts"
import type { FileVerdict, ObjectSlice, RemapAnswer, RemapRequest } from "../thread/protocol.ts"
import { withTraces } from "../traces.ts"
import { applyRemapping, packageOf } from "./apply-remapping.ts"
import { addJvmSources } from "./jvm-sources.ts"
import { type JvmEvent, planJvm } from "./plan-jvm.ts"
import type { FrameRemapping } from "./remap-trace.ts"

/** Gives events of JVM programs the names, lines and sources that were written. Events come back in their order. */
export async function remapEvents(
  tools: Tools,
  events: readonly EventToMap[],
): Promise<MappedEvent[]> {
  const planned = events.map(planJvm)
  const objectsOf = await tools.findObjects(tools.db, wantedBy(planned))
  const mappings: ObjectSlice[] = []
  const asked = planned.map(({ projectId, mappingId }): number | null => {
    if (mappingId === null) return null
    const object = objectsOf({ projectId, debugId: mappingId }).find(isMapping)
    if (!object) return null
    const known = mappings.findIndex(({ key }) => key === keyOf(object))
    return known === -1 ? mappings.push(sliceOfObject(object, "proguard")) - 1 : known
  })
  const answer = await ask(tools, { planned, asked, mappings })
  const remapped = planned.map((event, index) => {
    const mapping = asked[index]
    if (mapping == null) return { event: missing(event), isLate: false }
    const answered = answer?.events[index]
    const verdict = answer?.verdicts[mapping]
    if (!answered || !verdict) return { event: event.event, isLate: true }
    return { event: finish(event, answered, verdict), isLate: false }
  })
  const bundles = planned.map(({ projectId, sourceIds }) =>
    sourceIds.flatMap((debugId) =>
      objectsOf({ projectId, debugId })
        .filter(({ kind }) => kind === "sourcebundle")
        .map(({ bundleId }) => bundleId),
    ),
  )
  return addJvmSources(tools, remapped, bundles)
}

const isMapping = ({ kind }: FoundObject) => kind === "proguard"
const keyOf = (object: FoundObject) => sliceOfObject(object, "proguard").key

function wantedBy(planned: readonly JvmEvent[]) {
  return planned.flatMap(({ projectId, mappingId, sourceIds }) =>
    [...(mappingId ? [mappingId] : []), ...sourceIds].map((debugId) => ({ projectId, debugId })),
  )
}

type Answered = { traces: FrameRemapping[][]; classes: (string | null)[] }
type Answers = { events: (Answered | null)[]; verdicts: FileVerdict[] }

/** One question for all events of a batch; null: the answer did not come in time. */
async function ask(
  { mapper, withinMs }: Tools,
  {
    planned,
    asked,
    mappings,
  }: { planned: readonly JvmEvent[]; asked: readonly (number | null)[]; mappings: ObjectSlice[] },
): Promise<Answers | null> {
  if (mappings.length === 0) return { events: [], verdicts: [] }
  const request: Omit<RemapRequest, "kind"> = { mappings, traces: [], classes: [] }
  for (const [index, { traces, classes }] of planned.entries()) {
    const mapping = asked[index]
    if (mapping == null) continue
    request.traces.push(...traces.map(({ frames, thrown }) => ({ mapping, frames, thrown })))
    request.classes.push(...classes.map((name) => ({ mapping, name: name ?? "" })))
  }
  const answer = await mapper.remap(request, withinMs)
  return answer && { events: shared(answer, planned, asked), verdicts: answer.mappings }
}

/** Who asked first is answered first. */
function shared(
  { remapped, classes }: RemapAnswer,
  planned: readonly JvmEvent[],
  asked: readonly (number | null)[],
): (Answered | null)[] {
  let [trace, name] = [0, 0]
  return planned.map((event, index) => {
    if (asked[index] == null) return null
    const own = {
      traces: remapped.slice(trace, trace + event.traces.length),
      classes: classes.slice(name, name + event.classes.length),
    }
    trace += event.traces.length
    name += event.classes.length
    return own
  })
}

function missing({ event, mappingId }: JvmEvent): NormalizedEvent {
  return tell(event, mappingId ? [errorOf("proguard_missing_mapping", mappingId)] : [], "proguard_")
}

function errorOf(type: string, mappingId: string, reason?: string): ProcessingError {
  return {
    type,
    name: "debug_meta.images",
    ...(reason && { reason }),
    data: { mapping_uuid: mappingId },
  }
}

export const NO_LINES = "the mapping holds no lines"

function finish(planned: JvmEvent, answered: Answered, verdict: FileVerdict): NormalizedEvent {
  const { event, traces, mappingId } = planned
  const ownPackage = packageOf(event.release)
  const applied = traces.map(({ trace }, index) =>
    applyRemapping(trace, answered.traces[index] ?? [], ownPackage),
  )
  const mapped = withTraces(event, applied)
  const values = mapped.exception?.values.map((exception, index) =>
    renamed(exception, answered, index, planned),
  )
  const whole = values ? { ...mapped, exception: { values } } : mapped
  const hasFault = mappingId !== null && (verdict.problem !== null || !verdict.hasLines)
  const reason = verdict.problem ?? NO_LINES
  const errors = hasFault ? [errorOf("proguard_missing_lineno", mappingId, reason)] : []
  return tell(whole, errors, "proguard_")
}

/** The exception under the name that its class was written with; its text, too, when it names where it was thrown. */
function renamed(
  exception: Exception,
  answered: Answered,
  index: number,
  { traces }: JvmEvent,
): Exception {
  const name = answered.classes[index]
  const dot = name?.lastIndexOf(".") ?? -1
  const named = name
    ? { type: name.slice(dot + 1), ...(dot > 0 && { module: name.slice(0, dot) }) }
    : {}
  const t = traces.findIndex(({ path }) => path === `exception.values.${index}`)
  const newest = traces[t]?.frames.at(-1)
  const written = answered.traces[t]?.at(-1)?.at(-1)
  const value =
    newest && written && exception.value?.replace(placeOf(newest), () => placeOf(written))
  return { ...exception, ...named, ...(value && { value }) }
}

const placeOf = (frame: { module: string; function: string }) => `${frame.module}.${frame.function}`

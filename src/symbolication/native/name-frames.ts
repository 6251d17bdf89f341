import type { Frame, NormalizedEvent, ProcessingError, Stacktrace } from "#normalize/event.ts"
import { asClientSaid, clipped, tell } from "../apply.ts"
import { sliceOfObject } from "../debug-files/slice.ts"
import type { FoundObject } from "../debug-files/store.ts"
import type { EventToMap } from "../plan.ts"
import type { MappedEvent, Tools } from "../symbolicate.ts"
import type { FileVerdict, NameRequest, ObjectSlice } from "../thread/protocol.ts"
import { type MappedTrace, type PlacedTrace, tracesOf, withTraces } from "../traces.ts"
import { type Image, imageMap } from "./images.ts"
import type { NativeFrame } from "./symbols.ts"

type Located = { image: Image; at: number } | null
type PlannedEvent = EventToMap & { traces: (PlacedTrace & { located: Located[] })[] }

/** Gives frames of native programs the names, files and lines that their debug files tell. Events come back in their order. */
export async function nameFrames(
  tools: Tools,
  events: readonly EventToMap[],
): Promise<MappedEvent[]> {
  const planned = events.map(planEvent)
  const objectsOf = await tools.findObjects(tools.db, wantedBy(planned))
  const objectOf = (projectId: string, { debugId }: Image) =>
    debugId === null ? null : bestOf(objectsOf({ projectId, debugId }))
  const question = questionOf(planned, objectOf)
  const { files, addresses } = question
  const answer =
    addresses.length === 0
      ? { files: [], named: [] }
      : await tools.mapper.name({ files, addresses }, tools.withinMs)
  return planned.map((event) => {
    if (!answer && question.isAsked(event)) return { event: event.event, isLate: true }
    const lookUp = (projectId: string, { image, at }: NonNullable<Located>): Found => {
      const object = objectOf(projectId, image)
      if (!object) return { status: "missing", frames: null }
      const index = question.fileIndex(object)
      const verdict: FileVerdict | undefined = answer?.files[index]
      if (verdict?.problem) {
        return { status: "malformed", frames: null, problem: verdict.problem }
      }
      const frames = answer?.named[question.addressIndex(index, at)] ?? null
      return { status: frames ? "symbolicated" : "missing_symbol", frames }
    }
    return { event: finish(event, lookUp), isLate: false }
  })
}

function planEvent({ projectId, event }: EventToMap): PlannedEvent {
  const { locate } = imageMap(event)
  const traces = tracesOf(event).map((placed) => ({
    ...placed,
    located: placed.trace.frames.map((frame, index) => called(locate(frame), placed.trace, index)),
  }))
  return { projectId, event, traces }
}

/** A caller's address is that of the instruction after the call, which may belong to something else. */
function called(located: Located, trace: Stacktrace, index: number): Located {
  if (!located) return null
  const isNewest = index === trace.frames.length - 1
  const rule = trace.instruction_addr_adjustment ?? "auto"
  const isCaller = rule === "all" || (rule !== "none" && !isNewest)
  return isCaller ? { ...located, at: Math.max(0, located.at - 1) } : located
}

function* wantedBy(planned: readonly PlannedEvent[]) {
  for (const { projectId, traces } of planned) {
    for (const located of traces.flatMap((trace) => trace.located)) {
      if (located?.image.debugId) yield { projectId, debugId: located.image.debugId }
    }
  }
}

const KINDS = ["breakpad", "elf", "macho"] as const

export const hasNames = ({ features }: Pick<FoundObject, "features">) => features.includes("symtab")

/** Those with lines first; of others only ones with names. */
function bestOf(objects: readonly FoundObject[]): SymbolFile | null {
  const useful = objects.filter(hasNames)
  for (const kind of KINDS) {
    const found = useful.find((object) => object.kind === kind)
    if (found) return { ...found, kind }
  }
  return null
}

type SymbolFile = FoundObject & { kind: (typeof KINDS)[number] }

/** Each file and each address once. */
function questionOf(
  planned: readonly PlannedEvent[],
  objectOf: (projectId: string, image: Image) => SymbolFile | null,
) {
  const files: ObjectSlice[] = []
  const addresses: NameRequest["addresses"] = []
  const fileIndexes = new Map<string, number>()
  const addressIndexes = new Map<string, number>()
  const asking = new Set<PlannedEvent>()
  for (const event of planned) {
    for (const located of event.traces.flatMap((trace) => trace.located)) {
      const object = located && objectOf(event.projectId, located.image)
      if (!object) continue
      asking.add(event)
      const file = fileIndexes.get(object.id) ?? files.push(sliceOfObject(object, object.kind)) - 1
      fileIndexes.set(object.id, file)
      const key = `${file} ${located.at}`
      if (!addressIndexes.has(key)) {
        addressIndexes.set(key, addresses.push({ file, at: located.at }) - 1)
      }
    }
  }
  return {
    files,
    addresses,
    isAsked: (event: PlannedEvent) => asking.has(event),
    fileIndex: ({ id }: FoundObject) => fileIndexes.get(id) ?? -1,
    addressIndex: (file: number, at: number) => addressIndexes.get(`${file} ${at}`) ?? -1,
  }
}

type Found = {
  /** Sentry's words. */
  status: "symbolicated" | "missing" | "malformed" | "missing_symbol"
  frames: NativeFrame[] | null
  problem?: string
}
type LookUp = (projectId: string, located: NonNullable<Located>) => Found

function finish(planned: PlannedEvent, lookUp: LookUp): NormalizedEvent {
  const { projectId, event, traces } = planned
  const found = new Map<Image, Found>()
  const mapped = traces.map(({ trace, located }): MappedTrace => {
    let isChanged = false
    const frames = trace.frames.flatMap((frame, index) => {
      const place = located[index]
      if (!place) return [frame]
      const answer = lookUp(projectId, place)
      found.set(place.image, answer)
      const named = answer.frames && isBetter(frame, answer.frames) ? answer.frames : null
      isChanged ||= named !== null
      return named
        ? named.map((each) => namedFrame(frame, place.image, each))
        : [withStatus(frame, answer)]
    })
    return { stacktrace: { ...trace, frames }, raw: isChanged ? trace : null }
  })
  const errors = [...found].flatMap(([image, answer]) => errorOf(image, answer) ?? [])
  return tell(withStatuses(withTraces(event, mapped), found), errors, "native_")
}

/** What the client knows already is not replaced by a mere name. */
function isBetter(frame: Frame, named: readonly NativeFrame[]): boolean {
  return frame.function === undefined || named.some(({ file }) => file !== null)
}

/** A frame for which a debug file was looked for, in vain. */
export const isUnnamed = ({ function: name, data }: Frame) =>
  name === undefined && typeof data?.symbolicator_status === "string"

function withStatus(frame: Frame, { status }: Found): Frame {
  if (frame.function !== undefined) return frame
  return { ...frame, data: { ...frame.data, symbolicator_status: status } }
}

const MAX_PATH_CHARS = 256
const MAX_NAME_CHARS = 512

function namedFrame(frame: Frame, image: Image, named: NativeFrame): Frame {
  const { data, ...rest } = asClientSaid(frame)
  const path = named.file && clipped(named.file, MAX_PATH_CHARS)
  return {
    ...rest,
    function: clipped(named.function, MAX_NAME_CHARS),
    ...(path && { abs_path: path, filename: path.split(/[/\\]/).at(-1) || path }),
    ...(named.line !== null && { lineno: named.line }),
    ...(!rest.package && image.file && { package: image.file }),
    image_addr: `0x${image.start.toString(16)}`,
    symbol_addr: `0x${(image.start + BigInt(named.beginsAt)).toString(16)}`,
    data: { ...data, symbolicated: true, symbolicator_status: "symbolicated" },
  }
}

export const isSystemFile = (file: string) => SYSTEM.test(file)
const SYSTEM = /^(?:\/usr\/lib|\/lib|\/System\/|\/apex\/|\/system\/|[a-z]:\\windows\\)/i

/** Nobody has the debug files of the system at hand. */
function errorOf(image: Image, { status, problem }: Found): ProcessingError | null {
  const isMissing = status === "missing"
  if (problem === undefined && (!isMissing || isSystemFile(image.file))) return null
  return {
    type: isMissing ? "native_missing_dsym" : "native_bad_dsym",
    name: `debug_meta.images.${image.index}`,
    ...(problem && { reason: problem }),
    data: {
      image_path: image.file.slice(0, MAX_PATH_CHARS),
      ...(image.debugId && { image_uuid: image.debugId }),
      ...(image.arch && { image_arch: image.arch }),
    },
  }
}

function withStatuses(event: NormalizedEvent, found: ReadonlyMap<Image, Found>): NormalizedEvent {
  const { debug_meta: meta } = event
  if (!meta?.images || found.size === 0) return event
  const statuses = new Map(
    [...found].map(([{ index }, { status }]) => [
      index,
      status === "missing_symbol" || status === "symbolicated" ? "found" : status,
    ]),
  )
  const images = meta.images.map((image, index) => {
    const status = statuses.get(index)
    return status ? { ...image, debug_status: status } : image
  })
  return { ...event, debug_meta: { ...meta, images } }
}

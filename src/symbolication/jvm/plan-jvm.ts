import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import { readDebugId } from "#normalize/values/debug-id.ts"
import type { EventToMap } from "../plan.ts"
import { type PlacedTrace, tracesOf } from "../traces.ts"
import type { JvmFrame } from "./remap-trace.ts"

/** What a JVM event names of its uploads, and what of it is to be remapped. */
export type JvmEvent = EventToMap & {
  /** null: its names were not changed. */
  mappingId: string | null
  sourceIds: string[]
  traces: JvmTrace[]
  /** Full names of the classes of its exceptions; null: one without a name. */
  classes: (string | null)[]
}
type JvmTrace = PlacedTrace & { frames: (JvmFrame | null)[]; thrown: string | null }

const MAX_SOURCE_BUNDLES = 10
const EXCEPTION_PATH = /^exception\.values\.(\d+)$/

export function planJvm({ projectId, event }: EventToMap): JvmEvent {
  const classes = (event.exception?.values ?? []).map(({ module, type }) =>
    type ? (module ? `${module}.${type}` : type) : null,
  )
  const traces = tracesOf(event).map((placed) => ({
    ...placed,
    frames: placed.trace.frames.map((frame) => jvmFrame(frame, event.platform)),
    thrown: classes[Number(EXCEPTION_PATH.exec(placed.path)?.[1])] ?? null,
  }))
  const [mappingId = null] = idsOf(event, "proguard")
  const sourceIds = idsOf(event, "jvm").slice(0, MAX_SOURCE_BUNDLES)
  return { projectId, event, mappingId, sourceIds, traces, classes }
}

function jvmFrame(frame: Frame, platform: string): JvmFrame | null {
  const { module, function: name, lineno: line } = frame
  const isJvm = (frame.platform ?? platform) === "java"
  return isJvm && module && name ? { module, function: name, line: line || undefined } : null
}

function idsOf({ debug_meta: meta }: NormalizedEvent, wanted: "proguard" | "jvm"): string[] {
  return (meta?.images ?? []).flatMap(({ type, uuid, debug_id: debugId }) => {
    const id = uuid ?? debugId
    return type === wanted && typeof id === "string" ? (readDebugId(id) ?? []) : []
  })
}

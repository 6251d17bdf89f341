import type { Frame, NormalizedEvent, ProcessingError, Stacktrace } from "#normalize/event.ts"
import type { Context } from "./javascript/context-lines.ts"
import type { MappedFrame } from "./javascript/map-frame.ts"
import { isPackagePath } from "./javascript/source-paths.ts"
import type { MappedTrace } from "./traces.ts"

/** What became of a frame; null: it is no business of source maps. */
export type FrameOutcome =
  | { kind: "mapped"; frame: MappedFrame; raw: Context | null; resolvedWith: string }
  /** The frame stays; what is known of its surroundings is added. */
  | { kind: "kept"; raw: Context | null }
  | { kind: "engine" }
  | null

/** Frames this far from the end of a trace keep their source, as those that clients send it with. */
const MAX_FRAMES_WITH_CONTEXT = 50
const MAX_PATH_CHARS = 256
const MAX_NAME_CHARS = 512

export function applyOutcomes(trace: Stacktrace, outcomes: readonly FrameOutcome[]): MappedTrace {
  const first = trace.frames.length - MAX_FRAMES_WITH_CONTEXT
  const frames: Frame[] = []
  const raw: Frame[] = []
  for (const [index, frame] of trace.frames.entries()) {
    const outcome = outcomes[index] ?? null
    const hasContext = index >= first
    const kept = keptFrame(frame, outcome, hasContext)
    raw.push(kept)
    frames.push(outcome?.kind === "mapped" ? mappedFrame(frame, outcome, hasContext) : kept)
  }
  const isMapped = outcomes.some((outcome) => outcome?.kind === "mapped")
  return { stacktrace: { ...trace, frames }, raw: isMapped ? { ...trace, frames: raw } : null }
}

function keptFrame(frame: Frame, outcome: FrameOutcome, hasContext: boolean): Frame {
  if (outcome?.kind === "engine") return { ...frame, in_app: false }
  const context = outcome && hasContext ? outcome.raw : null
  return context ? { ...frame, ...contextFields(context) } : frame
}

type Mapped = Extract<FrameOutcome, { kind: "mapped" }>

function mappedFrame(
  frame: Frame,
  { frame: mapped, resolvedWith }: Mapped,
  hasContext: boolean,
): Frame {
  const {
    pre_context: _pre,
    context_line: _line,
    post_context: _post,
    function: _function,
    module: _module,
    ...rest
  } = asClientSaid(frame)
  const isPackage = isPackagePath(mapped.absPath) || isPackagePath(mapped.filename)
  return {
    ...rest,
    abs_path: clipped(mapped.absPath, MAX_PATH_CHARS),
    filename: clipped(mapped.filename, MAX_PATH_CHARS),
    ...(mapped.module && { module: clipped(mapped.module, MAX_PATH_CHARS) }),
    ...(mapped.function && { function: clipped(mapped.function, MAX_NAME_CHARS) }),
    lineno: mapped.line,
    colno: mapped.column,
    ...(isPackage && { in_app: false }),
    ...(mapped.context && hasContext && contextFields(mapped.context)),
    data: {
      ...rest.data,
      sourcemap: clipped(mapped.sourceMap, MAX_PATH_CHARS),
      symbolicated: true,
      resolved_with: resolvedWith,
    },
  }
}

/** Without what rules decided for the minified frame: they see the mapped one anew. */
export function asClientSaid(frame: Frame): Frame {
  const { orig_in_app: before, ...data } = frame.data ?? {}
  return before === undefined ? frame : { ...frame, in_app: Boolean(before), data }
}

export function contextFields({ pre, line, post }: Context) {
  return { pre_context: pre, context_line: line, post_context: post }
}

/** Sources are called as their authors, or hostile ones, like. */
export function clipped(text: string, max: number): string {
  return text.slice(0, max).replaceAll("\0", "").toWellFormed()
}

const MAX_ERRORS = 50

/** Each once, behind those that the event has; what an earlier try noted is replaced. */
function withErrors(
  known: readonly ProcessingError[],
  found: readonly ProcessingError[],
  /** How the types begin that this try is about. */
  prefixes: readonly string[],
): ProcessingError[] {
  const others = known.filter(({ type }) => !prefixes.some((prefix) => type.startsWith(prefix)))
  const told = new Map(found.map((error) => [JSON.stringify([error.type, error.data]), error]))
  return [...others, ...[...told.values()].slice(0, MAX_ERRORS)]
}

/** The event with these errors in place of those that an earlier try noted. */
export function tell(
  event: NormalizedEvent,
  found: readonly ProcessingError[],
  ...prefixes: readonly string[]
): NormalizedEvent {
  const { errors = [], ...rest } = event
  const all = withErrors(errors, found, prefixes)
  return all.length > 0 ? { ...rest, errors: all } : rest
}

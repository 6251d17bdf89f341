import type { DebugImage, Stacktrace } from "#normalize/event.ts"
import type { MetaNote } from "#normalize/meta.ts"
import { noteOn, type ValueNotes } from "../data/notes.ts"
import { ValueNote } from "../data/value-note.tsx"
import { type CountedFrame, collapseRecursion, type FrameRun, frameRuns } from "./frame-runs.ts"
import type { HighlightBudget } from "./highlight.ts"
import { StackFrame } from "./stack-frame.tsx"

export type TraceSettings = {
  order: "newest" | "oldest"
  /** app folds runs of library frames. */
  filter: "app" | "all"
  /** The page with every frame; null when this is it. */
  allFramesHref: string | null
}

/** What all traces of an event share. */
export type TraceSource = {
  platform: string
  images: readonly DebugImage[]
  settings: TraceSettings
  budget: HighlightBudget
  notes: ValueNotes
  /** Where frames that no source map was found for are explained; null: nobody expects any. */
  sourceMapsHref: string | null
}

type StacktraceProps = TraceSource & {
  trace: Stacktrace
  /** At the head of the frames' ids. */
  id: string
  /** How many frames are shown; the rest is a link away. */
  allowance: number
}

export function StacktraceView(props: StacktraceProps) {
  const { trace, settings } = props
  const newestFirst = collapseRecursion(trace.frames).reverse()
  const first = newestFirst.find(({ frame }) => frame.in_app) ?? newestFirst[0]
  const kept = keptFrames(newestFirst, settings.allFramesHref === null ? Infinity : props.allowance)
  const ordered = settings.order === "newest" ? kept : [...kept].reverse()
  const frameView = (counted: CountedFrame) => (
    <StackFrame
      {...counted}
      id={`${props.id}-${newestFirst.indexOf(counted) + 1}`}
      isOpen={counted === first}
      source={props}
    />
  )
  return (
    <div class="frames">
      {runsOf(ordered, settings).map((run) =>
        run.kind === "frame" ? (
          frameView(run.frame)
        ) : (
          <details class="frame">
            <summary>{`${run.frames.length} library frames`}</summary>
            {run.frames.map(frameView)}
          </details>
        ),
      )}
      <FramesLeft count={newestFirst.length - kept.length} href={settings.allFramesHref} />
      <FramesCut note={noteOn(props.notes.get(trace), "frames")} />
    </div>
  )
}

function FramesLeft({ count, href }: { count: number; href: string | null }) {
  if (count === 0 || href === null) return null
  return (
    <p class="frame-note">
      {`${count} more frame${count === 1 ? "" : "s"}. `}
      <a href={href}>Show all frames</a>
    </p>
  )
}

/** Those that were not even stored. */
function FramesCut({ note }: { note: MetaNote | undefined }) {
  if (!note) return null
  return (
    <p class="frame-note">
      {"Frames: "}
      <ValueNote note={note} />
    </p>
  )
}

function runsOf(ordered: readonly CountedFrame[], { filter }: TraceSettings): FrameRun[] {
  const hasApp = ordered.some(({ frame }) => frame.in_app)
  return filter === "app" && hasApp
    ? frameRuns(ordered)
    : ordered.map((frame) => ({ kind: "frame", frame }))
}

/** The newest frames, and own ones before library ones where not all fit. Their order stays. */
function keptFrames(newestFirst: readonly CountedFrame[], limit: number): readonly CountedFrame[] {
  if (newestFirst.length <= limit) return newestFirst
  const own = newestFirst.filter(({ frame }) => frame.in_app)
  const library = newestFirst.filter(({ frame }) => !frame.in_app)
  const kept = new Set([...own, ...library].slice(0, limit))
  return newestFirst.filter((counted) => kept.has(counted))
}

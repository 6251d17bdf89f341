import type { Stacktrace } from "#normalize/event.ts"
import { type CountedFrame, collapseRecursion, type FrameRun, frameRuns } from "./frame-runs.ts"
import type { HighlightBudget } from "./highlight.ts"
import { StackFrame } from "./stack-frame.tsx"

/** 60 frames with their source are 27 kB of compressed page; 250 would be the whole budget. */
const MAX_INLINE_FRAMES = 60

export type TraceSettings = {
  order: "newest" | "oldest"
  /** app folds runs of library frames. */
  filter: "app" | "all"
  /** The page with every frame; null when this is it. */
  allFramesHref: string | null
}

type StacktraceProps = {
  trace: Stacktrace
  platform: string
  settings: TraceSettings
  budget: HighlightBudget
}

export function StacktraceView({ trace, platform, settings, budget }: StacktraceProps) {
  const newestFirst = collapseRecursion(trace.frames).reverse()
  const first = newestFirst.find(({ frame }) => frame.in_app) ?? newestFirst[0]
  const kept = keptFrames(newestFirst, settings.allFramesHref === null)
  const ordered = settings.order === "newest" ? kept : [...kept].reverse()
  const hasApp = newestFirst.some(({ frame }) => frame.in_app)
  const runs: FrameRun[] =
    settings.filter === "app" && hasApp
      ? frameRuns(ordered)
      : ordered.map((frame) => ({ kind: "frame", frame }))
  const left = newestFirst.length - kept.length
  const frameView = (counted: CountedFrame) => (
    <StackFrame
      frame={counted.frame}
      times={counted.times}
      platform={platform}
      isOpen={counted === first}
      budget={budget}
    />
  )
  return (
    <div class="frames">
      {runs.map((run) =>
        run.kind === "frame" ? (
          frameView(run.frame)
        ) : (
          <details class="frame">
            <summary>{`${run.frames.length} library frames`}</summary>
            {run.frames.map(frameView)}
          </details>
        ),
      )}
      {left > 0 && (
        <p class="frame-note">
          {`${left} more frames. `}
          <a href={settings.allFramesHref ?? ""}>Show all frames</a>
        </p>
      )}
    </div>
  )
}

/** The newest frames, and own ones before library ones where not all fit. Their order stays. */
function keptFrames(newestFirst: readonly CountedFrame[], all: boolean): readonly CountedFrame[] {
  if (all || newestFirst.length <= MAX_INLINE_FRAMES) return newestFirst
  const own = newestFirst.filter(({ frame }) => frame.in_app)
  const library = newestFirst.filter(({ frame }) => !frame.in_app)
  const kept = new Set([...own, ...library].slice(0, MAX_INLINE_FRAMES))
  return newestFirst.filter((counted) => kept.has(counted))
}

import type { Frame } from "#normalize/event.ts"
import { Badge } from "../badge.tsx"
import { KeyValueTable } from "../data/key-value.tsx"
import { ForeignText } from "../foreign-text.tsx"
import { CodeBlock } from "./code-block.tsx"
import type { HighlightBudget } from "./highlight.ts"
import { languageOf } from "./language.ts"

const CONTEXT_LINES = 5

type StackFrameProps = {
  frame: Frame
  /** The event's platform, for frames that name none. */
  platform: string
  isOpen: boolean
  budget: HighlightBudget
  /** How often the same frame repeats right after another (recursion). */
  times?: number
}

/** One call: where it was, and behind it the source and the variables when there are any. */
export function StackFrame({ frame, platform, isOpen, budget, times = 1 }: StackFrameProps) {
  const isApp = frame.in_app === true
  const hasMore = frame.context_line !== undefined || frame.vars !== undefined
  const line = <FrameLine frame={frame} times={times} />
  if (!hasMore) {
    return (
      <div class="frame-line" {...(isApp && { "data-app": "" })}>
        {line}
      </div>
    )
  }
  return (
    <details class="frame" {...(isApp && { "data-app": "" })} {...(isOpen && { open: true })}>
      <summary>{line}</summary>
      <FrameSource frame={frame} platform={platform} budget={budget} />
      {frame.vars && <KeyValueTable caption="Variables" rows={Object.entries(frame.vars)} />}
    </details>
  )
}

function FrameLine({ frame, times }: { frame: Frame; times: number }) {
  return (
    <>
      <span class="frame-where">
        <ForeignText text={placeOf(frame)} max={300} />
        {frame.function && (
          <>
            {" in "}
            <b>
              <ForeignText text={frame.function} max={300} />
            </b>
          </>
        )}
        {frame.lineno !== undefined && ` at line ${frame.lineno}`}
        {frame.colno !== undefined && `:${frame.colno}`}
      </span>
      {times > 1 && <Badge>{`called ${times} times`}</Badge>}
      {frame.in_app && <Badge tone="info">app</Badge>}
    </>
  )
}

function placeOf(frame: Frame): string {
  return (
    frame.filename ??
    frame.module ??
    frame.abs_path ??
    frame.package ??
    frame.instruction_addr ??
    "(unknown)"
  )
}

function FrameSource(props: { frame: Frame; platform: string; budget: HighlightBudget }) {
  const { frame, platform, budget } = props
  if (frame.context_line === undefined) return null
  const before = (frame.pre_context ?? []).slice(-CONTEXT_LINES)
  const after = (frame.post_context ?? []).slice(0, CONTEXT_LINES)
  const hit = frame.lineno ?? before.length + 1
  return (
    <CodeBlock
      lines={[...before, frame.context_line, ...after]}
      start={Math.max(1, hit - before.length)}
      hit={hit}
      language={languageOf(frame.filename ?? frame.abs_path, frame.platform ?? platform)}
      budget={budget}
    />
  )
}

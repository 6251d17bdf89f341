import type { NormalizedEvent, Thread } from "#normalize/event.ts"
import { Badge } from "../../../components/badge.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { StacktraceView, type TraceSource } from "../../../components/trace/stacktrace.tsx"
import { Section } from "../sections/section.tsx"

/** A Java server has hundreds; the JSON has them all. */
const MAX_THREADS = 40

/** Those that a page shows: the crashed one first, then the current. */
export function threadsOf(event: NormalizedEvent): Thread[] {
  const rank = (thread: Thread) => (thread.crashed ? 0 : thread.current ? 1 : 2)
  return [...(event.threads?.values ?? [])].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_THREADS)
}

type Props = {
  threads: readonly Thread[]
  allowances: readonly number[]
  source: TraceSource
  /** There is no exception above: the first thread is what it is about. */
  isAlone: boolean
}

export function ThreadSection({ threads, allowances, source, isAlone }: Props) {
  return (
    <Section id="threads" title="Threads" count={threads.length}>
      {threads.map((thread, index) => (
        <details class="frame" {...(index === 0 && isAlone && { open: true })}>
          <summary>
            <span class="frame-where">
              <ForeignText text={threadName(thread)} max={200} />
            </span>
            {thread.crashed && <Badge tone="error">crashed</Badge>}
            {thread.state && (
              <Badge>
                <ForeignText text={thread.state} max={60} />
              </Badge>
            )}
          </summary>
          {thread.stacktrace ? (
            <StacktraceView
              {...source}
              trace={thread.stacktrace}
              id={`thread-${index + 1}`}
              allowance={allowances[index] ?? 0}
            />
          ) : (
            <p class="frame-note">
              {thread.crashed ? "Its stack trace is that of the exception." : "No stack trace."}
            </p>
          )}
        </details>
      ))}
    </Section>
  )
}

function threadName(thread: Thread): string {
  return (
    [thread.name, thread.id !== undefined && `#${thread.id}`].filter(Boolean).join(" ") || "thread"
  )
}

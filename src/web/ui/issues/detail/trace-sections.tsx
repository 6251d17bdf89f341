import type { Exception, NormalizedEvent, Thread } from "#normalize/event.ts"
import { Badge } from "../../components/badge.tsx"
import { Button, ButtonGroup, ButtonLink } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { TextValue } from "../../components/data/json-tree.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import type { HighlightBudget } from "../../components/trace/highlight.ts"
import { rawTrace } from "../../components/trace/raw-trace.ts"
import { StacktraceView, type TraceSettings } from "../../components/trace/stacktrace.tsx"

/** How the reader wants traces, and the address of this page with another wish. */
export type TraceView = TraceSettings & {
  view: "pretty" | "raw"
  hrefWith: (wish: Record<string, string>) => string
}

type Props = { event: NormalizedEvent; view: TraceView; budget: HighlightBudget }

/** Exceptions, or the bare stack trace of a message; the sentence how to get one where the SDK sent none. */
export function TraceSections({ event, view, budget }: Props) {
  const exceptions = event.exception?.values ?? []
  if (exceptions.length === 0 && !event.stacktrace) {
    return event.threads ? <ThreadSections event={event} view={view} budget={budget} /> : null
  }
  return (
    <>
      <Card title="Stack trace" id="stack-trace" actions={<TraceControls view={view} />} flush>
        {view.view === "raw" ? (
          <pre class="code" data-wrap>
            <ForeignText text={rawTrace(event)} max={200_000} />
          </pre>
        ) : (
          <PrettyTrace event={event} view={view} budget={budget} />
        )}
        <div id="raw-trace" hidden>
          {rawTrace(event).slice(0, 200_000)}
        </div>
      </Card>
      {event.threads && <ThreadSections event={event} view={view} budget={budget} />}
    </>
  )
}

function TraceControls({ view }: { view: TraceView }) {
  const { hrefWith } = view
  return (
    <span class="row">
      {view.view === "pretty" && (
        <>
          <ButtonLink
            size="small"
            href={hrefWith({ frames: view.filter === "app" ? "all" : "app" })}
            shortcut="f"
          >
            {view.filter === "app" ? "All frames" : "App frames"}
          </ButtonLink>
          <ButtonLink
            size="small"
            href={hrefWith({ order: view.order === "newest" ? "oldest" : "newest" })}
          >
            {view.order === "newest" ? "Oldest first" : "Newest first"}
          </ButtonLink>
        </>
      )}
      <ButtonGroup label="Form of the trace">
        <Button copies="#raw-trace" size="small">
          Copy
        </Button>
        <ButtonLink
          size="small"
          href={hrefWith({ view: view.view === "raw" ? "pretty" : "raw" })}
          shortcut="t"
        >
          {view.view === "raw" ? "Pretty" : "Raw"}
        </ButtonLink>
      </ButtonGroup>
    </span>
  )
}

function PrettyTrace({ event, view, budget }: Props) {
  const exceptions = event.exception?.values ?? []
  if (exceptions.length === 0 && event.stacktrace) {
    return (
      <StacktraceView
        trace={event.stacktrace}
        platform={event.platform}
        settings={view}
        budget={budget}
      />
    )
  }
  // Payloads list the innermost cause first; people read the one that gave the title first.
  const outermostFirst = [...exceptions].reverse()
  return (
    <>
      {outermostFirst.map((exception, index) => (
        <ExceptionView
          exception={exception}
          index={index}
          count={outermostFirst.length}
          event={event}
          view={view}
          budget={budget}
        />
      ))}
    </>
  )
}

function ExceptionView(props: Props & { exception: Exception; index: number; count: number }) {
  const { exception, index, count, event, view, budget } = props
  return (
    <section class="exception" id={`exception-${index + 1}`}>
      {(count > 1 || exception.value) && (
        <header class="exception-head">
          {index > 0 && <p class="muted">Caused by</p>}
          <h3>
            <ForeignText text={exception.type ?? "(no type)"} max={256} />
          </h3>
          {exception.value && (
            <p class="anywhere">
              <TextValue text={exception.value} />
            </p>
          )}
          <MechanismLine exception={exception} />
          {index < count - 1 && <a href={`#exception-${index + 2}`}>Go to its cause</a>}
        </header>
      )}
      {exception.stacktrace ? (
        <StacktraceView
          trace={exception.stacktrace}
          platform={event.platform}
          settings={view}
          budget={budget}
        />
      ) : (
        <p class="frame-note">
          This SDK sent no stack trace for it. Most SDKs attach one with the option attachStacktrace
          (attach_stacktrace in Python and PHP).
        </p>
      )}
    </section>
  )
}

function MechanismLine({ exception }: { exception: Exception }) {
  const { mechanism, module } = exception
  if (!mechanism && !module) return null
  return (
    <p class="row muted">
      {module && <ForeignText text={module} max={200} />}
      {mechanism && (
        <>
          <span>
            mechanism <ForeignText text={mechanism.type} max={128} />
          </span>
          {mechanism.handled === false && <Badge tone="error">unhandled</Badge>}
          {mechanism.handled === true && <Badge>handled</Badge>}
        </>
      )}
    </p>
  )
}

/** The crashed thread first, the others folded. */
function ThreadSections({ event, view, budget }: Props) {
  const threads = [...(event.threads?.values ?? [])].sort(
    (a, b) => Number(b.crashed ?? b.current ?? false) - Number(a.crashed ?? a.current ?? false),
  )
  return (
    <Card title={`Threads (${threads.length})`} id="threads" flush>
      {threads.map((thread, index) => (
        <details class="frame" {...(index === 0 && !event.exception && { open: true })}>
          <summary>
            <span class="frame-where">
              <ForeignText text={threadName(thread)} max={200} />
            </span>
            {thread.crashed && <Badge tone="error">crashed</Badge>}
            {thread.state && <Badge>{thread.state}</Badge>}
          </summary>
          {thread.stacktrace ? (
            <StacktraceView
              trace={thread.stacktrace}
              platform={event.platform}
              settings={view}
              budget={budget}
            />
          ) : (
            <p class="frame-note">No stack trace.</p>
          )}
        </details>
      ))}
    </Card>
  )
}

function threadName(thread: Thread): string {
  return (
    [thread.name, thread.id !== undefined && `#${thread.id}`].filter(Boolean).join(" ") || "thread"
  )
}

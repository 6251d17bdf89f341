import { isJavaScript } from "#grouping/platform.ts"
import type { Exception, NormalizedEvent } from "#normalize/event.ts"
import { concernsDebugFiles } from "#symbolication/explain-debug-files.ts"
import { isUnmapped } from "#symbolication/javascript/eligible-frame.ts"
import { isMapError } from "#symbolication/judge.ts"
import { asSent, isMapped } from "#symbolication/traces.ts"
import { Button, ButtonLink } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { notesOf } from "../../../components/data/notes.ts"
import { ForeignText, plainText } from "../../../components/foreign-text.tsx"
import { Csrf } from "../../../components/forms/form.tsx"
import { type PlacedException, readingOrder } from "../../../components/trace/exception-order.ts"
import { frameAllowances } from "../../../components/trace/frame-budget.ts"
import type { HighlightBudget } from "../../../components/trace/highlight.ts"
import { rawTrace } from "../../../components/trace/raw-trace.ts"
import {
  StacktraceView,
  type TraceSettings,
  type TraceSource,
} from "../../../components/trace/stacktrace.tsx"
import { traceHint } from "../../../components/trace/trace-hint.ts"
import { SectionLink } from "../sections/section.tsx"
import { ExceptionOutline, ExceptionView } from "./exception.tsx"
import { ThreadSection, threadsOf } from "./threads.tsx"

const MAX_RAW_CHARACTERS = 200_000

/** How the reader wants traces, and the form that changes it for this and every later event. */
export type TraceView = TraceSettings & {
  view: "pretty" | "raw"
  /** minified: the frames as they came, where source maps found others. */
  code: "original" | "minified"
  codeHref: string
  /** The page that tells why frames are not mapped. */
  sourceMapsHref: string
  form: { action: string; csrf: string; eventId: string; query: string }
}

type Props = { event: NormalizedEvent; view: TraceView; budget: HighlightBudget }

/** Exceptions, or the bare stack trace of a message, then threads. Nothing for events that are a message alone. */
export function TraceSections({ event: given, view, budget }: Props) {
  const event = view.code === "minified" ? asSent(given) : given
  const exceptions = readingOrder(event.exception?.values ?? [])
  const threads = threadsOf(event)
  const counts = [
    ...(exceptions.length > 0
      ? exceptions.map(({ exception }) => exception.stacktrace)
      : [event.stacktrace]),
    ...threads.map(({ stacktrace }) => stacktrace),
  ].map((trace) => trace?.frames.length ?? 0)
  const allowances = frameAllowances(counts)
  const source: TraceSource = {
    platform: event.platform,
    images: event.debug_meta?.images ?? [],
    settings: view,
    budget,
    notes: notesOf(event),
    sourceMapsHref: hasMapErrors(given) || concernsDebugFiles(given) ? view.sourceMapsHref : null,
  }
  const threadAllowances = allowances.slice(allowances.length - threads.length)
  return (
    <>
      {(exceptions.length > 0 || event.stacktrace) && (
        <TraceSection
          {...{ event, view, exceptions, source, allowances }}
          isMapped={isMapped(given)}
          canExplain={hasUnmapped(given) || concernsDebugFiles(given)}
        />
      )}
      {threads.length > 0 && (
        <ThreadSection
          threads={threads}
          allowances={threadAllowances}
          source={source}
          isAlone={exceptions.length === 0 && !event.stacktrace}
        />
      )}
    </>
  )
}

type TraceSectionProps = {
  event: NormalizedEvent
  view: TraceView
  exceptions: readonly PlacedException[]
  source: TraceSource
  allowances: readonly number[]
  /** Source maps found something. */
  isMapped: boolean
  /** A page tells why frames are as they are. */
  canExplain: boolean
}

/** Nothing is told of source maps where nobody ever uploaded any. */
function hasMapErrors({ errors }: NormalizedEvent): boolean {
  return errors?.some(isMapError) === true
}

function hasUnmapped(event: NormalizedEvent): boolean {
  const owners = [...(event.exception?.values ?? []), event, ...(event.threads?.values ?? [])]
  return owners.some(({ stacktrace }) =>
    stacktrace?.frames.some((frame) => isUnmapped(frame, event.platform)),
  )
}

function TraceSection({ event, view, exceptions, source, ...props }: TraceSectionProps) {
  const { allowances, isMapped, canExplain } = props
  const raw = rawTrace(event)
  const title = (
    <>
      Stack trace
      <SectionLink id="stack-trace" title="Stack trace" shortcut="1" />
    </>
  )
  return (
    <Card
      title={title}
      id="stack-trace"
      actions={<TraceControls {...{ view, isMapped, canExplain }} platform={event.platform} />}
      flush
    >
      {view.view === "raw" ? (
        <pre class="code" data-wrap id="raw-trace">
          <ForeignText text={raw} max={MAX_RAW_CHARACTERS} />
        </pre>
      ) : (
        <>
          <PrettyTrace {...{ event, exceptions, source, allowances }} />
          <div id="raw-trace" hidden>
            {plainText(raw, MAX_RAW_CHARACTERS)}
          </div>
        </>
      )}
    </Card>
  )
}

/** Each button says what it leads to; the choice is kept for the reader. */
function TraceControls({
  view,
  isMapped,
  canExplain,
  platform,
}: { view: TraceView; platform: string } & Pick<TraceSectionProps, "isMapped" | "canExplain">) {
  const { action, csrf, eventId, query } = view.form
  const isPretty = view.view === "pretty"
  return (
    <form class="row" method="post" action={action}>
      <Csrf token={csrf} />
      <input type="hidden" name="action" value="trace_view" />
      <input type="hidden" name="event" value={eventId} />
      <input type="hidden" name="query" value={query} />
      {isPretty && (
        <>
          <button
            class="button needs-script"
            data-size="small"
            type="button"
            data-unfold
            data-key="e"
          >
            Open all
          </button>
          <Button
            size="small"
            name="frames"
            value={view.filter === "app" ? "all" : "app"}
            shortcut="f"
          >
            {view.filter === "app" ? "All frames" : "App frames"}
          </Button>
          <Button size="small" name="order" value={view.order === "newest" ? "oldest" : "newest"}>
            {view.order === "newest" ? "Oldest first" : "Newest first"}
          </Button>
        </>
      )}
      <Button size="small" name="view" value={isPretty ? "raw" : "pretty"} shortcut="t">
        {isPretty ? "Raw" : "Pretty"}
      </Button>
      {isMapped && (
        <ButtonLink size="small" href={view.codeHref}>
          {codeLabel(view, platform)}
        </ButtonLink>
      )}
      {canExplain && (
        <ButtonLink size="small" href={view.sourceMapsHref}>
          {isJavaScript(platform) ? "Source maps" : "Debug files"}
        </ButtonLink>
      )}
      <Button copies="#raw-trace" size="small">
        Copy
      </Button>
    </form>
  )
}

function codeLabel({ code }: TraceView, platform: string): string {
  if (code !== "minified") return isJavaScript(platform) ? "Minified code" : "As sent"
  return isJavaScript(platform) ? "Original code" : "Frames as written"
}

function PrettyTrace({
  event,
  exceptions,
  source,
  allowances,
}: Pick<TraceSectionProps, "event" | "exceptions" | "source" | "allowances">) {
  if (exceptions.length === 0 && event.stacktrace) {
    return (
      <StacktraceView
        {...source}
        trace={event.stacktrace}
        id="frame"
        allowance={allowances[0] ?? 0}
      />
    )
  }
  const threads = event.threads?.values ?? []
  return (
    <>
      {exceptions.length > 1 && <ExceptionOutline exceptions={exceptions} />}
      {exceptions.map((placed, index) => (
        <ExceptionView
          placed={placed}
          all={exceptions}
          source={source}
          allowance={allowances[index] ?? 0}
          hint={
            hasThreadTrace(placed.exception, threads) ? null : traceHint(event, placed.exception)
          }
        />
      ))}
    </>
  )
}

/** Native SDKs may leave an exception's frames with its thread. */
function hasThreadTrace(
  { thread_id: id }: Exception,
  threads: readonly { id?: string | number; stacktrace?: unknown }[],
): boolean {
  return id !== undefined && threads.some((thread) => thread.id === id && thread.stacktrace)
}

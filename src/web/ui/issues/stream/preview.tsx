import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import { urls } from "#urls.ts"
import { DistributionBars } from "../../components/charts/distribution-bars.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import { CodeBlock } from "../../components/trace/code-block.tsx"
import { readingOrder } from "../../components/trace/exception-order.ts"
import { highlightBudget } from "../../components/trace/highlight.ts"
import { languageOf } from "../../components/trace/language.ts"
import type { Shell } from "../../shell.ts"
import { Comment } from "../detail/activity/comment.tsx"
import { issuesWith } from "../detail/event/highlights.tsx"
import type { PreviewData } from "./preview-data.ts"

/** Lines before and after the one it is about. */
const LINES_AROUND = 2

type PreviewProps = { data: PreviewData; org: string; shell: Pick<Shell, "now" | "zone"> }

/** A row of its own below the issue's. */
export function StreamPreview({ data, org, shell }: PreviewProps) {
  const { issue, latest, shares, lastComment } = data
  return (
    <tr class="stream-preview" id={`preview-${issue.id}`}>
      <td colspan={7}>
        <div class="preview">
          <TopFrame event={latest?.event ?? null} />
          <div class="preview-facts">
            {shares.length > 0 && (
              <DistributionBars shares={barsOf(shares, org)} total={total(issue)} />
            )}
            <p class="muted">
              {`${count(total(issue), "event")} and ${count(issue.usersSeen, "user")} in all. First seen `}
              <TimeAgo at={issue.firstSeen} now={shell.now} zone={shell.zone} />
              {", last seen "}
              <TimeAgo at={issue.lastSeen} now={shell.now} zone={shell.zone} />
            </p>
            {lastComment && (
              <div class="preview-comment">
                <p class="muted">
                  {`${lastComment.userName ?? lastComment.userEmail ?? "Somebody"}, `}
                  <TimeAgo at={lastComment.createdAt} now={shell.now} zone={shell.zone} />
                </p>
                <Comment text={String(lastComment.data.text ?? "")} />
              </div>
            )}
            <a href={urls.issue(org, issue.id)}>Open the issue</a>
          </div>
        </div>
      </td>
    </tr>
  )
}

/** Of one's own code the last call, with the lines around it. */
function TopFrame({ event }: { event: NormalizedEvent | null }) {
  const frame = event && topFrame(event)
  if (!frame) return <p class="muted">The latest event has no stack trace.</p>
  const before = (frame.pre_context ?? []).slice(-LINES_AROUND)
  const after = (frame.post_context ?? []).slice(0, LINES_AROUND)
  const hit = frame.lineno ?? before.length + 1
  return (
    <div class="preview-frame">
      <p class="mono">
        <ForeignText
          text={frame.filename ?? frame.module ?? frame.abs_path ?? "(unknown)"}
          max={200}
        />
        {frame.lineno !== undefined && `:${frame.lineno}`}
        {frame.function && (
          <>
            {" in "}
            <ForeignText text={frame.function} max={200} />
          </>
        )}
      </p>
      {frame.context_line !== undefined && (
        <CodeBlock
          lines={[...before, frame.context_line, ...after]}
          start={Math.max(1, hit - before.length)}
          hit={Math.max(1, hit - before.length) + before.length}
          language={languageOf(frame.filename ?? frame.abs_path, frame.platform ?? event.platform)}
          budget={highlightBudget()}
        />
      )}
    </div>
  )
}

/** The last call into one's own code; without any, the last call. Traces end with the newest call. */
export function topFrame(event: NormalizedEvent): Frame | null {
  const exceptions = readingOrder(event.exception?.values ?? [])
  const traces = [...exceptions.map(({ exception }) => exception.stacktrace), event.stacktrace]
  const frames = traces.map((trace) => trace?.frames ?? [])
  const own = frames.flatMap((each) => each.findLast(({ in_app }) => in_app) ?? [])
  return own[0] ?? frames.find((each) => each.length > 0)?.at(-1) ?? null
}

function barsOf(shares: PreviewData["shares"], org: string) {
  return shares.flatMap(({ key, values: [most] }) =>
    most
      ? [
          {
            label: `${key}: ${most.value}`,
            count: Number(most.events),
            href: issuesWith(org, key, most.value),
          },
        ]
      : [],
  )
}

function total({ timesSeen }: PreviewData["issue"]): number {
  return Number(timesSeen)
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`
}

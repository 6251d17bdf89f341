import type { Child } from "hono/jsx"
import { formatShortId } from "#issues/short-id.ts"
import type { StreamIssue } from "#issues/stream/stream.ts"
import { urls } from "#urls.ts"
import { Avatar } from "../../components/avatar.tsx"
import { type IssueState, LevelMark, StateChip } from "../../components/badge.tsx"
import { Sparkline, seriesSentence } from "../../components/charts/sparkline.tsx"
import { ForeignText, plainText } from "../../components/foreign-text.tsx"
import { Icon } from "../../components/icon.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { absoluteTime } from "../../times.ts"
import { type StreamRequest, streamUrl } from "./request.ts"

type RowProps = {
  issue: StreamIssue
  org: string
  /** Events per bucket of the period, in the environments that are picked. */
  counts: readonly number[]
  request: StreamRequest
  /** Place in the list, for "7 of 23" on the issue's page. */
  index: number
  shell: Pick<Shell, "now" | "zone">
}

export function StreamRow({ issue, org, counts, request, index, shell }: RowProps) {
  const shortId = formatShortId(issue.projectSlug, issue.shortId)
  const events = counts.reduce((sum, count) => sum + count, 0)
  return (
    <tr data-row={issue.id} data-tone={issue.level} data-status={issue.status}>
      <td class="stream-tick">
        <label>
          <input type="checkbox" name="id" value={issue.id} aria-label={`Select ${shortId}`} />
        </label>
      </td>
      <th scope="row" class="stream-issue">
        <Headline issue={issue} href={`${urls.issue(org, issue.id)}?stream_index=${index}`}>
          <Chevron issue={issue} org={org} request={request} shortId={shortId} />
        </Headline>
        <Facts issue={issue} shortId={shortId} />
      </th>
      <td class="stream-graph">
        <Sparkline counts={counts} label={seriesSentence(counts, request.period)} />
      </td>
      <td
        class="stream-number stream-events"
        title={lifetime(issue.timesSeen, "event")}
        data-noun={events === 1 ? "event" : "events"}
      >
        <span data-events>{count(events)}</span>
      </td>
      <td class="stream-number stream-users" title={lifetime(issue.usersSeen, "user")}>
        <span data-users>{issue.usersSeen >= MAX_USERS ? "10k+" : count(issue.usersSeen)}</span>
      </td>
      <td class="stream-number stream-seen" title={seenTitle(issue, shell.zone)}>
        <TimeAgo
          at={request.sort === "new" ? issue.firstSeen : issue.lastSeen}
          now={shell.now}
          zone={shell.zone}
        />
      </td>
      <td class="stream-assignee">
        <AssigneeCell issue={issue} shortId={shortId} />
      </td>
    </tr>
  )
}

/** Counting users stops here. */
const MAX_USERS = 10_000

function Headline(props: { issue: StreamIssue; href: string; children: Child }) {
  const { issue, href, children } = props
  const { title, message } = headlineOf(issue)
  return (
    <span class="stream-line">
      <LevelMark level={issue.level} quiet />
      <a class="stream-title" href={href} title={plainText(issue.title)}>
        <ForeignText text={title} max={200} />
      </a>
      <StateChip {...stateOf(issue)} />
      {message && (
        <span class="stream-message">
          <ForeignText text={message} max={300} />
        </span>
      )}
      {children}
    </span>
  )
}

/** Opens the preview: without script by the page's address, with it in place. */
function Chevron(props: Pick<RowProps, "issue" | "org" | "request"> & { shortId: string }) {
  const { issue, org, request, shortId } = props
  const isOpen = request.preview === issue.id
  const preview = isOpen ? undefined : issue.id
  return (
    <a
      class="stream-chevron"
      href={streamUrl(org, request, { cursor: request.cursor, preview })}
      aria-label={`Preview of ${shortId}`}
      aria-expanded={isOpen ? "true" : "false"}
      title="Preview (Space)"
      data-preview={`${urls.issue(org, issue.id)}preview/`}
    >
      <Icon name="chevron-down" />
    </a>
  )
}

function Facts({ issue, shortId }: { issue: StreamIssue; shortId: string }) {
  return (
    <span class="stream-facts">
      <span class="stream-id">{shortId}</span>
      {issue.culprit && (
        <span class="mono stream-culprit">
          <ForeignText text={issue.culprit} max={200} />
        </span>
      )}
      {issue.release && (
        <span class="stream-release">
          <ForeignText text={issue.release} max={60} />
        </span>
      )}
      {issue.isUnhandled && <span class="stream-unhandled">unhandled</span>}
      {issue.priority === "high" && (
        <span class="stream-fact">
          <Icon name="chevrons-up" />
          high
        </span>
      )}
      {issue.priority === "low" && (
        <span class="stream-fact">
          <Icon name="chevron-down" />
          low
        </span>
      )}
      {issue.commentCount > 0 && (
        <span class="stream-fact">
          <Icon name="message-square" label="Comments" />
          {issue.commentCount}
        </span>
      )}
      {issue.isBookmarked && <Icon name="bookmark" label="Bookmarked" />}
    </span>
  )
}

function AssigneeCell({ issue, shortId }: { issue: StreamIssue; shortId: string }) {
  const { assignee } = issue
  if (assignee) {
    return <Avatar name={assignee.name} shape={assignee.kind === "team" ? "team" : "person"} />
  }
  return (
    <button
      class="button"
      data-size="small"
      type="submit"
      name="action"
      value={`assign?assignee=me&only=${issue.id}`}
      aria-label={`Assign ${shortId} to me`}
      title="Assign to me"
    >
      —
    </button>
  )
}

/** An error's type in bold, or what a rule calls it, and its value beside it; anything else is its title alone. */
function headlineOf({ metadata, title, culprit }: StreamIssue): { title: string; message: string } {
  if (metadata.type) {
    const name = metadata.title === title ? title : metadata.type
    return { title: name, message: metadata.value ?? "" }
  }
  return { title: title || culprit || "(no message)", message: "" }
}

function stateOf({ status, substatus, returnedAt }: StreamIssue): IssueState {
  if (status === "resolved" || status === "archived") return { status, substatus }
  return { status: "unresolved", substatus, isReturned: returnedAt !== null }
}

function seenTitle({ firstSeen, lastSeen }: StreamIssue, zone: string): string {
  return `First seen ${absoluteTime(firstSeen, zone)}\nLast seen ${absoluteTime(lastSeen, zone)}`
}

function count(number: number): string {
  return number.toLocaleString("en")
}

function lifetime(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"} in all`
}

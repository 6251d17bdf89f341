import type { Attachment } from "#attachments/store.ts"
import type { Feedback, FeedbackStatus } from "#feedback/read-store.ts"
import type { Assignable } from "#issues/detail-store.ts"
import type { StreamProject } from "#issues/stream/facts-store.ts"
import { Button } from "../components/button.tsx"
import { Pager } from "../components/data/pager.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { Options } from "../components/forms/field.tsx"
import { Tabs } from "../components/tabs.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { FeedbackDetail } from "./feedback-detail.tsx"
import { writerOf } from "./feedback-message.tsx"
import { FeedbackSetup } from "./feedback-setup.tsx"
import { type FeedbackRequest, feedbackHref, PAGE_SIZE } from "./requests.ts"

export type FeedbackPageProps = {
  shell: Shell
  org: string
  request: FeedbackRequest
  projects: readonly StreamProject[]
  items: readonly Feedback[]
  hasMore: boolean
  /** Nobody ever wrote anything. */
  isNew: boolean
  selected: { feedback: Feedback; attachments: readonly Attachment[] } | null
  assignables: readonly Assignable[]
}

const TABS: [FeedbackStatus, string][] = [
  ["unresolved", "Unresolved"],
  ["resolved", "Resolved"],
  ["spam", "Spam"],
]

/** What users wrote: a list, and beside it (on phones instead of it) the one that was chosen. */
export function FeedbackPage(props: FeedbackPageProps) {
  const { shell, org, request, selected } = props
  const title = selected ? `Feedback of ${writerOf(selected.feedback)}`.slice(0, 100) : "Feedback"
  return (
    <Layout {...shell} title={title} section="feedback">
      <header class="page-head">
        <h1>User feedback</h1>
        {props.projects.length > 1 && <ProjectFilter {...props} />}
      </header>
      <Tabs
        label="Feedback by status"
        tabs={TABS.map(([status, label]) => ({
          label,
          href: feedbackHref(org, request, { status, offset: 0 }),
          current: request.status === status,
        }))}
      />
      {props.isNew && !selected ? <FeedbackSetup /> : <Panes {...props} />}
    </Layout>
  )
}

function ProjectFilter({ org, request, projects }: FeedbackPageProps) {
  const options = projects.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form class="search-form" action={feedbackHref(org, { ...request, ...NO_FILTER })}>
      {request.status !== "unresolved" && (
        <input type="hidden" name="status" value={request.status} />
      )}
      <select class="input" name="project" aria-label="Project">
        <Options
          options={[{ value: "", label: "All projects" }, ...options]}
          selected={request.projectId ?? ""}
        />
      </select>
      <Button>Show</Button>
    </form>
  )
}

const NO_FILTER = { status: "unresolved", projectId: null, offset: 0 } as const

function Panes(props: FeedbackPageProps) {
  const { selected } = props
  return (
    <div class="feedback-panes" {...(selected && { "data-chosen": "" })}>
      <div class="feedback-list-pane">
        {props.items.length === 0 ? <NothingHere {...props} /> : <List {...props} />}
      </div>
      {selected ? (
        <FeedbackDetail {...props} {...selected} />
      ) : (
        props.items.length > 0 && (
          <p class="feedback-hint muted">Choose a message to read it and to answer.</p>
        )
      )}
    </div>
  )
}

function NothingHere({ request }: FeedbackPageProps) {
  if (request.status === "unresolved") {
    return (
      <EmptyState title="Nothing to answer">
        <p>Everything that users wrote has been dealt with.</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title={request.status === "spam" ? "No spam" : "Nothing was resolved yet"}
      children={<p>Messages that somebody marks this way stand here.</p>}
    />
  )
}

function List({ shell, org, request, items, hasMore, selected }: FeedbackPageProps) {
  const { offset } = request
  return (
    <>
      <ul class="feedback-list card">
        {items.map((item) => (
          <li>
            <a
              class="feedback-item"
              href={feedbackHref(org, request, { id: item.id })}
              {...(item.id === selected?.feedback.id && { "aria-current": "true" })}
            >
              <span class="feedback-item-head">
                <b>
                  <ForeignText text={writerOf(item)} max={60} />
                </b>
                <span class="muted">
                  <TimeAgo at={item.receivedAt} now={shell.now} zone={shell.zone} />
                </span>
              </span>
              <span class="feedback-excerpt">
                <ForeignText text={item.message} max={200} />
              </span>
              <span class="muted">
                <bdi>{item.projectName}</bdi>
              </span>
            </a>
          </li>
        ))}
      </ul>
      {(offset > 0 || hasMore) && (
        <Pager
          label="Pages of feedback"
          summary="Newest first"
          previous={
            offset > 0
              ? feedbackHref(org, request, { offset: Math.max(0, offset - PAGE_SIZE) })
              : null
          }
          next={hasMore ? feedbackHref(org, request, { offset: offset + PAGE_SIZE }) : null}
        />
      )}
    </>
  )
}

import type { StoredEvent } from "#events/stored-event.ts"
import { userOf } from "#normalize/event-user.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Pager } from "../../components/data/pager.tsx"
import { type Column, Table } from "../../components/data/table.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import type { Shell } from "../../shell.ts"
import { absoluteTime } from "../../times.ts"
import { eventHref } from "./event-bar.tsx"
import { IssueShell } from "./issue-shell.tsx"
import type { IssueFrame } from "./load.ts"

type EventsPageProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  events: readonly StoredEvent[]
  query: string
  queryError: string | null
  newestHref: string | null
  olderHref: string | null
}

export function EventsPage(props: EventsPageProps) {
  const { shell, org, frame, events, query } = props
  const path = urls.issueEvents(org, frame.issue.id)
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="events">
      <search class="event-search">
        <form class="row" action={path}>
          <input
            class="input mono grow"
            type="search"
            name="query"
            value={query}
            maxlength={1000}
            aria-label="Search the events by tags"
            placeholder="environment:production browser:..."
            data-shortcut="search"
            {...(props.queryError && { "aria-invalid": "true" as const })}
          />
          <Button icon="search">Search</Button>
        </form>
        {props.queryError && (
          <p class="field-error" role="alert">
            {props.queryError}
          </p>
        )}
      </search>
      <Card title="Events" flush>
        {events.length > 0 ? (
          <Table caption="Events, newest first" columns={columnsOf(props)} rows={events} />
        ) : (
          <EmptyState title="No events">
            <p>
              {query ? "None of the stored events matches." : "They are older than what is kept."}
            </p>
          </EmptyState>
        )}
      </Card>
      <Pager
        label="Events"
        summary={`${Number(frame.issue.timesSeen).toLocaleString("en")} events ever`}
        previous={props.newestHref}
        next={props.olderHref}
      />
    </IssueShell>
  )
}

function columnsOf({ shell, org, query }: EventsPageProps): Column<StoredEvent>[] {
  return [
    {
      head: "Event",
      rowHead: true,
      cell: (stored) => (
        <a class="mono" href={eventHref(org, stored.issueId, stored.eventId, query)}>
          {stored.eventId.slice(0, 8)}
        </a>
      ),
    },
    {
      head: "Occurred",
      cell: ({ occurredAt }) => (
        <time datetime={occurredAt.toISOString()}>{absoluteTime(occurredAt, shell.zone)}</time>
      ),
    },
    { head: "Title", cell: ({ title }) => <ForeignText text={title} max={200} /> },
    {
      head: "User",
      cell: ({ event }) => <ForeignText text={userOf(event)?.tag ?? ""} max={100} />,
    },
    { head: "Release", cell: ({ release }) => <ForeignText text={release ?? ""} max={60} /> },
    { head: "Environment", cell: ({ environment }) => <ForeignText text={environment} max={40} /> },
  ]
}

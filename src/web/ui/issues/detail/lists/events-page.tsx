import type { StoredEvent } from "#events/stored-event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { urls } from "#urls.ts"
import { Button } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { Pager } from "../../../components/data/pager.tsx"
import { type Column, Table } from "../../../components/data/table.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { ForeignText, plainText } from "../../../components/foreign-text.tsx"
import { Menu, MenuLabel, MenuLine } from "../../../components/menu.tsx"
import type { Shell } from "../../../shell.ts"
import { absoluteTime, clockTime, dateOf } from "../../../times.ts"
import { eventHref } from "../event/bar.tsx"
import { IssueShell } from "../issue-shell.tsx"
import type { IssueFrame } from "../load.ts"
import type { EventsWish } from "./events-routes.tsx"

type EventsPageProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  events: readonly StoredEvent[]
  wish: EventsWish
  /** Keys of tags that can be columns. */
  keys: readonly string[]
  queryError: string | null
  newestHref: string | null
  olderHref: string | null
}

export function EventsPage(props: EventsPageProps) {
  const { shell, org, frame, events, wish } = props
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="events">
      <EventSearch {...props} />
      <Card title="Events" flush>
        <RangeNote {...props} />
        <SamplingNote events={events} />
        {events.length > 0 ? (
          <Table caption="Events, newest first" columns={columnsOf(props)} rows={events} />
        ) : (
          <EmptyState title="No events">
            <p>
              {wish.address.size > 0
                ? "None of the stored events matches."
                : "They are older than what is kept."}
            </p>
          </EmptyState>
        )}
      </Card>
      <Pager
        label="Events"
        summary={counted(Number(frame.issue.timesSeen))}
        previous={props.newestHref}
        next={props.olderHref}
      />
    </IssueShell>
  )
}

function counted(events: number): string {
  return events === 1 ? "1 event ever" : `${events.toLocaleString("en")} events ever`
}

/** Search, time and columns in one form, so that each keeps the others. */
function EventSearch({ org, frame, wish, keys, queryError }: EventsPageProps) {
  const path = urls.issueEvents(org, frame.issue.id)
  return (
    <search class="event-search">
      <form class="row" action={path}>
        <input
          class="input mono"
          type="search"
          name="query"
          value={wish.query}
          maxlength={1000}
          aria-label="Search the events by tags"
          placeholder="environment:production browser:..."
          data-shortcut="search"
          {...(queryError && { "aria-invalid": "true" as const })}
        />
        {wish.range.from && (
          <input type="hidden" name="start" value={wish.range.from.toISOString()} />
        )}
        {wish.range.to && <input type="hidden" name="end" value={wish.range.to.toISOString()} />}
        <ColumnMenu keys={keys} chosen={wish.columns} />
        <Button icon="search">Search</Button>
      </form>
      {queryError && (
        <p class="field-error" role="alert">
          {queryError}
        </p>
      )}
    </search>
  )
}

function ColumnMenu({ keys, chosen }: { keys: readonly string[]; chosen: readonly string[] }) {
  const offered = [...new Set([...chosen, ...keys])]
  if (offered.length === 0) return null
  return (
    <Menu summary="Columns" align="end">
      <MenuLabel>Up to four tags</MenuLabel>
      <div class="menu-scroll">
        {offered.map((key) => (
          <label class="menu-item">
            <input
              type="checkbox"
              name="column"
              value={key}
              {...(chosen.includes(key) && { checked: true })}
            />
            <ForeignText text={key} max={60} />
          </label>
        ))}
      </div>
      <MenuLine />
      <Button size="small">Show them</Button>
    </Menu>
  )
}

/** The time that the list is narrowed to, and the way out of it. */
function RangeNote({ shell, org, frame, wish }: EventsPageProps) {
  const { from, to } = wish.range
  if (!from && !to) return null
  const rest = new URLSearchParams(wish.address)
  rest.delete("start")
  rest.delete("end")
  const parts = [
    from && `from ${absoluteTime(from, shell.zone)}`,
    to && `until ${absoluteTime(to, shell.zone)}`,
  ]
  return (
    <p class="section-note muted">
      {`Received ${parts.filter(Boolean).join(" ")}. `}
      <a href={`${urls.issueEvents(org, frame.issue.id)}?${rest}`}>All times</a>
    </p>
  )
}

function SamplingNote({ events }: Pick<EventsPageProps, "events">) {
  if (!events.some(({ event }) => event._is_skeleton)) return null
  return (
    <p class="section-note muted">
      This issue is noisy, so its events are sampled: all are counted and listed, with their tags
      and stack traces, but breadcrumbs, variables and other details are kept of only some.
    </p>
  )
}

function columnsOf({ shell, org, wish }: EventsPageProps): Column<StoredEvent>[] {
  return [
    {
      head: "Event",
      rowHead: true,
      cell: (stored) => (
        <>
          <a class="mono" href={eventHref(org, stored.issueId, stored.eventId, wish.query)}>
            {stored.eventId.slice(0, 8)}
          </a>
          {stored.event._is_skeleton && <span class="muted"> no details</span>}
        </>
      ),
    },
    {
      head: "Occurred",
      cell: ({ occurredAt }) => (
        <time datetime={occurredAt.toISOString()} title={absoluteTime(occurredAt, shell.zone)}>
          {`${dateOf(occurredAt, shell.zone)}, ${clockTime(occurredAt, shell.zone)}`}
        </time>
      ),
    },
    { head: "Title", cell: ({ title }) => <ForeignText text={title} max={200} /> },
    {
      head: "User",
      cell: ({ event }) => <ForeignText text={userOf(event)?.tag ?? ""} max={100} />,
    },
    { head: "Release", cell: ({ release }) => <ForeignText text={release ?? ""} max={60} /> },
    { head: "Environment", cell: ({ environment }) => <ForeignText text={environment} max={40} /> },
    ...wish.columns.map(tagColumn),
  ]
}

function tagColumn(key: string): Column<StoredEvent> {
  return {
    head: plainText(key, 40),
    cell: ({ event }) => {
      const value = tagsOf(event).find(([name]) => name === key)?.[1]
      return <ForeignText text={value ?? ""} max={100} />
    },
  }
}

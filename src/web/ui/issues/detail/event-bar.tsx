import type { StoredEvent } from "#events/stored-event.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../components/badge.tsx"
import { ButtonGroup, ButtonLink } from "../../components/button.tsx"
import { absoluteTime } from "../../times.ts"

type Neighbours = { older: string | null; newer: string | null }

/** Seconds between two clocks that are worth a word. */
const DRIFT_SECONDS = 120

/** First, older, newer, latest. Keeps the search that the page was opened with. */
export function EventNavigation(props: {
  org: string
  issueId: string
  neighbours: Neighbours
  query: string
}) {
  const { neighbours } = props
  const href = (event: string | null) =>
    event === null ? null : eventHref(props.org, props.issueId, event, props.query)
  return (
    <ButtonGroup label="Events of this issue">
      <ButtonLink
        href={href(neighbours.older && "oldest")}
        icon="chevrons-left"
        label="Oldest event"
        shortcut="H"
      />
      <ButtonLink href={href(neighbours.older)} icon="chevron-left" shortcut="h" rel="prev">
        Older
      </ButtonLink>
      <ButtonLink href={href(neighbours.newer)} icon="chevron-right" shortcut="l" rel="next">
        Newer
      </ButtonLink>
      <ButtonLink
        href={href(neighbours.newer && "latest")}
        icon="chevrons-right"
        label="Latest event"
        shortcut="L"
      />
    </ButtonGroup>
  )
}

export function eventHref(org: string, issueId: string, event: string, query: string): string {
  const path = urls.event(org, issueId, event)
  return query === "" ? path : `${path}?query=${encodeURIComponent(query)}`
}

/** Which event this is and when it happened, on both clocks. */
export function EventBar(props: { org: string; stored: StoredEvent; zone: string }) {
  const { org, stored, zone } = props
  const path = urls.event(org, stored.issueId, stored.eventId)
  const drift = Math.abs(stored.receivedAt.getTime() - stored.occurredAt.getTime()) / 1000
  return (
    <div class="event-bar">
      <span>
        Event{" "}
        <a href={path} class="mono" id="event-id" title={stored.eventId}>
          {stored.eventId.slice(0, 8)}
        </a>
      </span>
      <span>
        {"occurred "}
        <time datetime={stored.occurredAt.toISOString()}>
          {absoluteTime(stored.occurredAt, zone)}
        </time>
      </span>
      <span class="muted" title={`received ${absoluteTime(stored.receivedAt, zone)}`}>
        {drift < 1 ? "received at once" : `received ${Math.round(drift)} s later`}
        {drift > DRIFT_SECONDS && <Badge tone="warning">clocks differ</Badge>}
      </span>
      <span class="row end">
        <ButtonLink size="small" href={`${path}json/`} icon="code">
          JSON
        </ButtonLink>
        <ButtonLink size="small" href={`${path}md/`} icon="file-text">
          Markdown
        </ButtonLink>
      </span>
    </div>
  )
}

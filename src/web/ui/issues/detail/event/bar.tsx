import type { StoredEvent } from "#events/stored-event.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../../components/badge.tsx"
import { Button, ButtonGroup, ButtonLink } from "../../../components/button.tsx"
import { Menu, MenuLink } from "../../../components/menu.tsx"
import { absoluteTime } from "../../../times.ts"

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

/** Which event this is, when it happened on both clocks, and its other forms. */
export function EventBar(props: { org: string; stored: StoredEvent; zone: string; query: string }) {
  const { org, stored, zone, query } = props
  const path = urls.event(org, stored.issueId, stored.eventId)
  return (
    <div class="event-bar">
      <span class="row">
        <span>
          {"Event "}
          <a href={path} class="mono" id="event-id" data-copy-text={stored.eventId}>
            {stored.eventId.slice(0, 8)}
          </a>
        </span>
        <Button
          copies="#event-id"
          size="small"
          variant="quiet"
          icon="copy"
          label="Copy the event id"
        />
      </span>
      <span>
        <time datetime={stored.occurredAt.toISOString()}>
          {absoluteTime(stored.occurredAt, zone)}
        </time>
        {", "}
        <Received stored={stored} zone={zone} />
      </span>
      <nav class="row event-forms" aria-label="Other views of the event">
        <a href={eventHref(org, stored.issueId, "recommended", query)} data-key=".">
          Recommended
        </a>
        <a href={urls.issueEvents(org, stored.issueId)}>All events</a>
        <ExportMenu path={path} eventId={stored.eventId} />
      </nav>
    </div>
  )
}

function ExportMenu({ path, eventId }: { path: string; eventId: string }) {
  return (
    <Menu summary="Export" size="small" align="end">
      <MenuLink href={`${path}json/`}>Show JSON</MenuLink>
      <a class="menu-item" href={`${path}json/?download=1`} download={`${eventId}.json`}>
        Download JSON
      </a>
      <MenuLink href={`${path}md/`}>Show Markdown</MenuLink>
      <button
        class="menu-item needs-script"
        type="button"
        data-copy-from={`${path}md/`}
        data-key="Y"
      >
        Copy as Markdown
      </button>
    </Menu>
  )
}

/** The second clock: ours. A client's that runs wrong is told. */
function Received({ stored, zone }: { stored: StoredEvent; zone: string }) {
  const drift = (stored.receivedAt.getTime() - stored.occurredAt.getTime()) / 1000
  return (
    <span title={absoluteTime(stored.receivedAt, zone)}>
      {drift < 1 ? "received at once" : `received ${spanOf(drift)} later`}
      {Math.abs(drift) > DRIFT_SECONDS && (
        <>
          {" "}
          <Badge tone="warning">clocks differ</Badge>
        </>
      )}
    </span>
  )
}

function spanOf(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800
    ? `${Math.round(seconds / 3_600)} h`
    : `${Math.round(seconds / 86_400)} days`
}

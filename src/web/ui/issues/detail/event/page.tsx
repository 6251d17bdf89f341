import type { StoredEvent } from "#events/stored-event.ts"
import { urls } from "#urls.ts"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { Banner } from "../../../components/feedback/notice.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { highlightBudget } from "../../../components/trace/highlight.ts"
import type { Shell } from "../../../shell.ts"
import { ActRequest } from "../actions/request.tsx"
import { IssueShell } from "../issue-shell.tsx"
import type { EventPageData } from "../load.ts"
import { CompanionSections } from "../sections/companions.tsx"
import { DataSections, MessageSection } from "../sections/data.tsx"
import { GroupingSection } from "../sections/grouping.tsx"
import { SuspectsSection } from "../sections/suspects.tsx"
import { TraceSections, type TraceView } from "../trace/sections.tsx"
import { EventBar, EventNavigation } from "./bar.tsx"
import { Facts } from "./facts.tsx"
import { Highlights } from "./highlights.tsx"

type DetailsPageProps = {
  shell: Shell
  org: string
  data: EventPageData
  view: TraceView
  /** The search within the issue's events that the page was opened with. */
  query: string
  /** What is wrong with that search. */
  queryError: string | null
  /** What a link in a mail asks to be done (`?do=`); "" = nothing. */
  wanted: string
}

/** One event of the issue, and beside it what is known of all of them. */
export function DetailsPage(props: DetailsPageProps) {
  const { shell, org, data, query, queryError, wanted } = props
  const { stored, issue } = data
  const pollHref = `${urls.issue(org, issue.id)}changes/`
  return (
    <IssueShell
      shell={shell}
      org={org}
      frame={data}
      tab="details"
      aside={
        <EventNavigation org={org} issueId={issue.id} neighbours={data.neighbours} query={query} />
      }
    >
      <ActRequest
        wanted={wanted}
        org={org}
        issue={issue}
        csrf={shell.csrf}
        viewerId={shell.viewer.user.id}
      />
      {queryError && <Banner tone="warning">{queryError}</Banner>}
      <p
        class="newer-events"
        data-poll={pollHref}
        data-since={`${issue.timesSeen}.${issue.timesSeen}`}
        role="status"
      >
        <a
          class="button"
          data-size="small"
          href={urls.event(org, issue.id, "latest")}
          data-pill="newer events · show the latest"
          hidden
        >
          newer events
        </a>
      </p>
      <div class="split">
        <div class="stack">
          {stored ? (
            <EventSections {...props} stored={stored} />
          ) : (
            <GoneEvent org={org} issueId={issue.id} query={query} />
          )}
        </div>
        <Facts data={data} org={org} shell={shell} />
      </div>
    </IssueShell>
  )
}

type EventSectionsProps = DetailsPageProps & { stored: StoredEvent }

function EventSections({ shell, org, data, stored, view, query }: EventSectionsProps) {
  const { event } = stored
  const hasTrace = Boolean(event.exception ?? event.stacktrace ?? event.threads)
  return (
    <>
      <EventBar org={org} stored={stored} zone={shell.zone} query={query} />
      {event._is_skeleton && (
        <Banner>
          This issue is noisy: of this event only tags and stack trace were kept.{" "}
          <a href={urls.event(org, data.issue.id, "recommended")}>Show the event that tells most</a>
        </Banner>
      )}
      <Highlights event={event} org={org} />
      {!hasTrace && <MessageSection event={event} />}
      {!hasTrace && !event.logentry && (
        <Banner>
          This event came without a message, an exception and a stack trace. What it did bring is
          below.
        </Banner>
      )}
      <TraceSections event={event} view={view} budget={highlightBudget()} />
      {hasTrace && <MessageSection event={event} />}
      <SuspectsSection shell={shell} suspects={data.suspects} />
      <DataSections
        event={event}
        title={stored.title}
        org={org}
        zone={shell.zone}
        grouping={
          <GroupingSection event={event} issue={data.issue} org={org} storedHash={data.hash} />
        }
        companions={
          <CompanionSections
            shell={shell}
            org={org}
            issueId={data.issue.id}
            eventId={stored.eventId}
            attachments={data.attachments}
            feedback={data.feedback}
          />
        }
      />
    </>
  )
}

function GoneEvent({ org, issueId, query }: { org: string; issueId: string; query: string }) {
  return (
    <EmptyState
      title={query ? "No event of this issue matches" : "This event is gone"}
      action={<a href={urls.event(org, issueId, "latest")}>Go to the latest event</a>}
    >
      {query ? (
        <p>
          {"The search "}
          <code>
            <ForeignText text={query} max={300} />
          </code>
          {" finds none of the stored events."}
        </p>
      ) : (
        <p>Events are kept for a limited time. What is known of the issue is still here.</p>
      )}
    </EmptyState>
  )
}

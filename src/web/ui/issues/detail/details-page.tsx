import { urls } from "#urls.ts"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { highlightBudget } from "../../components/trace/highlight.ts"
import type { Shell } from "../../shell.ts"
import { DataSections } from "./data-sections.tsx"
import { EventBar, EventNavigation } from "./event-bar.tsx"
import { Facts } from "./facts.tsx"
import { IssueShell } from "./issue-shell.tsx"
import type { EventPageData } from "./load.ts"
import { TraceSections, type TraceView } from "./trace-sections.tsx"

type DetailsPageProps = {
  shell: Shell
  org: string
  data: EventPageData
  view: TraceView
  /** The search within the issue's events that the page was opened with. */
  query: string
  /** What is wrong with that search. */
  queryError: string | null
}

/** One event of the issue, and beside it what is known of all of them. */
export function DetailsPage({ shell, org, data, view, query, queryError }: DetailsPageProps) {
  const { stored, issue } = data
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
      {queryError && <Banner tone="warning">{queryError}</Banner>}
      <div class="split">
        <div class="stack">
          {stored ? (
            <>
              <EventBar org={org} stored={stored} zone={shell.zone} />
              <TraceSections event={stored.event} view={view} budget={highlightBudget()} />
              <DataSections event={stored.event} org={org} zone={shell.zone} />
            </>
          ) : (
            <GoneEvent org={org} issueId={issue.id} query={query} />
          )}
        </div>
        <Facts data={data} org={org} shell={shell} />
      </div>
    </IssueShell>
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
          The search <code>{query}</code> finds none of the stored events.
        </p>
      ) : (
        <p>Events are kept for a limited time. What is known of the issue is still here.</p>
      )}
    </EmptyState>
  )
}

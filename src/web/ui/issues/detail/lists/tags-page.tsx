import type { TagShare } from "#issues/tags/shares-store.ts"
import { urls } from "#urls.ts"
import { Card } from "../../../components/card.tsx"
import { DistributionBars } from "../../../components/charts/distribution-bars.tsx"
import { Table } from "../../../components/data/table.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { TimeAgo } from "../../../components/time-ago.tsx"
import type { Shell } from "../../../shell.ts"
import { sharesOf } from "../event/facts.tsx"
import { issuesWith } from "../event/highlights.tsx"
import { IssueShell } from "../issue-shell.tsx"
import type { IssueFrame } from "../load.ts"
import { tagQuery } from "./tag-query.ts"

type TagsPageProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  shares: readonly TagShare[]
}

/** Every key with its most frequent values. */
export function TagsPage({ shell, org, frame, shares }: TagsPageProps) {
  const { issue } = frame
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="tags">
      {shares.length === 0 ? (
        <EmptyState title="No tags yet">
          <p>They are counted a few seconds after an event.</p>
        </EmptyState>
      ) : (
        <div class="tag-cards">
          {shares.map((share) => (
            <Card
              title={<ForeignText text={share.key} max={100} />}
              actions={<a href={urls.issueTag(org, issue.id, share.key)}>All</a>}
              flush
            >
              <DistributionBars
                shares={sharesOf(share, issue, org)}
                total={Number(issue.timesSeen)}
              />
            </Card>
          ))}
        </div>
      )}
    </IssueShell>
  )
}

function percentOf(events: number, total: number): string {
  return `${((events / Math.max(1, total)) * 100).toFixed(1)} %`
}

/** Ids and the like: their spread says nothing. */
function isMostlyUnique({ events, distinctValues }: TagShare): boolean {
  return distinctValues > 20 && distinctValues > Number(events) * 0.8
}

/** One key: its values as a table. */
export function TagPage({
  shell,
  org,
  frame,
  share,
}: Omit<TagsPageProps, "shares"> & { share: TagShare }) {
  const { issue } = frame
  const total = Number(issue.timesSeen)
  const unset = total - Number(share.events)
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="tags">
      <Card
        title={<ForeignText text={share.key} max={100} />}
        actions={<a href={urls.issueTags(org, issue.id)}>All tags</a>}
        flush
      >
        <Table
          caption={`Values of ${share.key}`}
          rows={share.values}
          columns={[
            {
              head: "Value",
              rowHead: true,
              cell: ({ value }) => (
                <a
                  href={`${urls.issueEvents(org, issue.id)}?query=${encodeURIComponent(tagQuery(share.key, value))}`}
                >
                  <ForeignText text={value} max={200} />
                </a>
              ),
            },
            {
              head: "Events",
              number: true,
              cell: ({ events }) => Number(events).toLocaleString("en"),
            },
            {
              head: "Share of all",
              number: true,
              cell: ({ events }) => percentOf(Number(events), total),
            },
            {
              head: "First seen",
              cell: ({ firstSeen }) => <TimeAgo at={firstSeen} now={shell.now} zone={shell.zone} />,
            },
            {
              head: "Last seen",
              cell: ({ lastSeen }) => <TimeAgo at={lastSeen} now={shell.now} zone={shell.zone} />,
            },
            {
              head: "Other issues",
              cell: ({ value }) => <a href={issuesWith(org, share.key, value)}>with this value</a>,
            },
          ]}
        />
        <p class="card-body muted">
          {unset === 0
            ? "Every event has this tag."
            : `(not set): ${unset.toLocaleString("en")} events, ${percentOf(unset, total)}.`}
          {isMostlyUnique(share) &&
            ` Mostly unique: ${share.distinctValues.toLocaleString("en")} values.`}
          {Number(share.otherEvents) > 0 &&
            ` ${Number(share.otherEvents).toLocaleString("en")} more have values beyond the ${share.distinctValues} kept ones.`}
        </p>
      </Card>
    </IssueShell>
  )
}

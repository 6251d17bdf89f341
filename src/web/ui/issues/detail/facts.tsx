import type { IssueDetail } from "#issues/detail-store.ts"
import type { TagShare } from "#issues/tags-store.ts"
import { urls } from "#urls.ts"
import { Card } from "../../components/card.tsx"
import { BarChart, type Bucket } from "../../components/charts/bar-chart.tsx"
import { DistributionBars, type Share } from "../../components/charts/distribution-bars.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { ActivityList } from "./activity-list.tsx"
import type { EventPageData } from "./load.ts"
import { tagQuery } from "./tag-query.ts"

const DAY = 86_400_000
const GRAPH_DAYS = 30
/** Exact counting of users stops here. */
const MAX_USERS = 10_000

/** The column beside the trace: numbers, shares and what people did. */
export function Facts(props: { data: EventPageData; org: string; shell: Shell }) {
  const { data, org, shell } = props
  const { issue } = data
  return (
    <aside class="issue-facts stack" aria-label="Facts about the issue">
      <Card title={`Last ${GRAPH_DAYS} days`}>
        <BarChart
          buckets={dayBuckets(data.hours, shell.now, shell.zone)}
          zone={shell.zone}
          period={`${GRAPH_DAYS} days`}
        />
      </Card>
      <Card title="Numbers">
        <Numbers issue={issue} shell={shell} />
      </Card>
      {data.shares.map((share) => (
        <ShareCard share={share} issue={issue} org={org} />
      ))}
      <Card title="Activity" actions={<a href={urls.issueActivity(org, issue.id)}>All</a>}>
        <ActivityList
          entries={data.activity}
          assignables={data.assignables}
          now={shell.now}
          zone={shell.zone}
        />
      </Card>
    </aside>
  )
}

function Numbers({ issue, shell }: { issue: IssueDetail; shell: Shell }) {
  const users = issue.usersSeen >= MAX_USERS ? "10k+" : issue.usersSeen.toLocaleString("en")
  return (
    <dl class="issue-numbers">
      <div>
        <dt>Events, ever</dt>
        <dd>{Number(issue.timesSeen).toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Users, ever</dt>
        <dd>{users}</dd>
      </div>
      <div>
        <dt>First seen</dt>
        <dd>
          <TimeAgo at={issue.firstSeen} now={shell.now} zone={shell.zone} />
          {issue.firstRelease && <span class="muted anywhere">{` in ${issue.firstRelease}`}</span>}
        </dd>
      </div>
      <div>
        <dt>Last seen</dt>
        <dd>
          <TimeAgo at={issue.lastSeen} now={shell.now} zone={shell.zone} />
          {issue.lastRelease && <span class="muted anywhere">{` in ${issue.lastRelease}`}</span>}
        </dd>
      </div>
    </dl>
  )
}

function ShareCard({ share, issue, org }: { share: TagShare; issue: IssueDetail; org: string }) {
  return (
    <Card
      title={share.key}
      actions={<a href={urls.issueTag(org, issue.id, share.key)}>All</a>}
      flush
    >
      <DistributionBars shares={sharesOf(share, issue, org)} total={Number(issue.timesSeen)} />
    </Card>
  )
}

/** The shown values, what is beyond them, and the events without this tag: together all events of the issue. */
export function sharesOf(share: TagShare, issue: IssueDetail, org: string): Share[] {
  const shown = share.values.reduce((sum, { events }) => sum + Number(events), 0)
  const other = Number(share.events) - shown
  const unset = Number(issue.timesSeen) - Number(share.events)
  const rest: Share[] = [
    { label: "other", count: other, href: null, isRest: true },
    { label: "(not set)", count: unset, href: null, isRest: true },
  ]
  return [
    ...share.values.map(({ value, events }) => ({
      label: value,
      count: Number(events),
      href: `${urls.issueEvents(org, issue.id)}?query=${encodeURIComponent(tagQuery(share.key, value))}`,
    })),
    ...rest.filter(({ count }) => count > 0),
  ]
}

/** Hours are summed to days of the reader's zone. */
export function dayBuckets(
  hours: readonly { hour: Date; events: number }[],
  now: Date,
  zone: string,
): Bucket[] {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" })
  const counts = new Map<string, number>()
  for (const { hour, events } of hours) {
    const day = format.format(hour)
    counts.set(day, (counts.get(day) ?? 0) + events)
  }
  return Array.from({ length: GRAPH_DAYS }, (_, index) => {
    const from = new Date(now.getTime() - (GRAPH_DAYS - 1 - index) * DAY)
    return { from, events: counts.get(format.format(from)) ?? 0 }
  })
}

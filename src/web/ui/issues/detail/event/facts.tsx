import type { IssueDetail } from "#issues/detail-store.ts"
import type { TagShare } from "#issues/tags/shares-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { BarChart, type Bucket } from "../../../components/charts/bar-chart.tsx"
import { DistributionBars, type Share } from "../../../components/charts/distribution-bars.tsx"
import { Csrf } from "../../../components/forms/form.tsx"
import { TimeAgo } from "../../../components/time-ago.tsx"
import type { Shell } from "../../../shell.ts"
import { dayKey, startOfDay } from "../../../times.ts"
import { ActivityList } from "../activity/list.tsx"
import { usersText } from "../impact.ts"
import { tagQuery } from "../lists/tag-query.ts"
import type { EventPageData } from "../load.ts"

const DAY = 86_400_000
const GRAPH_DAYS = 30
const HOUR = 3_600_000
const GRAPH_HOURS = 24

/** The column beside the trace: numbers, shares and what people did. */
export function Facts(props: { data: EventPageData; org: string; shell: Shell }) {
  const { data, org, shell } = props
  const { issue } = data
  return (
    <aside class="issue-facts stack" aria-label="Facts about the issue">
      <Card title={`Last ${GRAPH_DAYS} days`}>
        <BarChart
          buckets={linked(dayBuckets(data.hours, shell.now, shell.zone), DAY, org, issue.id)}
          zone={shell.zone}
          period={`${GRAPH_DAYS} days`}
        />
      </Card>
      <Card title={`Last ${GRAPH_HOURS} hours`}>
        <BarChart
          buckets={linked(hourBuckets(data.hours, shell.now), HOUR, org, issue.id)}
          zone={shell.zone}
          period={`${GRAPH_HOURS} hours`}
        />
      </Card>
      <Card title="Numbers">
        <Numbers issue={issue} shell={shell} />
      </Card>
      {data.shares.map((share) => (
        <ShareCard share={share} issue={issue} org={org} />
      ))}
      <Card title="Activity" actions={<a href={urls.issueActivity(org, issue.id)}>All</a>}>
        <ActivityList entries={data.activity} now={shell.now} zone={shell.zone} />
        <QuickComment org={org} issueId={issue.id} csrf={shell.csrf} />
      </Card>
    </aside>
  )
}

/** The same form as on the activity page, which shows what came of it. */
function QuickComment({ org, issueId, csrf }: { org: string; issueId: string; csrf: string }) {
  return (
    <form class="quick-comment" method="post" action={urls.issueActivity(org, issueId)}>
      <Csrf token={csrf} />
      <input type="hidden" name="action" value="comment" />
      <label class="visually-hidden" for="quick-comment" data-key="c">
        Comment
      </label>
      <textarea
        class="input"
        id="quick-comment"
        name="text"
        rows={2}
        placeholder="Say something… (Markdown)"
        data-draft={`comment-${issueId}`}
      ></textarea>
      <Button size="small">Comment</Button>
    </form>
  )
}

function Numbers({ issue, shell }: { issue: IssueDetail; shell: Shell }) {
  return (
    <dl class="issue-numbers">
      <div>
        <dt>Events, ever</dt>
        <dd>{Number(issue.timesSeen).toLocaleString("en")}</dd>
      </div>
      <div>
        <dt>Users, ever</dt>
        <dd>{usersText(issue.usersSeen).replace(/ users?$/, "")}</dd>
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
  const counts = new Map<string, number>()
  for (const { hour, events } of hours) {
    const day = dayKey(hour, zone)
    counts.set(day, (counts.get(day) ?? 0) + events)
  }
  return Array.from({ length: GRAPH_DAYS }, (_, index) => {
    const at = new Date(now.getTime() - (GRAPH_DAYS - 1 - index) * DAY)
    return { from: startOfDay(at, zone), events: counts.get(dayKey(at, zone)) ?? 0 }
  })
}

/** Clock hours, the present one last. */
export function hourBuckets(hours: readonly { hour: Date; events: number }[], now: Date): Bucket[] {
  const counts = new Map(hours.map(({ hour, events }) => [hour.getTime(), events]))
  const last = Math.floor(now.getTime() / HOUR) * HOUR
  return Array.from({ length: GRAPH_HOURS }, (_, index) => {
    const from = last - (GRAPH_HOURS - 1 - index) * HOUR
    return { from: new Date(from), events: counts.get(from) ?? 0 }
  })
}

/** Bars with events lead to them. */
function linked(buckets: Bucket[], length: number, org: string, issueId: string): Bucket[] {
  return buckets.map((bucket) => {
    if (bucket.events === 0) return bucket
    const end = new Date(bucket.from.getTime() + length)
    const range = { start: bucket.from.toISOString(), end: end.toISOString() }
    return { ...bucket, href: `${urls.issueEvents(org, issueId)}?${new URLSearchParams(range)}` }
  })
}

import type { App } from "#app.ts"
import { listActivity } from "#issues/activity/store.ts"
import {
  findIssueDetail,
  type IssueDetail,
  listIssueDetails,
  listViewerStates,
} from "#issues/detail-store.ts"
import type { IssueRef } from "#issues/issue.ts"
import type { Period } from "#issues/stream/period.ts"
import { issueSeries } from "#issues/stream/series-store.ts"
import { listTagShares } from "#issues/tags/shares-store.ts"
import { urls } from "#urls.ts"
import { publicUrl } from "../answer.ts"
import { type Access, notFound } from "../caller.ts"
import { namedSeries, type Series } from "./requests.ts"
import { type ApiSeries, serializeIssue, serializeIssueDetail } from "./serialize.ts"

const MAX_ACTIVITY = 100
const MAX_TAG_KEYS = 100

/** Issues in the order of `refs`, as lists show them to this caller. */
export async function describeIssues(
  app: Pick<App, "sql" | "config">,
  access: Access,
  refs: readonly IssueRef[],
  series: { of: Series | null; environments: readonly string[]; withInbox?: boolean },
) {
  if (refs.length === 0) return []
  const [details, states, counts] = await Promise.all([
    listIssueDetails(app.sql, access.organizationId, refs),
    access.userId ? listViewerStates(app.sql, refs, access.userId) : null,
    series.of && countsOf(app, refs, series.of.period, series.environments),
  ])
  return refs.flatMap(({ id }) => {
    const issue = details.find((each) => each.id === id)
    if (!issue) return []
    const stats = series.of && { [series.of.key]: points(series.of.period, counts?.get(id)) }
    const permalink = publicUrl(app, urls.issue(access.slug, id))
    return [
      serializeIssue(issue, {
        permalink,
        stats,
        viewer: states?.get(id) ?? null,
        withInbox: series.withInbox ?? false,
      }),
    ]
  })
}

/** One issue with everything about it. */
export async function describeIssue(
  app: Pick<App, "sql" | "config" | "clock">,
  access: Access,
  issue: IssueDetail,
  { withInbox = false } = {},
) {
  const now = app.clock.now()
  const [day, month] = [namedSeries("24h", now), namedSeries("30d", now)]
  const [states, dayCounts, monthCounts, activity, shares] = await Promise.all([
    access.userId ? listViewerStates(app.sql, [issue], access.userId) : null,
    countsOf(app, [issue], day.period, []),
    countsOf(app, [issue], month.period, []),
    listActivity(app.sql, issue, { limit: MAX_ACTIVITY }),
    listTagShares(app.sql, issue, { keyLimit: MAX_TAG_KEYS, top: 1 }),
  ])
  const stats: ApiSeries = {
    [day.key]: points(day.period, dayCounts.get(issue.id)),
    [month.key]: points(month.period, monthCounts.get(issue.id)),
  }
  return serializeIssueDetail(issue, {
    permalink: publicUrl(app, urls.issue(access.slug, issue.id)),
    stats,
    viewer: states?.get(issue.id) ?? null,
    withInbox,
    activity,
    tags: shares.map(({ key, events }) => ({ key, totalValues: Number(events) })),
  })
}

/** Throws not_found: no such issue in this organization. */
export async function getIssue(
  app: Pick<App, "sql">,
  access: Access,
  idOrShortId: string,
): Promise<IssueDetail> {
  const found = await findIssueDetail(app.sql, access.organizationId, idOrShortId)
  if (!found) throw notFound()
  return found.issue
}

function countsOf(
  app: Pick<App, "sql">,
  issues: readonly IssueRef[],
  period: Period,
  environments: readonly string[],
) {
  const projectIds = [...new Set(issues.map(({ projectId }) => projectId))]
  return issueSeries(app.sql, { projectIds, environments, period }, issues)
}

/** An issue without events in the window still has its zeros. */
function points(period: Period, counts: readonly number[] = []): [number, number][] {
  return period.starts.map((start, index) => [start.getTime() / 1000, counts[index] ?? 0])
}

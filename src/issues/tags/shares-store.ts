import { SDK_KEY } from "#normalize/event-tags.ts"
import type { Db } from "#platform/db.ts"
import type { IssueRef } from "../issue.ts"

/** How one tag's values are spread over an issue's events. Shares are of ALL events of the issue, not only tagged ones. */
export type TagShare = {
  key: string
  /** Events that carry this key. */
  events: string
  distinctValues: number
  /** Events whose value is beyond the 500 kept ones. */
  otherEvents: string
  values: TagValue[]
}

type TagValue = { value: string; events: string; firstSeen: Date; lastSeen: Date }

/** The most used keys first; of each its `top` most frequent values. `keys` narrows to some. */
export async function listTagShares(
  db: Db,
  issue: IssueRef,
  page: { keyLimit: number; top: number; keys?: readonly string[] },
): Promise<TagShare[]> {
  const rows = await db<(Omit<TagShare, "values"> & TagValue & { valueEvents: string })[]>`
    select k.key, k.events, k.distinct_values, k.other_events, v.value, v.events as value_events, v.first_seen, v.last_seen
    from (
      select key, events, distinct_values, other_events from issue_tag_keys
      where project_id = ${issue.projectId} and issue_id = ${issue.id}
        ${page.keys ? db`and key = any(${[...page.keys]}::text[])` : db`and key <> ${SDK_KEY}`}
      order by events desc, key limit ${page.keyLimit}
    ) k
    cross join lateral (
      select value, events, first_seen, last_seen from issue_tag_values v
      where v.project_id = ${issue.projectId} and v.issue_id = ${issue.id} and v.key = k.key
      order by events desc, value limit ${page.top}
    ) v
    order by k.events desc, k.key, v.events desc, v.value`
  const shares = new Map<string, TagShare>()
  for (const { value, valueEvents, firstSeen, lastSeen, ...share } of rows) {
    const known = shares.get(share.key) ?? { ...share, values: [] }
    known.values.push({ value, events: valueEvents, firstSeen, lastSeen })
    shares.set(share.key, known)
  }
  return [...shares.values()]
}

/** The keys that most of the issue's events carry. */
export async function listTagKeys(db: Db, issue: IssueRef, limit: number): Promise<string[]> {
  const rows = await db<{ key: string }[]>`
    select key from issue_tag_keys
    where project_id = ${issue.projectId} and issue_id = ${issue.id} and key <> ${SDK_KEY}
    order by events desc, key limit ${limit}`
  return rows.map(({ key }) => key)
}

/** Events of one issue by UTC hour, oldest first; `environmentIds` empty means all. */
export function listIssueHours(
  db: Db,
  issue: IssueRef,
  range: { from: Date; to: Date; environmentIds?: readonly string[] },
) {
  const environments = range.environmentIds ?? []
  return db<{ hour: Date; events: number }[]>`
    select hour, sum(events)::int as events from issue_hours
    where project_id = ${issue.projectId} and issue_id = ${issue.id}
      and hour >= ${range.from} and hour < ${range.to}
      ${environments.length > 0 ? db`and environment_id = any(${[...environments]}::bigint[])` : db``}
    group by hour order by hour`
}

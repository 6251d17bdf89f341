import type { Fragment } from "postgres"
import type { Db } from "#platform/db.ts"
import { levelName, priorityName, STATUS, type Substatus, statusName } from "./issue.ts"
import type { Condition } from "./search/condition.ts"
import type { Sort, StreamIssue, StreamScope } from "./stream.ts"
import { conditionSql } from "./stream-condition-store.ts"

/** Counting goes on this far; past it a page says "10k+". */
export const MAX_HITS = 10_000

export type Position = { key: string; id: string; direction: "next" | "previous" }
export type PagedIssue = StreamIssue & { sortKey: string }

type Order = { key: (db: Db) => Fragment; type: (db: Db) => Fragment }

/** Every order is descending and ends with the id; a key is text so that it keeps its microseconds. */
const ORDERS: Record<Sort, Order> = {
  date: { key: (db) => db`i.last_seen`, type: (db) => db`timestamptz` },
  new: { key: (db) => db`i.first_seen`, type: (db) => db`timestamptz` },
  freq: { key: (db) => db`coalesce(f.events, 0)`, type: (db) => db`bigint` },
  user: { key: (db) => db`i.users_seen`, type: (db) => db`int` },
  // Within one priority the last seen first: twelve digits hold the seconds of any date.
  priority: {
    key: (db) => db`(i.priority * 1e12 + extract(epoch from i.last_seen))`,
    type: (db) => db`numeric`,
  },
}

/**
 * One page of the issues that meet a condition and were seen in the scope's window and environments. Served by
 * issues_organization_id_status_last_seen_idx (date) and …_first_seen_idx (new); other orders sort what matches.
 */
export async function listStream(
  db: Db,
  scope: StreamScope,
  page: { condition: Condition; sort: Sort; position: Position | null; limit: number },
): Promise<PagedIssue[]> {
  const { key, type } = ORDERS[page.sort]
  const { position } = page
  const isBack = position?.direction === "previous"
  const direction = isBack ? db`asc` : db`desc`
  const after = position
    ? db`and (${key(db)}, i.id) ${isBack ? db`>` : db`<`} (${position.key}::text::${type(db)}, ${position.id}::bigint)`
    : db``
  const rows = await db<IssueRow[]>`
    with page as materialized (
      select i.project_id, i.id, (${key(db)})::text as sort_key,
        row_number() over (order by ${key(db)} ${direction}, i.id ${direction}) as place
      from issues i ${page.sort === "freq" ? frequencySql(db, scope) : db``}
      where ${scopeSql(db, scope)} and ${conditionSql(db, page.condition, scope)} ${after}
      order by ${key(db)} ${direction}, i.id ${direction}
      limit ${page.limit}
    )
    select i.id, i.project_id, p.slug as project_slug, i.short_id, i.status, i.substatus, i.type, i.level,
      i.platform, i.title, i.culprit, i.metadata, i.priority, i.is_unhandled, i.times_seen, i.users_seen,
      i.first_seen, i.last_seen, i.comment_count, r.version as release, page.sort_key,
      i.assignee_user_id, coalesce(nullif(u.name, ''), u.email) as user_name,
      i.assignee_team_id, t.slug as team_slug, b.user_id is not null as is_bookmarked
    from page
    join issues i on i.project_id = page.project_id and i.id = page.id
    join projects p on p.id = i.project_id
    left join releases r on r.id = i.last_release_id
    left join users u on u.id = i.assignee_user_id
    left join teams t on t.id = i.assignee_team_id
    left join issue_bookmarks b
      on b.project_id = i.project_id and b.issue_id = i.id and b.user_id = ${scope.viewerId}::bigint
    order by page.place`
  const issues = rows.map(issueOf)
  return isBack ? issues.reverse() : issues
}

/** How many issues meet a condition; MAX_HITS + 1 means more than that. */
export async function countStream(
  db: Db,
  scope: StreamScope,
  condition: Condition,
): Promise<number> {
  const [row] = await db<{ hits: number }[]>`
    select count(*)::int as hits from (
      select from issues i
      where ${scopeSql(db, scope)} and ${conditionSql(db, condition, scope)}
      limit ${MAX_HITS + 1}
    ) as found`
  return row?.hits ?? 0
}

/** The issues of a list of ids that are in the scope's projects: what a form ticked. */
export function listStreamRefs(
  db: Db,
  scope: Pick<StreamScope, "organizationId" | "projectIds">,
  issueIds: readonly string[],
) {
  return db<{ projectId: string; id: string }[]>`
    select i.project_id, i.id from issues i
    where i.organization_id = ${scope.organizationId} and i.project_id = any(${[...scope.projectIds]}::bigint[])
      and i.id = any(${[...issueIds]}::bigint[]) and i.status <= ${STATUS.archived}
    order by i.project_id, i.id`
}

/** What a query-wide action means: the issues that match and already existed at that moment, the oldest ids first. */
export function listMatchingRefs(
  db: Db,
  scope: StreamScope,
  condition: Condition,
  options: { createdBefore: Date; limit: number },
) {
  return db<{ projectId: string; id: string }[]>`
    select i.project_id, i.id from issues i
    where ${scopeSql(db, scope)} and ${conditionSql(db, condition, scope)}
      and i.created_at <= ${options.createdBefore}
    order by i.project_id, i.id
    limit ${options.limit}`
}

function scopeSql(db: Db, scope: StreamScope): Fragment {
  return db`i.organization_id = ${scope.organizationId}
    and i.project_id = any(${[...scope.projectIds]}::bigint[])
    and i.status <= ${STATUS.archived} and i.last_seen >= ${windowStart(scope)}
    ${scope.period.isClosed ? db`and i.first_seen <= ${scope.period.to}` : db``}
    ${scope.environments.length > 0 ? db`and ${environmentSql(db, scope)}` : db``}`
}

/** The environment's tag tells when an issue was last seen there; "" are events that carry no such tag. */
function environmentSql(db: Db, scope: StreamScope): Fragment {
  const named = db`(i.project_id, i.id) in (select v.project_id, v.issue_id from issue_tag_values v
    where v.project_id = any(${[...scope.projectIds]}::bigint[]) and v.key = 'environment'
      and v.value = any(${[...scope.environments]}::text[]) and v.last_seen >= ${windowStart(scope)} offset 0)`
  if (!scope.environments.includes("")) return named
  return db`(${named} or i.times_seen > coalesce((select k.events from issue_tag_keys k
    where k.project_id = i.project_id and k.issue_id = i.id and k.key = 'environment'), 0))`
}

/** Events of the window per issue, for the order by frequency. */
function frequencySql(db: Db, scope: StreamScope): Fragment {
  const projectIds = [...scope.projectIds]
  return db`left join (
    select h.project_id, h.issue_id, sum(h.events) as events from issue_hours h
    where h.project_id = any(${projectIds}::bigint[]) and h.hour >= ${windowStart(scope)} ${inEnvironmentsSql(db, scope)}
    group by h.project_id, h.issue_id
  ) f on f.project_id = i.project_id and f.issue_id = i.id`
}

/** Narrows `issue_hours h` to the scope's environments. */
export function inEnvironmentsSql(
  db: Db,
  scope: Pick<StreamScope, "projectIds" | "environments">,
): Fragment {
  if (scope.environments.length === 0) return db``
  return db`and h.environment_id in (select e.id from environments e
    where e.project_id = any(${[...scope.projectIds]}::bigint[]) and e.name = any(${[...scope.environments]}::text[]))`
}

function windowStart({ period }: Pick<StreamScope, "period">): Date {
  return period.starts[0] ?? period.to
}

type IssueRow = {
  id: string
  projectId: string
  projectSlug: string
  shortId: string
  status: number
  substatus: Substatus | null
  type: string
  level: number
  platform: string | null
  title: string
  culprit: string
  metadata: StreamIssue["metadata"]
  priority: number
  isUnhandled: boolean
  timesSeen: string
  usersSeen: number
  firstSeen: Date
  lastSeen: Date
  commentCount: number
  release: string | null
  sortKey: string
  assigneeUserId: string | null
  userName: string | null
  assigneeTeamId: string | null
  teamSlug: string | null
  isBookmarked: boolean
}

function issueOf(row: IssueRow): PagedIssue {
  const { assigneeUserId, userName, assigneeTeamId, teamSlug, ...issue } = row
  return {
    ...issue,
    status: statusName(row.status),
    level: levelName(row.level),
    priority: priorityName(row.priority),
    timesSeen: Number(row.timesSeen),
    assignee: assigneeUserId
      ? { kind: "user", id: assigneeUserId, name: userName ?? "" }
      : assigneeTeamId
        ? { kind: "team", id: assigneeTeamId, name: `#${teamSlug ?? ""}` }
        : null,
  }
}

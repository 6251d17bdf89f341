import type { Fragment } from "postgres"
import type { Db } from "#platform/db.ts"
import { levelName, priorityName, STATUS, type Substatus, statusName } from "../issue.ts"
import type { Condition } from "../search/condition.ts"
import { conditionSql } from "./condition-store.ts"
import {
  environmentSql,
  inEnvironmentsSql,
  scopeSql,
  windowSql,
  windowStart,
} from "./scope-store.ts"
import type { Sort, StreamIssue, StreamScope } from "./stream.ts"

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
  // Within one priority the last seen first, to a hundredth of a second: twelve digits hold the seconds of any date.
  priority: {
    key: (db) => db`(i.priority * 1e12::float8 + date_part('epoch', i.last_seen))`,
    type: (db) => db`float8`,
  },
}

type PageRequest = { condition: Condition; sort: Sort; position: Position | null; limit: number }

/**
 * One page of the issues that meet a condition and were seen in the scope's window and environments. Served by
 * issues_organization_id_status_last_seen_idx (date) and …_first_seen_idx (new); other orders sort what matches.
 */
export async function listStream(
  db: Db,
  scope: StreamScope,
  page: PageRequest,
): Promise<PagedIssue[]> {
  const rows = (await listBusiest(db, scope, page)) ?? (await listAll(db, scope, page))
  const issues = rows.map(issueOf)
  return page.position?.direction === "previous" ? issues.reverse() : issues
}

function listAll(db: Db, scope: StreamScope, page: PageRequest) {
  const { condition, sort } = page
  const isFrequency = sort === "freq"
  return db<IssueRow[]>`
    with page as materialized (
      select i.project_id, i.id, ${ORDERS[sort].key(db)} as key
      from issues i ${isFrequency ? frequencySql(db, scope) : db``}
      where ${windowSql(db, scope)} and ${isFrequency ? db`true` : environmentSql(db, scope, page.sort)}
        and ${conditionSql(db, condition, scope)} ${pageSql(db, page)}
    )
    select ${columnsSql(db, scope)} order by ${placeSql(db, page, db`page`)}`
}

/** So many of the busiest issues for each one on the page. */
const WALKED_PER_ROW = 4
const MAX_WALKED = 120

/**
 * The page by frequency from the issues with the most events ever, which bound the events of any window: as long as the last row
 * of the page has more than the last one looked at, no other issue belongs on it. One probe an issue instead of every hour of the
 * window for everybody. null: not the case, or not worth a try: a long page, a day, whose hours are few, or some environments,
 * of which the events ever tell little.
 */
async function listBusiest(
  db: Db,
  scope: StreamScope,
  page: PageRequest,
): Promise<IssueRow[] | null> {
  const walked = page.limit * WALKED_PER_ROW
  const isShort = scope.period.name === "24h" || scope.environments.length > 0
  if (page.sort !== "freq" || isShort || walked > MAX_WALKED) return null
  if (page.position?.direction === "previous") return null
  const rows = await db<(IssueRow & { leastEver: string })[]>`
    with busiest as materialized (
      select i.project_id, i.id, i.times_seen from issues i
      where ${windowSql(db, scope)} and ${conditionSql(db, page.condition, scope)}
      order by i.times_seen desc, i.id desc
      limit ${walked}
    ), page as materialized (
      select i.project_id, i.id, f.events as key
      from busiest i cross join lateral (
        select coalesce(sum(h.events), 0) as events from issue_hours h
        where h.project_id = i.project_id and h.issue_id = i.id
          and h.hour >= ${windowStart(scope)}
      ) f
      where true ${pageSql(db, page)}
    )
    select ${columnsSql(
      db,
      scope,
      db`(select case when count(*) = ${walked} then min(times_seen) else -1 end from busiest) as least_ever,`,
    )}
    order by ${placeSql(db, page, db`page`)}`
  const last = rows.at(-1)
  if (!last) return null
  const isWhole = last.leastEver === "-1"
  const isBounded = rows.length === page.limit && Number(last.sortKey) > Number(last.leastEver)
  return isWhole || isBounded ? rows.map(({ leastEver: _, ...row }) => row) : null
}

/** What follows the position, in the page's order. */
function pageSql(db: Db, page: PageRequest): Fragment {
  const { key, type } = ORDERS[page.sort]
  const { position } = page
  const after = position
    ? db`and (${key(db)}, i.id) ${position.direction === "previous" ? db`>` : db`<`}
        (${position.key}::text::${type(db)}, ${position.id}::bigint)`
    : db``
  return db`${after} order by ${placeSql(db, page, db`i`)} limit ${page.limit}`
}

function placeSql(db: Db, { position }: PageRequest, of: Fragment): Fragment {
  const direction = position?.direction === "previous" ? db`asc` : db`desc`
  return db`key ${direction}, ${of}.id ${direction}`
}

/** An issue as lists show it, from the CTE `page`; `more` are columns in front. */
function columnsSql(db: Db, scope: StreamScope, more: Fragment = db``): Fragment {
  return db`${more} i.id, i.project_id, p.slug as project_slug, i.short_id, i.status, i.substatus, i.type, i.level,
      i.platform, i.title, i.culprit, i.metadata, i.priority, i.is_unhandled, i.times_seen, i.users_seen,
      i.first_seen, i.last_seen, i.returned_at, i.comment_count, r.version as release, page.key::text as sort_key,
      i.assignee_user_id, coalesce(nullif(u.name, ''), u.email) as user_name,
      i.assignee_team_id, t.slug as team_slug, b.user_id is not null as is_bookmarked
    from page
    join issues i on i.project_id = page.project_id and i.id = page.id
    join projects p on p.id = i.project_id
    left join releases r on r.id = i.last_release_id
    left join users u on u.id = i.assignee_user_id
    left join teams t on t.id = i.assignee_team_id
    left join issue_bookmarks b
      on b.project_id = i.project_id and b.issue_id = i.id and b.user_id = ${scope.viewerId}::bigint`
}

/** How many issues meet a condition; one above `most` means more than that. */
export async function countStream(
  db: Db,
  scope: StreamScope,
  condition: Condition,
  most = MAX_HITS,
): Promise<number> {
  const [row] = await db<{ hits: number }[]>`
    select count(*)::int as hits from (
      select from issues i
      where ${scopeSql(db, scope)} and ${conditionSql(db, condition, scope)}
      limit ${most + 1}
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

/** Events of the window per issue. With environments picked only those that have some there, which spares asking the tags. */
function frequencySql(db: Db, scope: StreamScope): Fragment {
  return db`${scope.environments.length > 0 ? db`` : db`left`} join (
    select h.issue_id, sum(h.events) as events from issue_hours h
    where h.project_id = any(${[...scope.projectIds]}::bigint[]) and h.hour >= ${windowStart(scope)}
      ${inEnvironmentsSql(db, scope)}
    group by h.issue_id
  ) f on f.issue_id = i.id`
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
  returnedAt: Date | null
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

import type { Fragment } from "postgres"
import type { Db } from "#platform/db.ts"
import { STATUS } from "../issue.ts"
import type { Assignee, Condition, Match, Person, TextColumn } from "../search/condition.ts"
import { escapeLike } from "../search/values.ts"

/** What conditions refer to beside themselves. */
type Context = { organizationId: string; projectIds: readonly string[]; viewerId: string | null }

type Writer<Kind extends Condition["kind"]> = (
  db: Db,
  condition: Extract<Condition, { kind: Kind }>,
  context: Context,
) => Fragment

const OPERATORS = {
  "=": (db: Db) => db`=`,
  ">": (db: Db) => db`>`,
  ">=": (db: Db) => db`>=`,
  "<": (db: Db) => db`<`,
  "<=": (db: Db) => db`<=`,
}

/** One predicate over `issues i` for each kind of condition; values travel as parameters only. */
const writers: { [Kind in Condition["kind"]]: Writer<Kind> } = {
  and: (db, { of }, context) => joined(db, of, context, db`and`, db`true`),
  or: (db, { of }, context) => joined(db, of, context, db`or`, db`false`),
  // "is not true" also holds for what is null; whether an issue has a tag is never null, and "not" alone is cheaper.
  not: (db, { of }, context) =>
    of.kind === "tag"
      ? db`not ${conditionSql(db, of, context)}`
      : db`(${conditionSql(db, of, context)}) is not true`,
  never: (db) => db`false`,
  status: (db, { status }) => db`i.status = ${STATUS[status]}`,
  substatus: (db, { substatus }) => substatusSql(db, substatus),
  forReview: (db) =>
    db`(i.status = ${STATUS.unresolved} and (i.substatus <> 'ongoing' or i.returned_at is not null))`,
  isAssigned: (db) => db`(i.assignee_user_id is not null or i.assignee_team_id is not null)`,
  assignee: (db, { who }, context) => assigneeSql(db, who, context),
  bookmarked: (db, { by }, context) => db`exists (select from issue_bookmarks b
    where b.project_id = i.project_id and b.issue_id = i.id and b.user_id = ${personSql(db, by, context)})`,
  subscribed: (db, { by }, context) => db`exists (select from issue_subscriptions s
    where s.project_id = i.project_id and s.issue_id = i.id and s.is_active
      and s.user_id = ${personSql(db, by, context)})`,
  level: (db, { level }) => db`i.level = ${level}`,
  priority: (db, { priority }) => db`i.priority = ${priority}`,
  unhandled: (db) => db`i.is_unhandled`,
  text: (db, { text }, context) => searchTextSql(db, { like: `%${escapeLike(text)}%` }, context),
  column: (db, { column, match }, context) =>
    column === "searchText"
      ? searchTextSql(db, match, context)
      : db`${COLUMNS[column](db)} ${matchSql(db, match)}`,
  tag: (db, { key, match }, context) => tagSql(db, key, match, context),
  latestRelease: (db, _, context) => db`(i.project_id, i.id) in (select v.project_id, v.issue_id
    from ${latestReleasesSql(db, context)} join issue_tag_values v
      on v.project_id = latest.project_id and v.key = 'release' and v.value = latest.version offset 0)`,
  firstRelease: (
    db,
    { match },
    { organizationId },
  ) => db`i.first_release_id in (select r.id from releases r
    where r.organization_id = ${organizationId} and r.version ${matchSql(db, match)})`,
  latestFirstRelease: (db, _, context) => db`(i.project_id, i.first_release_id) in (
    select latest.project_id, latest.id from ${latestReleasesSql(db, context)} offset 0)`,
  time: (db, condition) => timeSql(db, condition),
  timesSeen: (db, { operator, count }) => db`i.times_seen ${OPERATORS[operator](db)} ${count}`,
  project: (db, { slug }, { organizationId }) => db`i.project_id = (select p.id from projects p
    where p.organization_id = ${organizationId} and p.slug = ${slug})`,
  projectId: (db, { id }) => db`i.project_id = ${id}`,
  issueId: (db, { id }) => db`i.id = ${id}`,
  shortId: (db, { projectSlug, number }, { organizationId }) => db`(i.short_id = ${number}
    and i.project_id = (select p.id from projects p
      where p.organization_id = ${organizationId} and p.slug = ${projectSlug}))`,
  eventId: (
    db,
    { id },
    { projectIds },
  ) => db`(i.project_id, i.id) in (select e.project_id, e.issue_id from events e
    where e.project_id = any(${[...projectIds]}::bigint[]) and e.event_id = ${id}::uuid)`,
}

/** The predicate over `issues i` that a condition stands for. */
export function conditionSql(db: Db, condition: Condition, context: Context): Fragment {
  const write = writers[condition.kind] as Writer<Condition["kind"]>
  return write(db, condition as never, context)
}

function joined(
  db: Db,
  conditions: readonly Condition[],
  context: Context,
  operator: Fragment,
  none: Fragment,
): Fragment {
  const [first, ...rest] = conditions.map((condition) => conditionSql(db, condition, context))
  if (!first) return none
  return db`(${rest.reduce((before, part) => db`${before} ${operator} ${part}`, first)})`
}

/** Equality is exact, as a tag's value is; a pattern ignores case. */
function matchSql(db: Db, match: Match): Fragment {
  if ("oneOf" in match) return db`= any(${match.oneOf}::text[])`
  return "equals" in match ? db`= ${match.equals}` : db`ilike ${match.like}`
}

const COLUMNS: Record<Exclude<TextColumn, "searchText">, (db: Db) => Fragment> = {
  title: (db) => db`i.title`,
  culprit: (db) => db`i.culprit`,
  platform: (db) => db`i.platform`,
  logger: (db) => db`i.logger`,
  type: (db) => db`i.type`,
  errorType: (db) => db`i.metadata->>'type'`,
  errorValue: (db) => db`i.metadata->>'value'`,
}

/** Served by issue_texts_search_text_idx; not tied to the row outside, so that it is read once within an OR as well. */
function searchTextSql(db: Db, match: Match, { projectIds }: Context): Fragment {
  return db`(i.project_id, i.id) in (select t.project_id, t.issue_id from issue_texts t
    where t.project_id = any(${[...projectIds]}::bigint[]) and t.search_text ${matchSql(db, match)} offset 0)`
}

/** The status is implied by the substatus; saying it lets the status index serve. */
function substatusSql(db: Db, substatus: string): Fragment {
  const status = substatus.startsWith("archived") ? STATUS.archived : STATUS.unresolved
  return db`(i.status = ${status} and i.substatus = ${substatus})`
}

/**
 * The issues with a tag, read once through issue_tag_values_key_value_idx. `offset 0` keeps it a list of its own: as a join the
 * planner hopes that the newest issues have the tag and probes every issue when they have not (120 ms of 10,000).
 */
function tagSql(db: Db, key: string, match: Match | null, { projectIds }: Context): Fragment {
  const projects = db`any(${[...projectIds]}::bigint[])`
  if (!match) {
    return db`(i.project_id, i.id) in (select k.project_id, k.issue_id from issue_tag_keys k
      where k.project_id = ${projects} and k.key = ${key} offset 0)`
  }
  return db`(i.project_id, i.id) in (select v.project_id, v.issue_id from issue_tag_values v
    where v.project_id = ${projects} and v.key = ${key} and v.value ${matchSql(db, match)} offset 0)`
}

function assigneeSql(db: Db, who: Assignee, context: Context): Fragment {
  if (who.kind === "nobody") {
    return db`(i.assignee_user_id is null and i.assignee_team_id is null)`
  }
  if (who.kind === "team") {
    return db`i.assignee_team_id = (select t.id from teams t
      where t.organization_id = ${context.organizationId} and t.slug = ${who.slug})`
  }
  if (who.kind === "viewerTeams") {
    return db`i.assignee_team_id in (select tm.team_id from team_members tm
      join org_members m on m.id = tm.member_id
      where m.organization_id = ${context.organizationId} and m.user_id = ${context.viewerId}::bigint)`
  }
  return db`i.assignee_user_id = ${personSql(db, who, context)}`
}

function personSql(db: Db, person: Person, { organizationId, viewerId }: Context): Fragment {
  if (person.kind === "viewer") return db`${viewerId}::bigint`
  return db`(select u.id from users u join org_members m on m.user_id = u.id
    where m.organization_id = ${organizationId} and u.email = ${person.email})`
}

/** `latest`: of each project the release that came out last, looked up once a project. */
function latestReleasesSql(db: Db, { projectIds }: Context): Fragment {
  return db`(select p.id as project_id, r.id, r.version
    from unnest(${[...projectIds]}::bigint[]) as p (id)
    cross join lateral (
      select r.id, r.version from release_projects rp join releases r on r.id = rp.release_id
      where rp.project_id = p.id
      order by r.came_at desc, r.id desc limit 1
    ) r) as latest`
}

function timeSql(db: Db, { column, from, to }: Extract<Condition, { kind: "time" }>): Fragment {
  const name = column === "firstSeen" ? db`i.first_seen` : db`i.last_seen`
  return db`(${from ? db`${name} >= ${from}` : db`true`} and ${to ? db`${name} < ${to}` : db`true`})`
}

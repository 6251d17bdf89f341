import type { Db, Tx } from "#platform/db.ts"
import { plainArray } from "#platform/plain-array.ts"
import { STATUS } from "../issue.ts"
import { MAX_USERS_COUNTED } from "../occurrences/occurrence.ts"
import { insertTagDeltas } from "../tags/fold-store.ts"

/** An event that became another issue's. Times are milliseconds since 1970. */
export type MovedEvent = {
  projectId: string
  from: string
  into: string
  environmentId: string
  receivedAt: number
  receivedDay: string
  occurredAt: number
  releaseId: string | null
  userHash: string | null
  tags: readonly (readonly [key: string, value: string])[]
}

const HOUR_MS = 3_600_000

/** Locks issues in the order of their keys; answers with the ids of those that take events. */
export async function lockMovable(
  tx: Tx,
  projectId: string,
  issueIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx<{ id: string }[]>`
    select id from issues
    where project_id = ${projectId} and id = any(${[...issueIds]}::bigint[]) and status not in (${STATUS.deleting}, ${STATUS.merging})
    order by id for no key update`
  return new Set(rows.map(({ id }) => id))
}

/** Those of the issues, or of all of the project, that take events; not locked. */
export async function listStaying(
  db: Db,
  projectId: string,
  issueIds: readonly string[] | "all",
): Promise<Set<string>> {
  const rows = await db<{ id: string }[]>`
    select id from issues
    where project_id = ${projectId} and status not in (${STATUS.deleting}, ${STATUS.merging})
      ${issueIds === "all" ? db`` : db`and id = any(${[...issueIds]}::bigint[])`}`
  return new Set(rows.map(({ id }) => id))
}

/** Takes the events from the counts of their issues and adds them to others', which are locked. */
export async function recordMoves(tx: Tx, moves: readonly MovedEvent[]): Promise<void> {
  if (moves.length === 0) return
  const [{ projectId } = { projectId: "" }] = moves
  const users = await addUsers(tx, projectId, moves)
  await moveHours(tx, projectId, moves)
  await moveCounters(tx, projectId, moves, users)
  await insertTagDeltas(
    tx,
    moves.map((move) => tagged(move, move.from, -1)),
  )
  await insertTagDeltas(
    tx,
    moves.map((move) => tagged(move, move.into)),
  )
}

function tagged({ projectId, occurredAt, tags }: MovedEvent, issueId: string, weight?: -1) {
  return { projectId, issueId, occurredAt, tags, ...(weight && { weight }) }
}

async function addUsers(tx: Tx, projectId: string, moves: readonly MovedEvent[]) {
  const hit = moves.filter(({ userHash }) => userHash !== null)
  const rows = await tx<{ issueId: string; users: number }[]>`
    with added as (
      insert into issue_users (project_id, issue_id, user_hash)
      select distinct ${projectId}::bigint, issue_id, user_hash
      from unnest(
        ${plainArray(hit.map(({ into }) => into))}::bigint[],
        ${plainArray(hit.map(({ userHash }) => userHash))}::bigint[]) as hit (issue_id, user_hash)
      order by issue_id, user_hash
      on conflict do nothing
      returning issue_id)
    select issue_id, count(*)::int as users from added group by issue_id`
  return new Map(rows.map(({ issueId, users }) => [issueId, users]))
}

async function moveHours(tx: Tx, projectId: string, moves: readonly MovedEvent[]): Promise<void> {
  const counts = new Map<string, number>()
  const add = (issueId: string, { environmentId, receivedAt }: MovedEvent, events: number) => {
    const hour = Math.floor(receivedAt / HOUR_MS) * HOUR_MS
    const key = `${issueId}/${environmentId}/${hour}`
    counts.set(key, (counts.get(key) ?? 0) + events)
  }
  for (const move of moves) {
    add(move.from, move, -1)
    add(move.into, move, 1)
  }
  const rows = [...counts].map(([key, events]) => {
    const [issueId = "", environmentId = "", hour = ""] = key.split("/")
    return { issueId, environmentId, hour: new Date(Number(hour)).toISOString(), events }
  })
  await tx`
    insert into issue_hours as total (project_id, issue_id, environment_id, hour, events)
    select ${projectId}, issue_id, environment_id, hour, events
    from unnest(
      ${plainArray(rows.map((row) => row.issueId))}::bigint[],
      ${plainArray(rows.map((row) => row.environmentId))}::bigint[],
      ${plainArray(rows.map((row) => row.hour))}::timestamptz[],
      ${plainArray(rows.map((row) => row.events))}::int[]
    ) as counted (issue_id, environment_id, hour, events)
    order by issue_id, environment_id, hour
    on conflict (project_id, issue_id, environment_id, hour)
    do update set events = total.events + excluded.events`
}

type Counts = { added: number; taken: number; moves: MovedEvent[] }

async function moveCounters(
  tx: Tx,
  projectId: string,
  moves: readonly MovedEvent[],
  users: Map<string, number>,
): Promise<void> {
  const counts = new Map<string, Counts>()
  const of = (id: string) =>
    counts.getOrInsertComputed(id, () => ({ added: 0, taken: 0, moves: [] }))
  for (const move of moves) {
    of(move.from).taken++
    const into = of(move.into)
    into.added++
    into.moves.push(move)
  }
  const rows = [...counts].map(([id, each]) => ({ id, ...each, ...boundsOf(each.moves) }))
  await tx`
    update issues i set
      times_seen = greatest(0, i.times_seen + moved.events),
      users_seen = least(${MAX_USERS_COUNTED}, i.users_seen + moved.users),
      first_seen = least(i.first_seen, moved.first_seen),
      last_seen = greatest(i.last_seen, moved.last_seen),
      first_received_day = least(i.first_received_day, moved.first_day),
      last_received_day = greatest(i.last_received_day, moved.last_day),
      first_release_id = coalesce(i.first_release_id, moved.first_release_id),
      last_release_id = coalesce(moved.last_release_id, i.last_release_id)
    from unnest(
      ${plainArray(rows.map((row) => row.id))}::bigint[],
      ${plainArray(rows.map((row) => row.added - row.taken))}::int[],
      ${plainArray(rows.map((row) => users.get(row.id) ?? 0))}::int[],
      ${rows.map((row) => row.firstSeen)}::timestamptz[],
      ${rows.map((row) => row.lastSeen)}::timestamptz[],
      ${rows.map((row) => row.firstDay)}::date[],
      ${rows.map((row) => row.lastDay)}::date[],
      ${rows.map((row) => row.firstRelease)}::bigint[],
      ${rows.map((row) => row.lastRelease)}::bigint[]
    ) as moved (id, events, users, first_seen, last_seen, first_day, last_day, first_release_id, last_release_id)
    where i.project_id = ${projectId} and i.id = moved.id`
}

/** Of the events that an issue got; null where it got none. */
function boundsOf(moves: readonly MovedEvent[]) {
  const times = moves.map(({ occurredAt }) => occurredAt)
  const days = moves.map(({ receivedDay }) => receivedDay).sort()
  const released = moves.filter(({ releaseId }) => releaseId !== null)
  const byTime = released.toSorted((a, b) => a.receivedAt - b.receivedAt)
  return {
    firstSeen: moves.length > 0 ? new Date(Math.min(...times)).toISOString() : null,
    lastSeen: moves.length > 0 ? new Date(Math.max(...times)).toISOString() : null,
    firstDay: days[0] ?? null,
    lastDay: days.at(-1) ?? null,
    firstRelease: byTime[0]?.releaseId ?? null,
    lastRelease: byTime.at(-1)?.releaseId ?? null,
  }
}

/**
 * What an issue that lost events cannot know by subtracting: who of its users is left, and since when and until when it was seen.
 * Events that retention took are not asked: with them the first time stays as it is.
 */
export async function updateAfterLoss(db: Tx, projectId: string, issueId: string): Promise<void> {
  await db`
    select from issues where project_id = ${projectId} and id = ${issueId} for no key update`
  await db`
    delete from issue_hours where project_id = ${projectId} and issue_id = ${issueId} and events <= 0`
  await db`
    with stored as (
      select count(*) as n, min(e.occurred_at) as first_seen, max(e.occurred_at) as last_seen,
        min(e.received_day) as first_day, max(e.received_day) as last_day
      from events e join issues i on i.project_id = e.project_id and i.id = e.issue_id
      where i.project_id = ${projectId} and i.id = ${issueId}
        and e.received_day between i.first_received_day and i.last_received_day)
    update issues i set
      first_seen = case when stored.n >= i.times_seen then stored.first_seen else i.first_seen end,
      last_seen = stored.last_seen,
      first_received_day = case when stored.n >= i.times_seen then stored.first_day else i.first_received_day end,
      last_received_day = stored.last_day
    from stored
    where i.project_id = ${projectId} and i.id = ${issueId} and stored.n > 0`
  await db`
    with gone as (
      delete from issue_users u
      where u.project_id = ${projectId} and u.issue_id = ${issueId}
        and not exists (
          select from events e
          join issues i on i.project_id = ${projectId} and i.id = ${issueId}
          where e.project_id = ${projectId} and e.issue_id = ${issueId} and e.user_hash = u.user_hash
            and e.received_day between i.first_received_day and i.last_received_day)
        and exists (
          select from issues i where i.project_id = ${projectId} and i.id = ${issueId}
            and i.times_seen <= (
              select count(*) from events e where e.project_id = ${projectId} and e.issue_id = ${issueId}
                and e.received_day between i.first_received_day and i.last_received_day))
      returning 1)
    update issues i set users_seen = greatest(0, i.users_seen - (select count(*)::int from gone))
    where i.project_id = ${projectId} and i.id = ${issueId}`
}

/** Title, place and search text as an event of the issue has them. */
export async function updateIssueName(
  tx: Tx,
  { projectId, id }: { projectId: string; id: string },
  name: { title: string; culprit: string; metadata: Record<string, unknown>; searchText: string },
): Promise<void> {
  await tx`
    update issues set title = ${name.title}, culprit = ${name.culprit}, metadata = ${tx.json(name.metadata as never)}
    where project_id = ${projectId} and id = ${id}`
  await tx`
    update issue_texts set search_text = ${name.searchText}, updated_at = now()
    where project_id = ${projectId} and issue_id = ${id}`
}

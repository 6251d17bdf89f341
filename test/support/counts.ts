import { expect } from "bun:test"
import type { App } from "#app.ts"
import { decodePayload } from "#events/payload-codec.ts"
import { foldTags } from "#issues/tags/fold.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { searchTagsOf, tagsOf } from "#normalize/event-tags.ts"

/** Every number of a project's issues is what its stored events say. */
export async function expectExactCounts(app: Pick<App, "sql">, projectId: string): Promise<void> {
  await foldTags(app.sql, new AbortController().signal)
  expect(await countedIssues(app, projectId)).toEqual(await countedEvents(app, projectId))
}

type Counted = {
  events: number
  users: number
  hours: number
  first: number
  last: number
  tags: Record<string, number>
  keys: Record<string, string>
}

async function countedIssues({ sql }: Pick<App, "sql">, projectId: string) {
  const issues = await sql`
    select id, times_seen, users_seen, first_seen, last_seen,
      (select coalesce(sum(events), 0)::int from issue_hours h where h.project_id = i.project_id and h.issue_id = i.id) as hours,
      (select count(*)::int from issue_users u where u.project_id = i.project_id and u.issue_id = i.id) as users
    from issues i where project_id = ${projectId} and status < 3 order by id`
  const values = await sql`select * from issue_tag_values where project_id = ${projectId}`
  const keys = await sql`select * from issue_tag_keys where project_id = ${projectId}`
  return issues.map((row) => {
    expect(row.usersSeen).toBe(row.users)
    const counted: Counted = {
      events: Number(row.timesSeen),
      users: row.users,
      hours: row.hours,
      first: row.firstSeen.getTime(),
      last: row.lastSeen.getTime(),
      tags: {},
      keys: {},
    }
    for (const each of values) {
      if (each.issueId === row.id) counted.tags[`${each.key}=${each.value}`] = Number(each.events)
    }
    for (const each of keys) {
      if (each.issueId === row.id)
        counted.keys[each.key] = `${each.events} of ${each.distinctValues}`
    }
    return { id: row.id, ...counted }
  })
}

async function countedEvents({ sql }: Pick<App, "sql">, projectId: string) {
  const rows = await sql`select * from events where project_id = ${projectId}`
  const ids = [...new Set(rows.map(({ issueId }) => issueId as string))].sort(
    (a, b) => Number(a) - Number(b),
  )
  return ids.map((id) => {
    const own = rows.filter(({ issueId }) => issueId === id)
    const times = own.map(({ occurredAt }) => occurredAt.getTime())
    const tags: Record<string, number> = {}
    const keyEvents: Record<string, number> = {}
    for (const { payload } of own) {
      const event = decodePayload(payload) as NormalizedEvent
      for (const [key, value] of searchTagsOf(event, tagsOf(event))) {
        tags[`${key}=${value}`] = (tags[`${key}=${value}`] ?? 0) + 1
        keyEvents[key] = (keyEvents[key] ?? 0) + 1
      }
    }
    const keys = Object.entries(keyEvents).map(([key, events]) => {
      const distinct = Object.keys(tags).filter((tag) => tag.startsWith(`${key}=`)).length
      return [key, `${events} of ${distinct}`]
    })
    return {
      id,
      events: own.length,
      users: new Set(own.flatMap(({ userHash }) => userHash ?? [])).size,
      hours: own.length,
      first: Math.min(...times),
      last: Math.max(...times),
      tags,
      keys: Object.fromEntries(keys),
    }
  })
}

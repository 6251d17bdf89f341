import { LEVEL, type LevelName, PRIORITY, type PriorityName, STATUS } from "#issues/issue.ts"
import { periodOf } from "#issues/stream/period.ts"
import type { StreamScope } from "#issues/stream/stream.ts"
import type { Sql } from "#platform/db.ts"

export const NOW = new Date("2026-11-24T12:00:00Z")
const HOUR = 3_600_000

export type GivenIssue = {
  title?: string
  status?: keyof typeof STATUS
  substatus?: string | null
  level?: LevelName
  priority?: PriorityName
  platform?: string
  logger?: string
  culprit?: string
  metadata?: Record<string, string>
  isUnhandled?: boolean
  timesSeen?: number
  usersSeen?: number
  firstSeen?: Date
  lastSeen?: Date
  assigneeUserId?: string
  assigneeTeamId?: string
  firstReleaseId?: string
  tags?: Record<string, string>
}

let number = 0

/** One row of the stream with what matters to a test; returns its id. */
export async function givenIssue(
  sql: Sql,
  project: { organizationId: string; projectId: string },
  given: GivenIssue = {},
): Promise<string> {
  number += 1
  const lastSeen = given.lastSeen ?? new Date(NOW.getTime() - HOUR)
  const title = given.title ?? `Error ${number}`
  const [row] = await sql<{ id: string }[]>`
    insert into issues ${sql(columnsOf(sql, project, { ...given, title, lastSeen }))} returning id`
  const id = row!.id
  await sql`insert into issue_texts (project_id, issue_id, search_text) values (${project.projectId}, ${id}, ${`${title} ${given.culprit ?? ""}`})`
  for (const [key, value] of Object.entries(given.tags ?? {})) {
    await sql`insert into issue_tag_values (project_id, issue_id, key, value, events, first_seen, last_seen)
      values (${project.projectId}, ${id}, ${key}, ${value}, 1, ${lastSeen}, ${lastSeen})`
    await sql`insert into issue_tag_keys (project_id, issue_id, key, events, distinct_values)
      values (${project.projectId}, ${id}, ${key}, 1, 1)`
  }
  return id
}

type Placed = GivenIssue & { title: string; lastSeen: Date }

function columnsOf(
  sql: Sql,
  project: { organizationId: string; projectId: string },
  given: Placed,
) {
  return {
    ...statesOf(given),
    project_id: project.projectId,
    organization_id: project.organizationId,
    short_id: number,
    type: "error",
    platform: given.platform ?? "python",
    logger: given.logger ?? null,
    title: given.title,
    culprit: given.culprit ?? "",
    metadata: sql.json(given.metadata ?? {}),
    times_seen: given.timesSeen ?? 1,
    users_seen: given.usersSeen ?? 0,
    first_seen: given.firstSeen ?? given.lastSeen,
    last_seen: given.lastSeen,
    first_received_day: "2026-11-24",
    last_received_day: "2026-11-24",
    active_at: given.lastSeen,
    created_at: given.lastSeen,
  }
}

function statesOf(given: Placed) {
  return {
    status: STATUS[given.status ?? "unresolved"],
    substatus: given.substatus === undefined ? "ongoing" : given.substatus,
    level: LEVEL[given.level ?? "error"],
    priority: PRIORITY[given.priority ?? "medium"],
    is_unhandled: given.isUnhandled ?? false,
    assignee_user_id: given.assigneeUserId ?? null,
    assignee_team_id: given.assigneeTeamId ?? null,
    first_release_id: given.firstReleaseId ?? null,
  }
}

export function scopeOver(
  project: { organizationId: string; projectId: string },
  given: Partial<StreamScope> = {},
): StreamScope {
  return {
    organizationId: project.organizationId,
    projectIds: [project.projectId],
    environments: [],
    period: periodOf("14d", NOW, "UTC"),
    viewerId: null,
    ...given,
  }
}

import type { App } from "#app.ts"
import { applyAction } from "#issues/actions/actions.ts"
import type { ArchiveRule } from "#issues/issue.ts"
import type { Occurrence } from "#issues/occurrences/occurrence.ts"
import { hashOf, NOON, occurrence, record } from "./occurrences.ts"

type Project = { organizationId: string; projectId: string }

/** The app at another time. */
export const appAt = <Deps extends Pick<App, "clock">>(app: Deps, ms: number): Deps => ({
  ...app,
  clock: { now: () => new Date(ms) },
})

/** Events of the issue `name`, each received `at` (NOON) by a user of its own unless told otherwise. */
export function sightings(
  project: Project,
  name: string,
  count: number,
  given: Partial<Occurrence> = {},
): Occurrence[] {
  return Array.from({ length: count }, () =>
    occurrence(project, {
      hashes: [hashOf(name)],
      title: name,
      userHash: `${Math.floor(Math.random() * 1e15)}`,
      ...given,
    }),
  )
}

/** Their issue, too. */
export async function givenIssue(
  app: Pick<App, "sql">,
  project: Project,
  name: string,
  { events = 1, ...given }: Partial<Occurrence> & { events?: number } = {},
) {
  const { places } = await record(app.sql, sightings(project, name, events, given))
  return { projectId: project.projectId, id: places[0]!.issueId }
}

export async function archive(
  app: Pick<App, "sql" | "tasks" | "clock">,
  issue: { projectId: string; id: string },
  rule: ArchiveRule | "until_escalating" | "forever",
  at = NOON,
) {
  const how = typeof rule === "string" ? rule : "until_condition"
  await applyAction(appAt(app, at), {
    issues: [issue],
    actor: null,
    action: { kind: "archive", how, rule: typeof rule === "string" ? {} : rule },
  })
}

export async function stateOf(app: Pick<App, "sql">, issue: { id: string }) {
  const [row] = await app.sql<
    { status: number; substatus: string | null; priority: number; isReturned: boolean }[]
  >`select status, substatus, priority, returned_at is not null as is_returned from issues where id = ${issue.id}`
  return row!
}

/** Types of the issue's activity, the newest first. */
export async function historyOf(app: Pick<App, "sql">, issue: { id: string }) {
  const rows = await app.sql<{ type: string; data: Record<string, unknown> }[]>`
    select type, data from issue_activity where issue_id = ${issue.id} order by id desc`
  return [...rows]
}

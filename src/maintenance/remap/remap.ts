import type { App } from "#app.ts"
import { countProjectEvents, listEventsById, type RewritableEvent } from "#events/rewrite-store.ts"
import { listIssuesWithOthers } from "#issues/moving/merge-store.ts"
import { listStaying } from "#issues/moving/move-store.ts"
import type { JobData } from "#jobs.ts"
import { AppError } from "#platform/errors.ts"
import { getProjectById } from "#projects/store.ts"
import { scrapingForTask } from "#symbolication/symbolication.ts"
import { renameIssues } from "../regroup/regroup.ts"
import {
  type Rewriting,
  rewriteEvents,
  rewriteRows,
  walkEvents,
} from "../regroup/rewrite-events.ts"
import { keepIssues } from "./keep-issues.ts"
import type { Observing } from "./observe-events.ts"
import {
  addRemapped,
  findRemapping,
  insertRemapping,
  type Remapping,
  type RemappingKey,
  touchRemapping,
  updateRemappingDone,
  updateRemappingTotal,
} from "./remap-store.ts"
import { mappingOf, type Parts, settleFlows } from "./rewrite-mapped.ts"

/** Has the stored events of a project mapped by what was uploaded since, as a task. Throws conflict when that is under way. */
export async function startRemapping(
  app: Pick<App, "sql" | "tasks">,
  projectId: string,
  userId: string | null,
): Promise<string> {
  return app.sql.begin(async (tx) => {
    const id = await insertRemapping(tx, projectId, userId)
    if (id === null) throw new AppError("conflict", "The uploads are being applied already.")
    await app.tasks.insert(tx, "remap-events", [{ projectId, remappingId: id }])
    return id
  })
}

/** One run, from where an earlier try got to. `onProgress` hears of every chunk. */
export async function remapEvents(
  app: Parts,
  { projectId, remappingId }: JobData<"remap-events">,
  signal: AbortSignal,
  onProgress: (run: { lookedAt: number; total: number }) => void = () => {},
): Promise<void> {
  const key: RemappingKey = { projectId, id: remappingId }
  const run = await findRemapping(app.sql, key)
  if (run?.status !== "running") return
  const project = await getProjectById(app.sql, projectId)
  const { positionDay: day, positionEvent: event } = run
  const mapping = mappingOf(app, project)
  const total = day === null ? await lookFirst(app, mapping, run, signal) : run.total
  let seen = run.lookedAt
  // After a crash nobody knows which ones were written before it.
  const renamed = day === null ? new Set<string>() : await listStaying(app.sql, projectId, "all")
  const rewriting = {
    ...mapping,
    from: day !== null && event !== null ? { day, event } : null,
    onChunk: async (tx, { lookedAt, changed, flows, renamed: names, ...position }) => {
      for (const id of names) renamed.add(id)
      const moved = flows.reduce((sum, flow) => sum + flow.events, 0)
      await settleFlows(app, tx, projectId, flows)
      await addRemapped(tx, key, { lookedAt, mapped: changed, moved, ...position })
      seen += lookedAt
      onProgress({ lookedAt: seen, total })
    },
  } satisfies Rewriting
  await rewriteEvents(app, rewriting, signal)
  await renameIssues(app, { projectId, ...project.settings, renamed })
  await updateRemappingDone(app.sql, key)
  app.log.info({ projectId, remappingId }, "source maps applied to stored events")
}

/** Nothing moves yet. Returns how many events there are. */
async function lookFirst(
  app: Parts,
  mapping: Observing["mapping"],
  run: Remapping,
  signal: AbortSignal,
): Promise<number> {
  const { sql } = app
  const { projectId, createdAt: since } = run
  const total = await countProjectEvents(sql, projectId)
  await updateRemappingTotal(sql, run, total)
  await keepIssues(app, { mapping, since }, (look) =>
    walkEvents(sql, { projectId, from: null }, signal, async (read) => {
      const rows = await read()
      await look(rows)
      await touchRemapping(sql, run)
      return rows.at(-1)
    }),
  )
  return total
}

/** Events that were stored before their map was read, or fetched. */
export async function mapLateEvents(
  app: Parts,
  { projectId, day, eventIds }: JobData<"map-late-events">,
): Promise<void> {
  const project = await getProjectById(app.sql, projectId)
  const mapping = mappingOf(app, project, scrapingForTask())
  const read = () => listEventsById(app.sql, { projectId, day, eventIds })
  await keepIssuesOf(app, mapping, await read())
  const renamed = new Set<string>()
  await rewriteRows(
    app.sql,
    {
      ...mapping,
      from: null,
      onChunk: async (tx, { flows, renamed: names }) => {
        for (const id of names) renamed.add(id)
        await settleFlows(app, tx, projectId, flows)
      },
    },
    read,
  )
  await renameIssues(app, { projectId, ...project.settings, renamed })
}

/** Issues that have these events alone. What was made for their hashes since they came was made by others of the kind. */
async function keepIssuesOf(
  app: Parts,
  mapping: Observing["mapping"],
  rows: readonly RewritableEvent[],
): Promise<void> {
  if (rows.length === 0) return
  const { projectId } = mapping
  const issueIds = [...new Set(rows.map(({ issueId }) => issueId))]
  const eventIds = rows.map(({ eventId }) => eventId)
  const staying = await listIssuesWithOthers(app.sql, { projectId, issueIds }, eventIds)
  const since = new Date(Math.min(...rows.map(({ receivedAt }) => receivedAt.getTime())))
  await keepIssues(app, { mapping, since, staying }, (look) => look(rows))
}

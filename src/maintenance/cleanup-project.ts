import type { App } from "#app.ts"
import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { deleteEventAttachments } from "#attachments/store.ts"
import { countOldProjectEvents, deleteOldProjectEvents } from "#events/store.ts"
import {
  countForgottenIssues,
  deleteOldProjectHours,
  updateForgottenIssues,
} from "#issues/moving/removal-store.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays } from "#platform/partitions.ts"
import { refuseSkew } from "./plausibility.ts"
import { removeLeavingIssues } from "./remove-issues.ts"

export type ProjectCleanup = {
  projectId: string
  /** Days of events that are kept, today not counted. */
  days: number
  /** Only says what would be removed. */
  dryRun: boolean
  /** Goes on although the clocks look wrong. */
  force: boolean
}

export type ProjectCleanupReport = { oldestDay: string; events: number; issues: number }

const ROWS = 5_000

/**
 * Removes one project's old events and the issues that nobody cared for and that have none left. Row by row, as days are shared by all
 * projects: their space is used again, and given back with the day. Throws `forbidden` when the clocks disagree.
 */
export async function cleanupProject(
  app: Pick<App, "sql" | "clock" | "blobs" | "log">,
  { projectId, days, dryRun, force }: ProjectCleanup,
): Promise<ProjectCleanupReport> {
  const { sql } = app
  if (!force) await refuseSkew(app)
  const oldestDay = addDays(utcDay(app.clock.now()), -days)
  const of = { projectId, before: oldestDay }
  if (dryRun) {
    const events = await countOldProjectEvents(sql, of)
    return { oldestDay, events, issues: await countForgottenIssues(sql, oldestDay, projectId) }
  }
  const events = await removeInChunks((limit) => removeEvents(app, { ...of, limit }))
  await removeInChunks((limit) => deleteOldProjectHours(sql, { ...of, limit }))
  const issues = await removeInChunks((limit) =>
    updateForgottenIssues(sql, oldestDay, limit, projectId),
  )
  await removeLeavingIssues(app, new AbortController().signal)
  return { oldestDay, events, issues }
}

async function removeEvents(
  app: Pick<App, "sql" | "blobs" | "log">,
  old: { projectId: string; before: string; limit: number },
): Promise<number> {
  const { events, keys } = await app.sql.begin(async (tx) => {
    const events = await deleteOldProjectEvents(tx, old)
    return { events, keys: await deleteEventAttachments(tx, events) }
  })
  await deleteBlobs(app, keys)
  return events.length
}

/** Repeats until less than a chunk was there; returns how many rows went. */
async function removeInChunks(remove: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0
  for (let rows = ROWS; rows === ROWS; removed += rows) rows = await remove(ROWS)
  return removed
}

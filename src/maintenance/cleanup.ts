import type { App } from "#app.ts"
import { deleteBlobDays } from "#attachments/delete-blobs.ts"
import { deleteOldFeedback } from "#feedback/store.ts"
import {
  countForgottenIssues,
  deleteEmptyHashes,
  updateForgottenIssues,
} from "#issues/moving/removal-store.ts"
import { deleteOldTagValues } from "#issues/tags/fold-store.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays, type DayPartition, dropPartition, listPartitions } from "#platform/partitions.ts"
import { deleteIdleReleases, deleteLooseCommits } from "#releases/cleanup-store.ts"
import { sweepArtifacts } from "#symbolication/artifacts/sweep.ts"
import { refuseImplausible } from "./plausibility.ts"
import { deleteOldRemappings } from "./remap/remap-store.ts"
import { removeLeavingIssues } from "./remove-issues.ts"

export type CleanupOptions = {
  /** Days of events that are kept, today not counted. */
  days: number
  /** Only says what would be removed. */
  dryRun: boolean
  /** Keeps dropping the oldest days until events take no more than this; today and yesterday stay. */
  maxBytes?: number
  /** Goes on although the clocks look wrong. */
  force?: boolean
}

export type CleanupReport = {
  /** Oldest day of events that is kept. */
  oldestDay: string
  days: { table: string; day: string; bytes: number }[]
  issues: number
  hashes: number
}

const ROWS = 5_000
/** Statistics of outcomes cost little and are asked for longer than events. */
const MIN_OUTCOME_DAYS = 90

/**
 * Removes whole days and then what they leave behind: issues without events that nobody cared for, hashes that lead
 * nowhere. Throws `forbidden` when the clocks or the dates of the rows are implausible and `force` is not given.
 */
export async function cleanup(
  app: Pick<App, "sql" | "log" | "clock" | "blobs">,
  options: CleanupOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<CleanupReport> {
  const { sql, log, clock } = app
  const today = utcDay(clock.now())
  const { events, attachments, issueHours, releaseHours, outcomeHours } = partitionedTables
  const kept = [events, attachments, issueHours, releaseHours, outcomeHours]
  const partitions = await listPartitions(sql, kept)
  const oldestDay = oldestKeptDay(partitions, today, options)
  const outcomesFrom = earlier(addDays(today, -MIN_OUTCOME_DAYS), oldestDay)
  const doomed = partitions.filter(
    ({ table, day }) => day < (table === outcomeHours.name ? outcomesFrom : oldestDay),
  )
  if (!options.force) await refuseImplausible(app, partitions, doomed)

  const days = doomed.map(({ table, day, bytes }) => ({ table, day, bytes }))
  if (options.dryRun) {
    return { oldestDay, days, issues: await countForgottenIssues(sql, oldestDay), hashes: 0 }
  }
  for (const partition of doomed) {
    if (signal.aborted) break
    await dropPartition(sql, partition)
    log.info({ partition: partition.name, bytes: partition.bytes }, "day dropped")
  }
  const issues = await removeForgotten(app, oldestDay, signal)
  const before = new Date(`${oldestDay}T00:00:00Z`)
  const hashes = await inChunks(signal, () => deleteEmptyHashes(sql, before, ROWS))
  await inChunks(signal, () => sql.begin((tx) => deleteOldTagValues(tx, before, ROWS)))
  await inChunks(signal, () => deleteOldFeedback(sql, before, ROWS))
  await inChunks(signal, () => deleteIdleReleases(sql, before, ROWS))
  await inChunks(signal, () => deleteLooseCommits(sql, before, ROWS))
  if (!signal.aborted) await deleteBlobDays(app, oldestDay)
  await sweepArtifacts(app, oldestDay, signal)
  await deleteOldRemappings(sql, before)
  return { oldestDay, days, issues, hashes }
}

/** By age; and by size, from the oldest on, never yesterday or today. */
function oldestKeptDay(
  partitions: readonly DayPartition[],
  today: string,
  { days, maxBytes }: CleanupOptions,
): string {
  const byAge = addDays(today, -days)
  if (maxBytes === undefined) return byAge
  const yesterday = addDays(today, -1)
  let bytes = partitions.reduce((sum, partition) => sum + partition.bytes, 0)
  let oldest = byAge
  for (const { day, bytes: size } of partitions) {
    if (day < byAge) bytes -= size
    else if (bytes > maxBytes && day < yesterday) {
      bytes -= size
      oldest = addDays(day, 1)
    }
  }
  return oldest
}

async function removeForgotten(
  app: Pick<App, "sql" | "blobs" | "log">,
  day: string,
  signal: AbortSignal,
): Promise<number> {
  let issues = 0
  while (!signal.aborted) {
    const marked = await updateForgottenIssues(app.sql, day, ROWS)
    issues += marked
    await removeLeavingIssues(app, signal)
    if (marked < ROWS) break
  }
  return issues
}

/** Repeats until nothing is left; returns how many rows went. */
async function inChunks(signal: AbortSignal, remove: () => Promise<number>): Promise<number> {
  let removed = 0
  while (!signal.aborted) {
    const rows = await remove()
    removed += rows
    if (rows < ROWS) break
  }
  return removed
}

const earlier = (a: string, b: string) => (a < b ? a : b)

import { statfs } from "node:fs/promises"
import type { App } from "#app.ts"
import { deleteBlobDays } from "#attachments/delete-blobs.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays, dropPartition, listPartitions } from "#platform/partitions.ts"
import { refuseImplausible } from "./plausibility.ts"

/** Begins this much before events are refused for want of space: a day goes per minute, and not all are large. */
const HEADROOM = 1.5

type Parts = Pick<App, "sql" | "log" | "clock" | "config" | "shape" | "blobs">

/**
 * Acts on bytes before the disk is full, because then PostgreSQL could not even delete: drops the oldest day, one per call, while
 * the events are over system.retention-max-bytes or, in the appliance, the data folder's disk is short. Never yesterday
 * or today, and nothing while the clocks are in doubt.
 */
export async function guardSpace(app: Parts): Promise<void> {
  const { events, attachments, issueHours } = partitionedTables
  const partitions = await listPartitions(app.sql, [events, attachments, issueHours])
  const bytes = partitions.reduce((sum, partition) => sum + partition.bytes, 0)
  const reason = await shortageOf(app, bytes)
  if (!reason) return
  const yesterday = addDays(utcDay(app.clock.now()), -1)
  const [oldest] = partitions.filter(({ day, bytes: size }) => day < yesterday && size > 0)
  if (!oldest) {
    app.log.error({ reason, bytes }, "space is short and there is no old day to drop")
    return
  }
  const doomed = partitions.filter((partition) => partition.day === oldest.day)
  await refuseImplausible(app, partitions, doomed)
  for (const partition of doomed) await dropPartition(app.sql, partition)
  await deleteBlobDays(app, addDays(oldest.day, 1))
  app.log.warn({ reason, day: oldest.day, bytes }, "oldest day dropped to make room")
}

async function shortageOf(app: Parts, bytes: number): Promise<string | null> {
  const maxBytes = app.config["system.retention-max-bytes"]
  if (maxBytes > 0 && bytes > maxBytes) return "system.retention-max-bytes"
  if (app.shape !== "appliance") return null
  const { bavail, bsize } = await statfs(app.config["system.data-directory"])
  const needed = app.config["ingest.spool.min-free-bytes"] * HEADROOM
  return bavail * bsize < needed ? "disk is nearly full" : null
}

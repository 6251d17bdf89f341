import { deleteOldLoginFailures } from "#accounts/users/login-failures-store.ts"
import { deleteOldPasswordResets } from "#accounts/users/password-resets-store.ts"
import { deleteEndedSessions } from "#accounts/users/sessions-store.ts"
import type { App } from "#app.ts"
import { deleteOldDeadLetters } from "#events/dead-letter-store.ts"
import { deleteOldTagDeltaErrors } from "#issues/tags/fold-store.ts"
import { deleteOldMailDeliveries } from "#mail/store.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays, dropPartition, listPartitions } from "#platform/partitions.ts"
import { deleteSilentProcesses } from "#stats/process-store.ts"
import { refuseSkew } from "./plausibility.ts"

const DAY_MS = 86_400_000
/** Far longer than a mail's task is tried: its key keeps the same news from being mailed twice. */
const MAIL_DAYS = 90
const SILENT_SECONDS = 3600
/** A message may come again as long as it waits; after that its id need not be known any more. */
const CONSUMED_DAYS = 8

/** Removes what has an end of its own: ended sessions, old dead letters, processes that fell silent ... */
export async function sweep(app: Pick<App, "sql" | "clock" | "config">): Promise<void> {
  const { sql, clock, config } = app
  await refuseSkew(app)
  const now = clock.now()
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const idleSince = new Date(now.getTime() - config["auth.session.idle"] * 1000)
  await deleteEndedSessions(sql, now, idleSince)
  await deleteOldPasswordResets(sql, now)
  await deleteOldLoginFailures(sql, ago(1))
  await deleteOldDeadLetters(sql, ago(config["worker.dlq.retention-days"]))
  await deleteOldTagDeltaErrors(sql, ago(config["worker.dlq.retention-days"]))
  await deleteOldMailDeliveries(sql, ago(MAIL_DAYS))
  await deleteSilentProcesses(sql, SILENT_SECONDS)
}

/** Forgets the ids of messages of days of which none waits any more; `oldestWaitingAt` null = nothing waits. */
export async function dropConsumedDays(
  app: Pick<App, "sql" | "clock">,
  oldestWaitingAt: Date | null,
): Promise<void> {
  await refuseSkew(app)
  const keptFrom = addDays(utcDay(app.clock.now()), -CONSUMED_DAYS)
  const waitingFrom = oldestWaitingAt ? addDays(utcDay(oldestWaitingAt), -1) : keptFrom
  const [oldestDay = keptFrom] = [waitingFrom, keptFrom].sort()
  for (const partition of await listPartitions(app.sql, [partitionedTables.consumed])) {
    if (partition.day < oldestDay) await dropPartition(app.sql, partition)
  }
}

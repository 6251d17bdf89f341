import type { App } from "#app.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { addDays, createPartitions, daysFrom } from "#platform/partitions.ts"

/** Makes the partitions of yesterday, for messages that waited over midnight, of today and of the days ahead. */
export async function makeDaysAhead(
  app: Pick<App, "sql" | "clock" | "config" | "log">,
): Promise<void> {
  const first = addDays(utcDay(app.clock.now()), -1)
  const days = daysFrom(first, app.config["database.partitions-ahead"] + 2)
  const made = await createPartitions(app.sql, Object.values(partitionedTables), days)
  if (made.length > 0) app.log.info({ partitions: made.length }, "partitions made")
}

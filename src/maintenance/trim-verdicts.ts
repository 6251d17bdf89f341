import type { App } from "#app.ts"
import { deleteOldStrangers } from "#stats/stranger-store.ts"
import { deleteOldVerdicts } from "#stats/verdict-store.ts"

const PER_PROJECT = 10_000
const STRANGERS = 500
const DAYS = 30
const DAY_MS = 86_400_000

/** What became of single items is asked for soon or never. */
export async function trimVerdicts({ sql, clock }: Pick<App, "sql" | "clock">): Promise<void> {
  const since = new Date(clock.now().getTime() - DAYS * DAY_MS)
  await deleteOldVerdicts(sql, { perProject: PER_PROJECT, since })
  await deleteOldStrangers(sql, { limit: STRANGERS, since })
}

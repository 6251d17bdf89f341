import type { App } from "#app.ts"
import { forecastOf, usualOf } from "#issues/status/forecast.ts"
import {
  deleteNeedlessForecasts,
  listForecastHours,
  listIssuesToForecast,
  recordForecasts,
} from "#issues/status/forecast-store.ts"
import { utcDay } from "#platform/clock.ts"

/** Read at once: a week of their hours is 34,000 rows at most. */
const CHUNK = 200

/** Foresees what is usual for issues that are archived until they escalate: once a week, and soon after they were archived. */
export async function forecastIssues(
  { sql, clock }: Pick<App, "sql" | "clock">,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now()
  const day = utcDay(now)
  await deleteNeedlessForecasts(sql)
  while (!signal.aborted) {
    const issues = await listIssuesToForecast(sql, day, CHUNK)
    if (issues.length === 0) return
    const hours = await listForecastHours(sql, issues, now)
    const forecasts = issues.flatMap((issue) => {
      const points = hours.get(issue.id)
      return points ? [{ ...issue, ceilings: forecastOf(points, now), usual: usualOf(points) }] : []
    })
    await recordForecasts(sql, day, forecasts)
    // Those without an hour come again, and again: enough for this time.
    if (issues.length < CHUNK || forecasts.length === 0) return
  }
}

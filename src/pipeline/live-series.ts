import type { SeriesPoint } from "#platform/series/series.ts"
import { liveSeries } from "#stats/series-names.ts"
import type { Line } from "./line.ts"
import type { Saved } from "./save.ts"

/** After the commit and the acknowledgement: live graphs may miss a batch, nothing else may. */
export async function addToSeries(line: Line, saved: readonly Saved[]): Promise<void> {
  const points = saved.flatMap(({ stored, outcomes }): SeriesPoint[] => [
    ...stored.map(({ projectId, userHash }) => ({
      series: liveSeries.events(projectId),
      quantity: 1,
      ...(userHash ? { distinct: userHash } : {}),
    })),
    ...outcomes.map(({ projectId, outcome, quantity }) => ({
      series: liveSeries.outcomes(projectId, outcome),
      quantity,
    })),
  ])
  if (points.length > 0) await line.series.add(points, line.clock.now())
}

import type { App } from "#app.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { listDays } from "#platform/partitions.ts"
import type { Deploy } from "./deploy-store.ts"
import { hoursAfter, hoursAround } from "./hours.ts"
import { listEnvironmentHours } from "./series-store.ts"

/** Events of an environment in the hours before and after a deploy to it. */
export type DeployEffect =
  | { kind: "known"; before: number; after: number }
  /** The hour after it is not over. */
  | { kind: "early"; knownFrom: Date }
  /** Those hours are not counted, or not any more. */
  | { kind: "unknown" }

/** By the deploy's id. */
export async function readDeployEffects(
  { sql, clock }: Pick<App, "sql" | "clock">,
  projectIds: readonly string[],
  deploys: readonly Deploy[],
): Promise<Map<string, DeployEffect>> {
  if (deploys.length === 0) return new Map()
  const around = deploys.map(({ finishedAt }) => hoursAround(finishedAt))
  const [days, counted] = await Promise.all([
    listDays(sql, partitionedTables.releaseHours),
    listEnvironmentHours(sql, {
      projectIds,
      environments: deploys.map(({ environment }) => environment),
      hours: around.flatMap(({ before, after }) => [before, after]),
    }),
  ])
  const events = new Map(
    counted.map((row) => [`${row.hour.getTime()} ${row.environment}`, row.events]),
  )
  return new Map(
    deploys.map(({ id, environment }, index): [string, DeployEffect] => {
      const { before, after } = around[index] ?? hoursAround(clock.now())
      const knownFrom = hoursAfter(after, 1)
      if (knownFrom > clock.now()) return [id, { kind: "early", knownFrom }]
      if (![before, after].every((hour) => days.has(utcDay(hour)))) return [id, { kind: "unknown" }]
      const of = (hour: Date) => events.get(`${hour.getTime()} ${environment}`) ?? 0
      return [id, { kind: "known", before: of(before), after: of(after) }]
    }),
  )
}

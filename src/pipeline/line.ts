import type { App } from "#app.ts"
import { type Locate, openGeography } from "#platform/geography.ts"
import { createVerdictBook, type VerdictBook } from "#stats/verdict-book.ts"
import { createSymbolication, type Symbolication } from "#symbolication/symbolication.ts"
import type { OpenLimits } from "./open.ts"
import { createProjects, type Projects } from "./projects.ts"
import { createReferences, type References } from "./references.ts"

/** What the steps of the line work with; one per worker process. */
export type Line = Pick<App, "sql" | "log" | "clock" | "tasks" | "series" | "blobs"> & {
  projects: Projects
  references: References
  limits: OpenLimits
  /** Whether noisy issues keep the details of only some events; may change at any time. */
  isSampling: () => boolean
  /** Where an address is; null without a database of addresses. */
  locate: Locate | null
  symbolication: Symbolication
  /** What became of what was not stored. */
  verdicts: VerdictBook
  secretKey: string
  /** A message that was delivered this often without an end goes to the dead letters unread. */
  maxDeliveries: number
}

export function createLine(
  app: Pick<App, "sql" | "log" | "clock" | "tasks" | "series" | "blobs" | "config">,
  symbolication = createSymbolication(app),
): Line {
  const { sql, log, clock, tasks, series, blobs, config } = app
  return {
    sql,
    log,
    clock,
    tasks,
    series,
    blobs,
    projects: createProjects(sql, clock, config),
    references: createReferences(),
    isSampling: () => config["ingest.sampling.enabled"],
    limits: {
      maxEventBytes: config["ingest.max-event-bytes"],
      maxEnvelopeBytes: config["ingest.max-envelope-bytes"],
      maxEnvelopeItems: config["ingest.max-envelope-items"],
      maxJsonDepth: config["ingest.max-json-depth"],
      maxJsonKeys: config["ingest.max-json-keys"],
    },
    symbolication,
    verdicts: createVerdictBook(),
    locate: openGeography(config["geoip.path-mmdb"], log),
    secretKey: config["system.secret-key"],
    maxDeliveries: config["worker.max-deliveries"],
  }
}

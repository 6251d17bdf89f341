import { isPeriodName, type PeriodName } from "#issues/stream/period.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../context.ts"

export const ID = /^\d{1,18}$/
const CATEGORY = /^[a-z_]{1,40}$/

/** What part of the numbers a page shows. */
export type StatsRequest = {
  period: PeriodName
  /** null: all projects. */
  projectId: string | null
  /** Of that project; null: all of its keys. */
  keyId: string | null
  category: string
}

export function readStatsRequest(c: WebContext): StatsRequest {
  const { statsPeriod = "", project = "", key = "", category = "" } = c.req.query()
  const projectId = ID.test(project) ? project : null
  return {
    period: isPeriodName(statsPeriod) ? statsPeriod : "24h",
    projectId,
    keyId: projectId !== null && ID.test(key) ? key : null,
    category: CATEGORY.test(category) ? category : "error",
  }
}

export function statsHref(
  org: string,
  request: StatsRequest,
  change: Partial<StatsRequest> & { format?: "csv" } = {},
): string {
  const { format, ...rest } = change
  const { period, projectId, keyId, category } = { ...request, ...rest }
  const query = new URLSearchParams({
    ...(period !== "24h" && { statsPeriod: period }),
    ...(projectId && { project: projectId }),
    ...(keyId && { key: keyId }),
    ...(category !== "error" && { category }),
    ...(format && { format }),
  }).toString()
  return query ? `${urls.stats(org)}?${query}` : urls.stats(org)
}

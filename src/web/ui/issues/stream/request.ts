import type { Context } from "hono"
import { isPeriodName, type PeriodName } from "#issues/stream/period.ts"
import { SORTS, type Sort } from "#issues/stream/stream.ts"
import { urls } from "#urls.ts"

/** Everything that the address of a stream page says. */
export type StreamRequest = {
  query: string
  sort: Sort
  period: PeriodName
  /** Numeric ids; empty = all. */
  projects: string[]
  /** Names; empty = all. */
  environments: string[]
  cursor: string | undefined
  limit: number
  /** Id of the issue whose row is open. */
  preview?: string | undefined
}

export const DEFAULT_QUERY = "is:unresolved"
const LIMITS = [25, 50, 100]
const MAX_PICKED = 50

/** Reads Sentry's parameter names; what makes no sense falls back to its default. */
export function readStreamRequest(c: Context): StreamRequest {
  return requestOf((name) => c.req.queries(name) ?? [])
}

/** The same from the fields of a form that carries the scope along. */
export function readStreamForm(form: FormData): StreamRequest {
  return requestOf((name) => form.getAll(name).map(String))
}

function requestOf(all: (name: string) => string[]): StreamRequest {
  const [sort = ""] = all("sort")
  const [period = ""] = all("statsPeriod")
  const [preview = ""] = all("preview")
  const limit = Number(all("limit")[0])
  return {
    query: (all("query")[0] ?? DEFAULT_QUERY).trim(),
    sort: (SORTS as readonly string[]).includes(sort) ? (sort as Sort) : "date",
    period: isPeriodName(period) ? period : "14d",
    projects: unique(all("project").filter((id) => /^\d{1,18}$/.test(id))),
    environments: unique(all("environment").map((name) => name.replaceAll("\0", "").slice(0, 64))),
    cursor: all("cursor")[0],
    limit: LIMITS.includes(limit) ? limit : 25,
    preview: /^\d{1,18}$/.test(preview) ? preview : undefined,
  }
}

/** The address of the stream with some of it changed; a changed scope starts at the first page. */
export function streamUrl(
  org: string,
  request: StreamRequest,
  change: Partial<StreamRequest> = {},
) {
  const search = searchOf({ ...request, cursor: undefined, preview: undefined, ...change })
  return urls.issues(org) + (search ? `?${search}` : "")
}

/** What is asked instead of a range that takes too long. */
export function lastDayOf(request: StreamRequest): StreamRequest {
  return { ...request, period: "24h", cursor: undefined }
}

/** Only what differs from the defaults, so that addresses stay short. */
export function searchOf(request: StreamRequest): string {
  const search = new URLSearchParams(scopeFields(request))
  if (request.cursor) search.append("cursor", request.cursor)
  if (request.preview) search.append("preview", request.preview)
  return search.toString()
}

/** The fields that carry a request through a form. */
export function scopeFields(request: StreamRequest): [string, string][] {
  const fields: [string, string][] = []
  if (request.query !== DEFAULT_QUERY) fields.push(["query", request.query])
  if (request.sort !== "date") fields.push(["sort", request.sort])
  if (request.period !== "14d") fields.push(["statsPeriod", request.period])
  for (const id of request.projects) fields.push(["project", id])
  for (const name of request.environments) fields.push(["environment", name])
  if (request.limit !== 25) fields.push(["limit", String(request.limit)])
  return fields
}

function unique(values: string[]): string[] {
  return [...new Set(values)].slice(0, MAX_PICKED)
}

import { parseDsn } from "#protocol/dsn.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../context.ts"
import { ID } from "./requests.ts"

/** What is looked for. */
export type WhereRequest = {
  /** As it was typed: an event id or a DSN. */
  typed: string
  eventId: string | null
  /** Of a DSN. */
  publicKey: string | null
  projectId: string | null
  keyId: string | null
  /** Verdicts that are newer are not meant; as a browser's field writes it, in UTC. */
  until: string
  offset: number
}

export const PAGE_SIZE = 50
const MAX_OFFSET = 10_000
const MAX_TYPED = 500
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/

export function readWhereRequest(c: WebContext): WhereRequest {
  const { event = "", project = "", key = "", until = "", offset = "" } = c.req.query()
  const typed = event.trim().slice(0, MAX_TYPED)
  const projectId = ID.test(project) ? project : null
  return {
    typed,
    eventId: parseEventId(typed),
    publicKey: parseDsn(typed)?.publicKey ?? null,
    projectId,
    keyId: projectId !== null && ID.test(key) ? key : null,
    until: MOMENT.test(until) && !Number.isNaN(Date.parse(`${until}Z`)) ? until : "",
    offset: Math.min(Math.max(0, Math.floor(Number(offset)) || 0), MAX_OFFSET),
  }
}

/** To the end of the minute or second that was typed. */
export function untilOf({ until }: WhereRequest): Date | null {
  if (until === "") return null
  const isMinute = until.length === "2026-11-24T12:00".length
  return new Date(Date.parse(`${until}Z`) + (isMinute ? 59_999 : 999))
}

export function whereHref(
  org: string,
  request: Partial<Pick<WhereRequest, "typed" | "projectId" | "keyId" | "until" | "offset">>,
): string {
  const { typed, projectId, keyId, until, offset = 0 } = request
  const query = new URLSearchParams({
    ...(typed && { event: typed }),
    ...(projectId && { project: projectId }),
    ...(keyId && { key: keyId }),
    ...(until && { until }),
    ...(offset > 0 && { offset: String(offset) }),
  }).toString()
  return query ? `${urls.whereIsMyEvent(org)}?${query}` : urls.whereIsMyEvent(org)
}

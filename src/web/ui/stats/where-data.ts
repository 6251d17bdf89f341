import type { App } from "#app.ts"
import { listStreamProjects, type StreamProject } from "#issues/stream/facts-store.ts"
import { createIngestQueue } from "#pipeline/ingest-queue.ts"
import { type KeyLabel, listKeyLabels } from "#projects/keys-store.ts"
import { listUsage } from "#stats/usage-store.ts"
import { listVerdicts, type StoredVerdict } from "#stats/verdict-store.ts"
import { type EventFate, findEventFate, isUnknown } from "../../event-fate.ts"
import { PAGE_SIZE, untilOf, type WhereRequest } from "./where-request.ts"

const DAY_MS = 86_400_000

export type WhereData = {
  projects: StreamProject[]
  keys: KeyLabel[]
  /** The project and key of the DSN that was typed; null: no project of the organization has it. */
  dsnKey: KeyLabel | null
  /** Of the event that was typed. */
  fate: EventFate | null
  /** Told when nothing is known of the event. */
  missing: { waitingSeconds: number; droppedBySdk: { reason: string; quantity: number }[] } | null
  verdicts: StoredVerdict[]
  hasMore: boolean
}

export async function loadWhere(
  app: App,
  organizationId: string,
  request: WhereRequest,
): Promise<WhereData> {
  const projects = await listStreamProjects(app.sql, organizationId)
  const keys = await listKeyLabels(
    app.sql,
    projects.map(({ id }) => id),
  )
  const dsnKey = keys.find(({ publicKey }) => publicKey === request.publicKey) ?? null
  const projectId = dsnKey?.projectId ?? request.projectId
  const projectIds = projects.map(({ id }) => id).filter((id) => !projectId || id === projectId)
  const fate = request.eventId ? await findEventFate(app, projectIds, request.eventId) : null
  const filter = { projectIds, keyId: dsnKey?.id ?? request.keyId, until: untilOf(request) }
  const page = { limit: PAGE_SIZE + 1, offset: request.offset }
  const found = fate ? [] : await listVerdicts(app.sql, filter, page)
  return {
    projects,
    keys,
    dsnKey,
    fate,
    missing: fate && isUnknown(fate) ? await whyMissing(app, projectIds) : null,
    verdicts: found.slice(0, PAGE_SIZE),
    hasMore: found.length > PAGE_SIZE,
  }
}

async function whyMissing(app: App, projectIds: readonly string[]) {
  const now = app.clock.now()
  const queue = createIngestQueue(app, "where-is-my-event")
  const { oldestAt } = await queue.backlog().finally(() => queue.stop())
  const waitedMs = oldestAt ? now.getTime() - oldestAt.getTime() : 0
  const dropped = await listUsage(
    app.sql,
    {
      projectIds,
      from: new Date(now.getTime() - DAY_MS),
      to: now,
      categories: ["error"],
      outcomes: ["client_discard"],
    },
    ["reason"],
  )
  return {
    waitingSeconds: Math.max(0, Math.round(waitedMs / 1000)),
    droppedBySdk: dropped.map(({ reason, quantity }) => ({ reason: reason ?? "", quantity })),
  }
}

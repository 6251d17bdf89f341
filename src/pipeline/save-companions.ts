import { insertAttachments } from "#attachments/store.ts"
import { recordReports } from "#feedback/record.ts"
import type { Report } from "#feedback/report.ts"
import type { Tx } from "#platform/db.ts"
import type { OutcomeCount } from "#stats/outcome-store.ts"
import { type Companions, endingsOf } from "./companions.ts"
import type { Ending, Verdict } from "./open.ts"
import type { Prepared, PreparedEvent } from "./prepare/prepared.ts"

type Accompanied = {
  prepared: Prepared
  companions: Companions
  /** How the event beside them ended; null: there was none, or it was stored. */
  fell: Verdict | null
}

export type SavedCompanions = {
  endings: OutcomeCount[]
  /** Keys of blobs that are nobody's now. */
  orphans: string[]
}

const ACCEPTED: Verdict = { outcome: "accepted", reason: "" }
/** The event was sent before: what came with it then is here. */
const DUPLICATE: Verdict = { outcome: "invalid", reason: "duplicate" }
/** Somebody reported on the event before, or it is long over. */
const CONFLICT: Verdict = { outcome: "invalid", reason: "conflict" }

/**
 * Stores what came with the events of a batch, and what came alone, unless the event beside it was not stored. `ends` tells, in
 * step with `events`, how those ended that were not sent before.
 */
export async function saveCompanions(
  tx: Tx,
  batch: readonly Prepared[],
  { events, ends }: { events: readonly PreparedEvent[]; ends: readonly Verdict[] },
): Promise<SavedCompanions> {
  const accompanied = batch.flatMap((prepared): Accompanied | never[] => {
    const { companions, event, fell } = prepared
    if (!companions) return []
    const end = event ? (ends[events.indexOf(event)] ?? DUPLICATE) : (fell ?? ACCEPTED)
    return { prepared, companions, fell: end.outcome === "accepted" ? null : end }
  })
  const standing = accompanied.filter(({ fell }) => !fell)
  await saveAttachments(tx, standing)
  const kept = await saveReports(tx, standing)
  return {
    endings: accompanied.flatMap(({ prepared, companions, fell }) => {
      const { projectId, keyId, receivedAt } = prepared
      const endings = fell ? endingsOf(companions, fell) : endingsOfStored(companions, kept)
      return endings.map((ending) => ({ projectId, keyId, receivedAt, ...ending }))
    }),
    orphans: accompanied.flatMap(({ companions, fell }) =>
      fell ? companions.kept.map(({ blobKey }) => blobKey) : [],
    ),
  }
}

function endingsOfStored(companions: Companions, kept: ReadonlySet<Report>): Ending[] {
  const reports = companions.reports.map((report) => ({
    category: "feedback",
    quantity: 1,
    ...(kept.has(report) ? ACCEPTED : CONFLICT),
  }))
  return [...endingsOf({ ...companions, reports: [] }, ACCEPTED), ...reports]
}

async function saveAttachments(tx: Tx, accompanied: readonly Accompanied[]): Promise<void> {
  const rows = accompanied.flatMap(({ prepared, companions }) => {
    const { projectId, receivedDay, receivedAt } = prepared
    const of = { projectId, receivedDay, receivedAt, eventId: companions.eventId }
    return companions.kept.map((kept) => ({ ...kept, ...of }))
  })
  if (rows.length > 0) await insertAttachments(tx, rows)
}

/** Those that were kept. */
async function saveReports(tx: Tx, accompanied: readonly Accompanied[]): Promise<Set<Report>> {
  const reports = accompanied.flatMap(({ companions }) => companions.reports)
  if (reports.length === 0) return new Set()
  const received = accompanied.flatMap(({ prepared, companions }) => {
    const { projectId, organizationId, receivedAt } = prepared
    return companions.reports.map((report) => ({
      ...report,
      ...{ projectId, organizationId, receivedAt },
    }))
  })
  const kept = await recordReports(tx, received)
  return new Set(reports.filter((_, index) => kept[index]))
}

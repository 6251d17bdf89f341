import type { App } from "#app.ts"
import type { RewritableEvent } from "#events/rewrite-store.ts"
import { listHashesBefore } from "#issues/moving/hash-store.ts"
import { findHashes } from "#issues/occurrences/store.ts"
import type { Sql } from "#platform/db.ts"
import { decideRows, type Rewriting } from "../regroup/rewrite-events.ts"
import type { Part } from "./plan-adoption.ts"

export type Observing = {
  mapping: Omit<Rewriting, "from" | "onChunk">
  /** What came by new hashes from then on made no issue that would have to stay. */
  since: Date
}

export type Seen = {
  /** Events that become others, by their issue and hashes. */
  groups: Map<string, Part>
  /** Where hashes led before `since`. */
  leads: Map<string, string>
  /** Issues with events that stay where they are. */
  staying: Set<string>
}

/** Adds what events would become to what was seen; nothing is written. */
export async function observeEvents(
  { sql }: Pick<App, "sql">,
  { mapping, since }: Observing,
  rows: readonly RewritableEvent[],
  { groups, leads, staying }: Seen,
): Promise<void> {
  const { projectId } = mapping
  const decided = await decideRows(mapping, rows)
  const changed = new Set(decided.map(({ row }) => row))
  for (const row of rows) if (!changed.has(row)) staying.add(row.issueId)
  const hashesOfAll = new Set(decided.flatMap(({ occurrence }) => occurrence.hashes))
  const discarded = await learnLeads(sql, { projectId, since }, [...hashesOfAll], leads)
  for (const { row, occurrence } of decided) {
    const { issueId } = row
    const { hashes } = occurrence
    const decisive = hashes.find((hash) => discarded.has(hash) || leads.has(hash)) ?? ""
    if (discarded.has(decisive)) staying.add(issueId)
    else {
      const newGroup = (): Part => ({ issueId, hashes, events: 0 })
      groups.getOrInsertComputed(`${issueId} ${hashes}`, newGroup).events++
    }
  }
}

/** Adds where the hashes lead to; returns those that were discarded. */
async function learnLeads(
  sql: Sql,
  { projectId, since }: { projectId: string; since: Date },
  hashes: readonly string[],
  leads: Map<string, string>,
): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const found = await findHashes(
    sql,
    hashes.map((hash) => ({ projectId, hash })),
  )
  const older = await listHashesBefore(sql, { projectId, since }, hashes)
  for (const { hash, issueId } of found) if (issueId && older.has(hash)) leads.set(hash, issueId)
  return new Set(found.flatMap(({ hash, isDiscarded }) => (isDiscarded ? [hash] : [])))
}

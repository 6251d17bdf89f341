import type { App } from "#app.ts"
import { listHashesBefore } from "#issues/moving/hash-store.ts"
import { findHashes } from "#issues/occurrences/store.ts"
import type { Sql } from "#platform/db.ts"
import type { Observed } from "../regroup/plan.ts"
import { decideRows, type Rewriting, walkEvents } from "../regroup/rewrite-events.ts"

export type Mapping = Omit<Rewriting, "from" | "onChunk">

type Observing = { mapping: Mapping; since: Date; onChunk: () => Promise<void> }

type Decided = Awaited<ReturnType<typeof decideRows>>

/** What all stored events of a project would become; where their hashes led before `since`; issues with events that stay where they are. */
export async function observeEvents(
  { sql }: Pick<App, "sql">,
  { mapping, since, onChunk }: Observing,
  signal: AbortSignal,
): Promise<{ groups: Observed[]; leads: Map<string, string>; staying: Set<string> }> {
  const { projectId } = mapping
  const groups = new Map<string, Observed>()
  const leads = new Map<string, string>()
  const staying = new Set<string>()
  await walkEvents(sql, { projectId, from: null }, signal, async (read) => {
    const rows = await read()
    const decided = await decideRows(mapping, rows)
    const changed = new Set(decided.map(({ row }) => row))
    for (const row of rows) if (!changed.has(row)) staying.add(row.issueId)
    const discarded = await learnLeads(sql, { projectId, since }, decided, leads)
    for (const { row, occurrence } of decided) {
      const { hashes, title } = occurrence
      const { issueId } = row
      const decisive = hashes.find((hash) => discarded.has(hash) || leads.has(hash)) ?? ""
      if (discarded.has(decisive)) staying.add(issueId)
      else
        groups.getOrInsertComputed(`${issueId} ${hashes}`, () => ({
          issueId,
          hashes,
          title,
          events: 0,
        })).events++
    }
    await onChunk()
    return rows.at(-1)
  })
  return { groups: [...groups.values()], leads, staying }
}

/** Adds where the hashes lead to; returns those that were discarded. */
async function learnLeads(
  sql: Sql,
  { projectId, since }: { projectId: string; since: Date },
  decided: Decided,
  leads: Map<string, string>,
): Promise<Set<string>> {
  const hashes = [...new Set(decided.flatMap(({ occurrence }) => occurrence.hashes))]
  if (hashes.length === 0) return new Set()
  const found = await findHashes(
    sql,
    hashes.map((hash) => ({ projectId, hash })),
  )
  const older = await listHashesBefore(sql, { projectId, since }, hashes)
  for (const { hash, issueId } of found) if (issueId && older.has(hash)) leads.set(hash, issueId)
  return new Set(found.flatMap(({ hash, isDiscarded }) => (isDiscarded ? [hash] : [])))
}

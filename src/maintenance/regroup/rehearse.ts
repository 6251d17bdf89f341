import type { App } from "#app.ts"
import { listNewestOfDay, type RewritableEvent } from "#events/rewrite-store.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import { type IssueName, listIssueNames } from "#issues/moving/merge-store.ts"
import { findHashes } from "#issues/occurrences/store.ts"
import type { JobData } from "#jobs.ts"
import type { Sql } from "#platform/db.ts"
import {
  findRuleChange,
  type NamedIssue,
  type RehearsalResult,
  updateRehearsed,
  updateRuleChange,
} from "./change-store.ts"
import { decideEvent, storedEvent } from "./decide-event.ts"
import { type Observed, type Plan, type PlannedFlow, planRegroup } from "./plan.ts"
import { eventDays } from "./rewrite-events.ts"
import { mapInTurns } from "./turns.ts"

/** Enough to see what rules do, few enough to be looked at within a second or two. */
const MAX_EVENTS = 1_000
const MAX_SHOWN = 100
/** Rules slower than this would hold up everybody's events. */
const MAX_MICROS_PER_EVENT = 5_000

/** Tries rules on the newest events and remembers which issues would become which. Changes nothing else. */
export async function rehearseRules(
  app: Pick<App, "sql">,
  { projectId, changeId }: JobData<"rehearse-rules">,
  signal: AbortSignal,
): Promise<void> {
  const key = { projectId, id: changeId }
  const change = await findRuleChange(app.sql, key)
  if (change?.status !== "rehearsing") return
  const rows = await newestEvents(app.sql, projectId, signal)
  const rules = compileProjectRules(change)
  let spentMs = 0
  const observed = await mapInTurns(rows, (row): Observed => {
    const stored = storedEvent(row)
    const startedAt = performance.now()
    const { occurrence } = decideEvent(row, stored, { organizationId: "", rules })
    spentMs += performance.now() - startedAt
    return { issueId: row.issueId, hashes: occurrence.hashes, title: occurrence.title }
  })
  const microsPerEvent = Math.round((spentMs * 1000) / Math.max(1, rows.length))
  if (microsPerEvent > MAX_MICROS_PER_EVENT) {
    const error = `These rules take ${(microsPerEvent / 1000).toFixed(1)} ms an event, more than the ${MAX_MICROS_PER_EVENT / 1000} ms there are.`
    await updateRuleChange(app.sql, key, "rehearsing", { status: "failed", error })
    return
  }
  const plan = planRegroup(observed, await leadsOf(app.sql, projectId, observed))
  await updateRehearsed(app.sql, key, await describe(app.sql, projectId, { plan, microsPerEvent }))
}

async function newestEvents(
  sql: Sql,
  projectId: string,
  signal: AbortSignal,
): Promise<RewritableEvent[]> {
  const rows: RewritableEvent[] = []
  for (const day of await eventDays(sql)) {
    signal.throwIfAborted()
    if (rows.length >= MAX_EVENTS) break
    rows.push(...(await listNewestOfDay(sql, { projectId, day }, MAX_EVENTS - rows.length)))
  }
  return rows.sort((a, b) => +a.receivedAt - +b.receivedAt)
}

async function leadsOf(sql: Sql, projectId: string, observed: readonly Observed[]) {
  const hashes = [...new Set(observed.flatMap((event) => event.hashes))]
  const found = await findHashes(
    sql,
    hashes.map((hash) => ({ projectId, hash })),
  )
  return new Map(found.flatMap(({ hash, issueId }) => (issueId ? [[hash, issueId]] : [])))
}

async function describe(
  sql: Sql,
  projectId: string,
  { plan, microsPerEvent }: { plan: Plan; microsPerEvent: number },
): Promise<RehearsalResult> {
  const { flows, adopt, made } = plan
  const [before, after] = [countBy(flows, "from"), countBy(flows, "into")]
  const ids = [...new Set([...before.keys(), ...after.keys()])].filter((id) => /^\d+$/.test(id))
  const names = new Map((await listIssueNames(sql, projectId, ids)).map((each) => [each.id, each]))
  const named = (id: string, events: number) => namedIssue(names.get(id), made[id], events)
  const joins = [...after.keys()].flatMap((into) => {
    const from = flows.filter((flow) => flow.into === into)
    if (from.length < 2) return []
    const parts = from.slice(0, MAX_SHOWN).map((flow) => named(flow.from, flow.events))
    return [{ into: named(into, after.get(into) ?? 0), from: parts }]
  })
  const splits = [...before.keys()].flatMap((from) => {
    const into = flows.filter((flow) => flow.from === from)
    if (into.length < 2) return []
    const parts = into.slice(0, MAX_SHOWN).map((flow) => named(flow.into, flow.events))
    return [{ from: named(from, before.get(from) ?? 0), into: parts }]
  })
  const events = flows.reduce((sum, flow) => sum + flow.events, 0)
  return {
    events,
    issuesBefore: before.size,
    issuesAfter: after.size,
    joins: joins.slice(0, MAX_SHOWN),
    splits: splits.slice(0, MAX_SHOWN),
    adopt,
    microsPerEvent,
  }
}

function namedIssue(
  known: IssueName | undefined,
  title: string | undefined,
  events: number,
): NamedIssue {
  if (!known) return { id: null, shortId: null, title: title ?? "", events }
  return { id: known.id, shortId: known.shortId, title: known.title, events }
}

function countBy(flows: readonly PlannedFlow[], side: "from" | "into"): Map<string, number> {
  const counts = new Map<string, number>()
  for (const flow of flows) counts.set(flow[side], (counts.get(flow[side]) ?? 0) + flow.events)
  return counts
}

import type { App } from "#app.ts"
import { countProjectEvents, findNewestOfIssue } from "#events/rewrite-store.ts"
import { compileProjectRules, type RuleTexts } from "#grouping/rules/project-rules.ts"
import { findIssueDays } from "#issues/moving/hash-store.ts"
import { listEmptyIssues, updateHidden } from "#issues/moving/merge-store.ts"
import {
  listStaying,
  lockMovable,
  updateAfterLoss,
  updateIssueName,
} from "#issues/moving/move-store.ts"
import type { JobData } from "#jobs.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { getProjectById } from "#projects/store.ts"
import {
  addProgress,
  findRuleChange,
  type KeptFlow,
  listFlows,
  type RuleChange,
  recordFlows,
  recordUndone,
  updateFlowHidden,
  updateRuleChange,
} from "./change-store.ts"
import { decideEvent, storedEvent } from "./decide-event.ts"
import { mergeInto } from "./merge-into.ts"
import { rewriteEvents } from "./rewrite-events.ts"

type Parts = Pick<App, "sql" | "clock" | "log" | "tasks">
type Key = { projectId: string; id: string }

/** Applies saved rules to what is stored. Issues that lose all their events are hidden; the change can be taken back. */
export async function regroupEvents(
  app: Parts,
  { projectId, changeId }: JobData<"regroup-events">,
  signal: AbortSignal,
): Promise<void> {
  const key = { projectId, id: changeId }
  const change = await findRuleChange(app.sql, key)
  if (change?.status !== "regrouping") return
  const renamed = await rewriteAll(app, change, change, signal)
  const flows = await listFlows(app.sql, key)
  await settleCounts(app, projectId, flows)
  await renameIssues(app, { ...change, renamed })
  await hideEmptied(app, key, flows)
  await finish(app, key, "regrouping", "regrouped")
}

/** Decides everything by the former rules again. Issues that were made for the change and have no events left go. */
export async function undoRegroup(
  app: Parts,
  { projectId, changeId }: JobData<"undo-regroup">,
  signal: AbortSignal,
): Promise<void> {
  const key = { projectId, id: changeId }
  const change = await findRuleChange(app.sql, key)
  if (change?.status !== "undoing") return
  const former = {
    stackTraceRules: change.formerStackTraceRules,
    fingerprintRules: change.formerFingerprintRules,
  }
  const renamed = await rewriteAll(app, change, former, signal)
  const flows = await listFlows(app.sql, key)
  await settleCounts(app, projectId, flows)
  await renameIssues(app, { projectId, ...former, renamed })
  await mergeEmptied(app, projectId, flows)
  await finish(app, key, "undoing", "undone")
}

/** Returns the issues that may have another name now: after a crash, which is all that is known, any. */
async function rewriteAll(
  app: Parts,
  change: RuleChange,
  texts: RuleTexts,
  signal: AbortSignal,
): Promise<Set<string>> {
  const { projectId, positionDay: day, positionEvent: event } = change
  const { organizationId } = await getProjectById(app.sql, projectId)
  const rules = compileProjectRules(texts)
  const issues = day === null ? new Set<string>() : await listStaying(app.sql, projectId, "all")
  if (day === null) {
    const total = await countProjectEvents(app.sql, projectId)
    await updateRuleChange(app.sql, change, change.status, { total })
  }
  const isUndo = change.status === "undoing"
  await rewriteEvents(
    app,
    {
      projectId,
      organizationId,
      rules,
      from: day !== null && event !== null ? { day, event } : null,
      onChunk: async (tx, { lookedAt, flows, renamed, ...position }) => {
        for (const id of renamed) issues.add(id)
        const moved = flows.reduce((sum, flow) => sum + flow.events, 0)
        await addProgress(tx, change, { lookedAt, moved, ...position })
        await (isUndo ? recordUndone(tx, change, flows) : recordFlows(tx, change, flows))
      },
    },
    signal,
  )
  return issues
}

/** An issue is called what its newest event is called. */
export async function renameIssues(
  { sql }: Pick<App, "sql">,
  { projectId, renamed, ...texts }: RuleTexts & { projectId: string; renamed: ReadonlySet<string> },
): Promise<void> {
  const rules = compileProjectRules(texts)
  for (const id of renamed) {
    const days = await findIssueDays(sql, { projectId, id })
    const row = days && (await findNewestOfIssue(sql, days))
    if (!row) continue
    const { occurrence } = decideEvent(row, storedEvent(row), { organizationId: "", rules })
    await sql.begin((tx) => updateIssueName(tx, { projectId, id }, occurrence))
  }
}

async function settleCounts({ sql }: Parts, projectId: string, flows: readonly KeptFlow[]) {
  const touched = [...new Set(flows.flatMap(({ from, into }) => [from, into]))]
  for (const id of touched) await sql.begin((tx) => updateAfterLoss(tx, projectId, id))
}

/** Each into the issue that got most of its events, or where that one went. */
async function hideEmptied({ sql }: Parts, key: Key, flows: readonly KeptFlow[]): Promise<void> {
  const { projectId } = key
  const empty = await listEmptyIssues(
    sql,
    projectId,
    flows.map(({ from }) => from),
  )
  const isEmpty = new Set(empty.map(({ id }) => id))
  for (const { id, status } of empty) {
    const flow = flows.find(({ from }) => from === id)
    const into = lastOf(id, flows, isEmpty)
    if (!flow || !into) continue
    await sql.begin(async (tx) => {
      const movable = await lockMovable(tx, projectId, [id, into])
      if (movable.size < 2 || (await listEmptyIssues(tx, projectId, [id])).length === 0) return
      await updateHidden(tx, { projectId, id }, into)
      await updateFlowHidden(tx, key, { ...flow, hiddenStatus: status })
    })
  }
}

async function mergeEmptied(
  app: Parts,
  projectId: string,
  flows: readonly KeptFlow[],
): Promise<void> {
  const empty = await listEmptyIssues(
    app.sql,
    projectId,
    flows.map(({ into }) => into),
  )
  const isEmpty = new Set(empty.map(({ id }) => id))
  const back = flows.map(({ from, into }) => ({ from: into, into: from }))
  for (const { id } of empty) {
    const target = lastOf(id, back, isEmpty)
    if (target) await app.sql.begin((tx) => mergeInto(app, tx, { projectId, id, into: target }))
  }
}

/** Where the events of an issue went in the end; null when that leads nowhere. */
function lastOf(
  start: string,
  flows: readonly { from: string; into: string }[],
  isEmpty: ReadonlySet<string>,
): string | null {
  const seen = new Set<string>()
  let id: string | undefined = start
  while (id !== undefined && isEmpty.has(id) && !seen.has(id)) {
    seen.add(id)
    const at: string = id
    id = flows.find(({ from }) => from === at)?.into
  }
  return id === undefined || isEmpty.has(id) ? null : id
}

async function finish(
  app: Parts,
  key: Key,
  from: "regrouping" | "undoing",
  status: "regrouped" | "undone",
): Promise<void> {
  const at = app.clock.now()
  await app.sql.begin(async (tx) => {
    await updateRuleChange(tx, key, from, { status, finishedAt: at })
    await updateChangeSeq(tx, [{ projectId: key.projectId, firstEventAt: at }])
  })
  app.log.info({ projectId: key.projectId, changeId: key.id, status }, "stored events regrouped")
}

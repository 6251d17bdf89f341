import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { App } from "#app.ts"
import type { RuleTexts } from "#grouping/rules/project-rules.ts"
import { updateHashesAdopted } from "#issues/moving/hash-store.ts"
import { findRedirect, updateShown } from "#issues/moving/merge-store.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { transact } from "#platform/transact.ts"
import { ruleTextsOf } from "#projects/settings.ts"
import { lockProjectSettings, type Project, updateProjectRules } from "#projects/store.ts"
import {
  deleteOldRuleChanges,
  findRuleChange,
  insertRuleChange,
  isChangeUnderWay,
  listFlows,
  listSettling,
  type RuleChange,
  takeStuckChanges,
  updateFlowHidden,
  updateRuleChange,
} from "./change-store.ts"
import { mergeInto } from "./merge-into.ts"

/** As long as a change of stored events can be taken back. */
export const UNDO_DAYS = 7
const KEPT_DAYS = 90
const DAY_MS = 86_400_000
/** Longer than any step of a job takes, and than it waits between two tries. */
const STUCK_MS = 2 * 3_600_000
/** Workers look at a project's settings this often, and a little more: what they decide before is decided anew. */
const SETTINGS_DELAY_MS = 15_000

type Parts = Pick<App, "sql" | "tasks" | "clock">
type Request = { project: Project; changeId: string; actor: Actor }

/** Writes rules down to be tried on what is stored; nothing else changes yet. Returns the change's id. */
export function proposeRules(
  app: Parts,
  { project, texts, actor }: { project: Project; texts: RuleTexts; actor: Actor },
): Promise<string> {
  return transact(app.sql, async (tx) => {
    const id = await insertRuleChange(tx, {
      ...texts,
      projectId: project.id,
      former: ruleTextsOf(project.settings),
      createdBy: actor.userId,
      at: app.clock.now(),
    })
    await app.tasks.insert(tx, "rehearse-rules", [{ projectId: project.id, changeId: id }])
    return id
  })
}

/** New events follow the rules from now on; stored ones too when that is asked for. */
export async function saveRules(
  app: Parts,
  request: Request & { regroup: boolean },
): Promise<void> {
  const { project, regroup } = request
  await transact(app.sql, async (tx) => {
    if (regroup) await adoptHashes(tx, request)
    const change = await lockChange(tx, request, ["rehearsed"])
    const former = {
      stackTraceRules: change.formerStackTraceRules,
      fingerprintRules: change.formerFingerprintRules,
    }
    await replaceRules(tx, request, { from: former, to: change })
    const status = regroup ? "regrouping" : "saved"
    await updateRuleChange(tx, change, "rehearsed", { status, lookedAt: 0 })
    if (!regroup) return
    const startAfter = new Date(app.clock.now().getTime() + SETTINGS_DELAY_MS)
    const rows = [{ projectId: project.id, changeId: change.id }]
    await app.tasks.insert(tx, "regroup-events", rows, { startAfter })
  })
}

/** Before the project is locked, which everybody else locks behind issues. */
async function showHidden(tx: Tx, { project, changeId }: Request): Promise<void> {
  const key = { projectId: project.id, id: changeId }
  const hidden = (await listFlows(tx, key)).filter(({ hiddenStatus }) => hiddenStatus !== null)
  for (const flow of hidden.toSorted((a, b) => Number(a.from) - Number(b.from))) {
    await updateShown(tx, { projectId: project.id, id: flow.from }, flow.hiddenStatus ?? 0)
    await updateFlowHidden(tx, key, { ...flow, hiddenStatus: null })
  }
}

/**
 * Events that come before the stored ones are regrouped go where those will go. Before the project is locked, which batches lock behind
 * hashes, too.
 */
async function adoptHashes(tx: Tx, { project, changeId }: Request): Promise<void> {
  const change = await findRuleChange(tx, { projectId: project.id, id: changeId })
  await updateHashesAdopted(tx, project.id, change?.result?.adopt ?? {})
}

/** The former rules, and every stored event where it was. */
export async function undoRules(app: Parts, request: Request): Promise<void> {
  const { project } = request
  const now = app.clock.now()
  await transact(app.sql, async (tx) => {
    await showHidden(tx, request)
    const change = await lockChange(tx, request, ["regrouped"])
    if (now.getTime() - (change.finishedAt?.getTime() ?? 0) > UNDO_DAYS * DAY_MS) {
      throw new AppError("conflict", `Changes can be taken back for ${UNDO_DAYS} days.`)
    }
    const former = {
      stackTraceRules: change.formerStackTraceRules,
      fingerprintRules: change.formerFingerprintRules,
    }
    await replaceRules(tx, request, { from: change, to: former })
    const afresh = {
      lookedAt: 0,
      moved: 0,
      positionDay: null,
      positionEvent: null,
      finishedAt: null,
    }
    await updateRuleChange(tx, change, "regrouped", { status: "undoing", ...afresh })
    const startAfter = new Date(now.getTime() + SETTINGS_DELAY_MS)
    const rows = [{ projectId: project.id, changeId: change.id }]
    await app.tasks.insert(tx, "undo-regroup", rows, { startAfter })
  })
}

async function lockChange(
  tx: Tx,
  { project, changeId }: Request,
  states: readonly RuleChange["status"][],
): Promise<RuleChange> {
  await lockProjectSettings(tx, project.id)
  const change = await findRuleChange(tx, { projectId: project.id, id: changeId })
  if (!change) throw new AppError("not_found", "There is no such change.")
  if (!states.includes(change.status)) {
    throw new AppError("conflict", "Somebody was faster: look at the change again.")
  }
  if (await isChangeUnderWay(tx, project.id)) {
    throw new AppError(
      "conflict",
      "Another change is still being applied. Wait until that is done.",
    )
  }
  return change
}

/** Only where nobody else has changed the rules meanwhile. */
async function replaceRules(
  tx: Tx,
  { project, actor }: Request,
  { from, to }: { from: RuleTexts; to: RuleTexts },
): Promise<void> {
  const settings = await lockProjectSettings(tx, project.id)
  const now = ruleTextsOf(settings)
  if (
    now.stackTraceRules !== from.stackTraceRules ||
    now.fingerprintRules !== from.fingerprintRules
  ) {
    throw new AppError(
      "conflict",
      "The project's rules have been changed meanwhile. Start from those.",
    )
  }
  const { stackTraceRules, fingerprintRules } = to
  await updateProjectRules(tx, project.id, { stackTraceRules, fingerprintRules })
  await audit(tx, project.organizationId, actor, {
    action: "project.edit",
    targetType: "project",
    targetId: project.id,
    data: { slug: project.slug, changed: "grouping rules" },
  })
}

/**
 * After a week hidden issues become part of those that got their events; old changes are forgotten, and jobs that stand still are started
 * again: two of one change do no harm.
 */
export async function settleRuleChanges(app: Parts): Promise<void> {
  const ago = (days: number) => new Date(app.clock.now().getTime() - days * DAY_MS)
  await restartStuck(app, new Date(app.clock.now().getTime() - STUCK_MS))
  for (const key of await listSettling(app.sql, ago(UNDO_DAYS))) {
    for (const flow of await listFlows(app.sql, key)) {
      if (flow.hiddenStatus === null) continue
      const issue = { projectId: key.projectId, id: flow.from }
      await app.sql.begin(async (tx) => {
        const into = await findRedirect(tx, issue)
        if (into) await mergeInto(app, tx, { ...issue, into })
        await updateFlowHidden(tx, key, { ...flow, hiddenStatus: null })
      })
    }
  }
  await deleteOldRuleChanges(app.sql, ago(KEPT_DAYS))
}

async function restartStuck({ sql, tasks }: Parts, before: Date): Promise<void> {
  await sql.begin(async (tx) => {
    const stuck = await takeStuckChanges(tx, before)
    const rowsOf = (status: RuleChange["status"]) =>
      stuck.flatMap((each) =>
        each.status === status ? [{ projectId: each.projectId, changeId: each.id }] : [],
      )
    await tasks.insert(tx, "regroup-events", rowsOf("regrouping"))
    await tasks.insert(tx, "undo-regroup", rowsOf("undoing"))
  })
}

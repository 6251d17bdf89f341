import type { App } from "#app.ts"
import type { Tx } from "#platform/db.ts"
import { transact } from "#platform/transact.ts"
import { insertActivity } from "../activity/store.ts"
import { type IssueAction, type IssueRef, PRIORITY, STATUS, type Substatus } from "../issue.ts"
import { deleteIssueCommits } from "../resolving/resolution-store.ts"
import { resolveIssues } from "../resolving/resolve.ts"
import {
  type Changed,
  deleteBookmarks,
  insertBookmarks,
  type LockedIssue,
  lockIssues,
  recordSubscriptions,
  updateArchived,
  updateAssignee,
  updatePriority,
  updateReviewed,
  updateUndone,
  updateUnresolved,
} from "./store.ts"

type Act<Kind extends IssueAction["kind"]> = {
  app: Pick<App, "tasks" | "clock">
  tx: Tx
  issues: readonly LockedIssue[]
  /** null: a rule or the system itself. */
  actor: string | null
  action: Extract<IssueAction, { kind: Kind }>
}

/** Everything that can be done to issues: the pages' forms, bulk actions and the API end here. */
const acts: { [Kind in IssueAction["kind"]]: (act: Act<Kind>) => Promise<Changed[]> } = {
  resolve,
  unresolve,
  undo,
  archive,
  assign,
  priority,
  bookmark,
  subscribe,
  review,
}

/**
 * Does one thing to many issues in one transaction, writes their history and tells whom it concerns. Issues that are already so,
 * or are being deleted, stay untouched. Returns those that changed.
 */
export async function applyAction(
  app: Pick<App, "sql" | "tasks" | "clock">,
  request: { issues: readonly IssueRef[]; actor: string | null; action: IssueAction },
): Promise<Changed[]> {
  if (request.issues.length === 0) return []
  return transact(app.sql, async (tx) => {
    const issues = await lockIssues(tx, request.issues)
    const act = acts[request.action.kind] as (act: Act<IssueAction["kind"]>) => Promise<Changed[]>
    return act({ app, tx, issues, actor: request.actor, action: request.action })
  })
}

async function resolve({ app, tx, issues, actor, action }: Act<"resolve">) {
  const request = { in: action.in, by: actor, at: app.clock.now(), before: beforeOf(issues) }
  const changed = await resolveIssues(tx, issues, request)
  await follow(tx, changed, actor, "resolved")
  return changed
}

/** By id. */
function beforeOf(issues: readonly LockedIssue[]) {
  return new Map(issues.map(({ id, before }) => [id, before]))
}

async function unresolve({ app, tx, issues, actor }: Act<"unresolve">) {
  const at = app.clock.now()
  const changed = await updateUnresolved(tx, issues, at)
  await deleteIssueCommits(tx, changed)
  await insertActivity(tx, changed, { type: "set_unresolved", userId: actor, at })
  return changed
}

async function undo({ app, tx, issues, actor }: Act<"undo">) {
  const changed = await updateUndone(tx, issues, actor)
  const reopened = changed.filter(({ status }) => status === STATUS.unresolved)
  const others = changed.filter(({ status }) => status !== STATUS.unresolved)
  const entry = { userId: actor, at: app.clock.now() }
  await deleteIssueCommits(tx, reopened)
  await insertActivity(tx, reopened, { ...entry, type: "set_unresolved", data: { undo: true } })
  await insertActivity(tx, others, { ...entry, type: "undo" })
  return changed
}

const ARCHIVED: Record<Act<"archive">["action"]["how"], Substatus> = {
  until_escalating: "archived_until_escalating",
  until_condition: "archived_until_condition_met",
  forever: "archived_forever",
}

async function archive({ app, tx, issues, actor, action }: Act<"archive">) {
  const substatus = ARCHIVED[action.how]
  const at = app.clock.now()
  const changed = await updateArchived(tx, issues, { substatus, rule: action.rule, by: actor, at })
  await insertActivity(tx, changed, {
    type: "set_ignored",
    userId: actor,
    data: { substatus, ...action.rule },
    at,
    before: beforeOf(issues),
  })
  return changed
}

async function assign({ app, tx, issues, actor, action }: Act<"assign">) {
  const { to } = action
  const userId = to && "userId" in to ? to.userId : null
  const teamId = to && "teamId" in to ? to.teamId : null
  const changed = await updateAssignee(tx, issues, { userId, teamId })
  const entries = await insertActivity(tx, changed, {
    type: to ? "assigned" : "unassigned",
    userId: actor,
    data: to ? { assignee: userId ?? teamId, assigneeType: userId ? "user" : "team" } : {},
    at: app.clock.now(),
  })
  await follow(tx, changed, userId, "assigned")
  if (to && entries.length > 0) {
    const rows = entries.map(({ projectId, issueId, id }) => ({
      projectId,
      issueId,
      activityId: id,
    }))
    await app.tasks.insert(tx, "notify-assignment", rows)
  }
  return changed
}

async function priority({ app, tx, issues, actor, action }: Act<"priority">) {
  const at = app.clock.now()
  const changed = await updatePriority(tx, issues, PRIORITY[action.priority], at)
  await insertActivity(tx, changed, {
    type: "set_priority",
    userId: actor,
    data: { priority: action.priority },
    at,
  })
  return changed
}

async function bookmark({ tx, issues, actor, action }: Act<"bookmark">) {
  if (!actor) return []
  await (action.on ? insertBookmarks(tx, issues, actor) : deleteBookmarks(tx, issues, actor))
  return [...issues]
}

async function subscribe({ tx, issues, actor, action }: Act<"subscribe">) {
  if (!actor) return []
  await recordSubscriptions(tx, issues, {
    userId: actor,
    isActive: action.on,
    reason: action.on ? "manual" : "unsubscribed",
    isExplicit: true,
  })
  return [...issues]
}

async function review({ app, tx, issues, actor }: Act<"review">) {
  const changed = await updateReviewed(tx, issues)
  await insertActivity(tx, changed, { type: "mark_reviewed", userId: actor, at: app.clock.now() })
  return changed
}

/** Who takes part hears how it goes on, unless they said no. */
async function follow(tx: Tx, issues: readonly IssueRef[], userId: string | null, reason: string) {
  if (!userId || issues.length === 0) return
  await recordSubscriptions(tx, issues, { userId, isActive: true, reason, isExplicit: false })
}

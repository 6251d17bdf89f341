import type { Db, Tx } from "#platform/db.ts"
import type { Flow } from "./move-events.ts"

export type ChangeStatus =
  | "rehearsing"
  | "rehearsed"
  | "saved"
  | "regrouping"
  | "regrouped"
  | "undoing"
  | "undone"
  | "failed"

export type Texts = { stackTraceRules: string; fingerprintRules: string }

/** An issue as a rehearsal names it; null id: it would be made. */
export type NamedIssue = {
  id: string | null
  shortId: string | null
  title: string
  events: number
}

/** What a rehearsal found. */
export type RehearsalResult = {
  events: number
  issuesBefore: number
  issuesAfter: number
  joins: { into: NamedIssue; from: NamedIssue[] }[]
  splits: { from: NamedIssue; into: NamedIssue[] }[]
  adopt: Record<string, string>
  microsPerEvent: number
}

export type RuleChange = {
  projectId: string
  id: string
  status: ChangeStatus
  stackTraceRules: string
  fingerprintRules: string
  formerStackTraceRules: string
  formerFingerprintRules: string
  createdByName: string | null
  createdAt: Date
  finishedAt: Date | null
  total: string
  lookedAt: string
  moved: string
  positionDay: string | null
  positionEvent: string | null
  result: RehearsalResult | null
  error: string | null
}

const columns = (db: Db) => db`
  c.project_id, c.id, c.status, c.stack_trace_rules, c.fingerprint_rules, c.former_stack_trace_rules,
  c.former_fingerprint_rules, coalesce(nullif(u.name, ''), u.email) as created_by_name, c.created_at, c.finished_at,
  c.total, c.looked_at, c.moved, c.position_day::text as position_day, c.position_event::text as position_event, c.result, c.error`

export async function insertRuleChange(
  tx: Tx,
  change: Texts & { projectId: string; former: Texts; createdBy: string | null; at: Date },
): Promise<string> {
  const [row] = await tx<{ id: string }[]>`
    insert into rule_changes (project_id, status, stack_trace_rules, fingerprint_rules, former_stack_trace_rules,
      former_fingerprint_rules, created_by, created_at)
    values (${change.projectId}, 'rehearsing', ${change.stackTraceRules}, ${change.fingerprintRules},
      ${change.former.stackTraceRules}, ${change.former.fingerprintRules}, ${change.createdBy}, ${change.at})
    returning id`
  return row?.id ?? ""
}

export async function findRuleChange(
  db: Db,
  key: { projectId: string; id: string },
): Promise<RuleChange | null> {
  const [row] = await db<RuleChange[]>`
    select ${columns(db)} from rule_changes c left join users u on u.id = c.created_by
    where c.project_id = ${key.projectId} and c.id = ${key.id}`
  return row ?? null
}

/** Newest first. */
export function listRuleChanges(db: Db, projectId: string, limit: number): Promise<RuleChange[]> {
  return db<RuleChange[]>`
    select ${columns(db)} from rule_changes c left join users u on u.id = c.created_by
    where c.project_id = ${projectId} order by c.id desc limit ${limit}`
}

type Changes = Partial<{
  status: ChangeStatus
  finishedAt: Date | null
  total: number
  lookedAt: number
  moved: number
  positionDay: string | null
  positionEvent: string | null
  error: string | null
}>

/** Returns whether it was in that state; two buttons pressed at once act once. */
export async function updateRuleChange(
  db: Db,
  key: { projectId: string; id: string },
  from: ChangeStatus,
  changes: Changes,
): Promise<boolean> {
  const { count } = await db`
    update rule_changes set ${db(changes)}, touched_at = now()
    where project_id = ${key.projectId} and id = ${key.id} and status = ${from}`
  return count > 0
}

export async function updateRehearsed(
  db: Db,
  key: { projectId: string; id: string },
  result: RehearsalResult,
): Promise<void> {
  await db`
    update rule_changes set status = 'rehearsed', result = ${db.json(result as never)}, looked_at = ${result.events}
    where project_id = ${key.projectId} and id = ${key.id} and status = 'rehearsing'`
}

/** Progress of a job, in the transaction of what it did. */
export async function addProgress(
  tx: Tx,
  key: { projectId: string; id: string },
  done: { lookedAt: number; moved: number; day: string; event: string },
): Promise<void> {
  await tx`
    update rule_changes set looked_at = looked_at + ${done.lookedAt}, moved = moved + ${done.moved},
      position_day = ${done.day}::date, position_event = ${done.event}::uuid, touched_at = now()
    where project_id = ${key.projectId} and id = ${key.id}`
}

export async function recordFlows(
  tx: Tx,
  key: { projectId: string; id: string },
  flows: readonly Flow[],
): Promise<void> {
  if (flows.length === 0) return
  await tx`
    insert into rule_change_issues as known (project_id, change_id, issue_id, into_issue_id, events)
    select ${key.projectId}, ${key.id}, issue_id, into_issue_id, events
    from unnest(
      ${flows.map(({ from }) => from)}::bigint[], ${flows.map(({ into }) => into)}::bigint[],
      ${flows.map(({ events }) => events)}::bigint[]) as flow (issue_id, into_issue_id, events)
    order by issue_id, into_issue_id
    on conflict (project_id, change_id, issue_id, into_issue_id)
    do update set events = known.events + excluded.events`
}

/** What taking back moved, as the change would have: issues that came after it are among these. */
export async function recordUndone(
  tx: Tx,
  key: { projectId: string; id: string },
  flows: readonly Flow[],
): Promise<void> {
  if (flows.length === 0) return
  await tx`
    insert into rule_change_issues (project_id, change_id, issue_id, into_issue_id, events)
    select ${key.projectId}, ${key.id}, issue_id, into_issue_id, events
    from unnest(
      ${flows.map(({ into }) => into)}::bigint[], ${flows.map(({ from }) => from)}::bigint[],
      ${flows.map(({ events }) => events)}::bigint[]) as flow (issue_id, into_issue_id, events)
    order by issue_id, into_issue_id
    on conflict do nothing`
}

/** Whether stored events of the project are being moved by any change of its rules. */
export async function isChangeUnderWay(db: Db, projectId: string): Promise<boolean> {
  const rows = await db`
    select 1 from rule_changes
    where project_id = ${projectId} and status in ('regrouping', 'undoing') limit 1`
  return rows.length > 0
}

/** Changes whose task has not come on since `before`: it gave up, or its worker is gone. They count as touched now. */
export function takeStuckChanges(
  tx: Tx,
  before: Date,
): Promise<{ projectId: string; id: string; status: "regrouping" | "undoing" }[]> {
  return tx<{ projectId: string; id: string; status: "regrouping" | "undoing" }[]>`
    update rule_changes set touched_at = now()
    where status in ('regrouping', 'undoing') and touched_at < ${before}
    returning project_id, id, status`
}

export type KeptFlow = { from: string; into: string; events: string; hiddenStatus: number | null }

/** The largest first. */
export function listFlows(db: Db, key: { projectId: string; id: string }): Promise<KeptFlow[]> {
  return db<KeptFlow[]>`
    select issue_id as "from", into_issue_id as "into", events, hidden_status from rule_change_issues
    where project_id = ${key.projectId} and change_id = ${key.id}
    order by events desc, issue_id, into_issue_id`
}

export async function updateFlowHidden(
  tx: Tx,
  key: { projectId: string; id: string },
  flow: { from: string; into: string; hiddenStatus: number | null },
): Promise<void> {
  await tx`
    update rule_change_issues set hidden_status = ${flow.hiddenStatus}
    where project_id = ${key.projectId} and change_id = ${key.id} and issue_id = ${flow.from} and into_issue_id = ${flow.into}`
}

/** Changes that can no longer be taken back and still hide issues. */
export function listSettling(db: Db, before: Date): Promise<{ projectId: string; id: string }[]> {
  return db<{ projectId: string; id: string }[]>`
    select c.project_id, c.id from rule_changes c
    where c.status = 'regrouped' and c.finished_at < ${before}
      and exists (
        select from rule_change_issues i
        where i.project_id = c.project_id and i.change_id = c.id and i.hidden_status is not null)
    order by c.project_id, c.id limit 100`
}

export async function deleteOldRuleChanges(db: Db, before: Date): Promise<void> {
  await db`
    delete from rule_changes
    where created_at < ${before} and status in ('rehearsed', 'saved', 'regrouped', 'undone', 'failed')`
}

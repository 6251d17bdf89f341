import type { App } from "#app.ts"
import { listNewestOfHashes } from "#events/rewrite-store.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import { insertActivity } from "#issues/activity/store.ts"
import type { IssueRef } from "#issues/issue.ts"
import {
  findIssueDays,
  type IssueHash,
  listIssueHashes,
  updateHashesIssue,
} from "#issues/moving/hash-store.ts"
import { lockMovable } from "#issues/moving/move-store.ts"
import { makeEmptyIssue } from "#issues/occurrences/recording.ts"
import { AppError } from "#platform/errors.ts"
import { transact } from "#platform/transact.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { ruleTextsOf } from "#projects/settings.ts"
import { type DecidedEvent, decideEvent, storedEvent } from "./decide-event.ts"

/** Fingerprints that an issue can be taken apart by. */
const MAX_HASHES = 500
/** A batch that had asked where the fingerprints lead is stored by then, and followed by a second task. */
const BATCHES_UNDER_WAY_MS = 60_000

type Request = {
  issue: IssueRef & { organizationId: string; projectSettings: Record<string, unknown> }
  hashIds: readonly string[]
  actor: string | null
}

/**
 * Takes fingerprints out of an issue and makes another one of them. It stays so: events to come go where their fingerprint leads, and
 * nothing but another merge changes that. What is stored follows in a task. Returns the new issue's id.
 */
export async function unmergeHashes(
  app: Pick<App, "sql" | "tasks" | "clock">,
  request: Request,
): Promise<string> {
  const { issue, actor } = request
  const { chosen, newest } = await choose(app, request)
  const at = app.clock.now()
  return transact(app.sql, async (tx) => {
    const into = await makeEmptyIssue(tx, newest.occurrence)
    const movable = await lockMovable(tx, issue.projectId, [issue.id])
    const hashIds = chosen.map(({ id }) => id)
    const moved = await updateHashesIssue(tx, { ...issue, into }, hashIds)
    if (!movable.has(issue.id) || moved < chosen.length) {
      throw new AppError("conflict", "Somebody else has changed this issue. Look at it again.")
    }
    const fingerprints = chosen.map(({ hash }) => hash)
    const entry = { userId: actor, at }
    await insertActivity(tx, [issue], {
      ...entry,
      type: "unmerge_source",
      data: { fingerprints, destination: into },
    })
    await insertActivity(tx, [{ projectId: issue.projectId, id: into }], {
      ...entry,
      type: "unmerge_destination",
      data: { fingerprints, source: issue.id },
    })
    const { projectId, id: issueId } = issue
    await app.tasks.insert(tx, "follow-hashes", [{ projectId, issueId }])
    const startAfter = new Date(at.getTime() + BATCHES_UNDER_WAY_MS)
    await app.tasks.insert(tx, "follow-hashes", [{ projectId, issueId, into }], { startAfter })
    await updateChangeSeq(tx, [{ projectId: issue.projectId, firstEventAt: at }])
    return into
  })
}

/** The fingerprints that leave, with those that only ever came along with them. */
async function choose({ sql }: Pick<App, "sql">, { issue, hashIds }: Request) {
  const days = await findIssueDays(sql, issue)
  const hashes = days ? await listIssueHashes(sql, days, MAX_HASHES) : []
  const chosen = hashes.filter(({ id }) => hashIds.includes(id))
  const rest = hashes.filter(({ id, events }) => !hashIds.includes(id) && events > 0)
  if (!days || chosen.length === 0 || chosen.length < new Set(hashIds).size) {
    throw new AppError("invalid", "Select fingerprints of this issue.")
  }
  if (rest.length === 0) {
    throw new AppError("invalid", "Leave at least one fingerprint with events in this issue.")
  }
  const rules = compileProjectRules(ruleTextsOf(issue.projectSettings))
  const rows = await listNewestOfHashes(
    sql,
    days,
    hashes.map(({ id }) => id),
  )
  const decided = rows.map((row) => decideEvent(row, storedEvent(row), { ...issue, rules }))
  const ofChosen = decided.filter(({ row }) => hashIds.includes(row.hashId))
  const newest = ofChosen.toSorted((a, b) => +b.row.receivedAt - +a.row.receivedAt)[0]
  if (!newest) throw new AppError("invalid", "No stored event came by these fingerprints.")
  const companions = companionsOf(hashes, decided, hashIds)
  return { chosen: [...chosen, ...companions], newest }
}

/** Most events have two hashes and come by the first; the second must not lead back. */
function companionsOf(
  hashes: readonly IssueHash[],
  decided: readonly DecidedEvent[],
  hashIds: readonly string[],
): IssueHash[] {
  const hashesOf = (isChosen: boolean) =>
    new Set(
      decided
        .filter(({ row }) => hashIds.includes(row.hashId) === isChosen)
        .flatMap(({ occurrence }) => occurrence.hashes),
    )
  const [leaving, staying] = [hashesOf(true), hashesOf(false)]
  return hashes.filter(
    ({ id, hash, events }) =>
      events === 0 && !hashIds.includes(id) && leaving.has(hash) && !staying.has(hash),
  )
}

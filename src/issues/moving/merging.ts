import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { transact } from "#platform/transact.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { insertActivity } from "../activity/store.ts"
import type { IssueRef } from "../issue.ts"
import {
  lockMergeCandidates,
  type MergeCandidate,
  updateHashesMerged,
  updateMerged,
} from "./merge-store.ts"

/** More than somebody can have looked at before saying that they are one. */
const MAX_MERGED = 100

export type Merged = { target: MergeCandidate; sources: MergeCandidate[] }

/**
 * Makes issues of one project one: the one that was seen first stays. Events to come go there at once, and the others' addresses
 * lead there; what is stored follows in a task.
 */
export async function mergeIssues(
  app: Pick<App, "sql" | "tasks" | "clock">,
  request: { issues: readonly IssueRef[]; actor: string | null },
): Promise<Merged> {
  checkMergeable(request.issues)
  const at = app.clock.now()
  return transact(app.sql, async (tx) => {
    const candidates = await lockMergeCandidates(tx, request.issues)
    const [target, ...sources] = survivorFirst(candidates)
    if (!target || sources.length === 0) {
      throw new AppError("conflict", "Some of these issues are gone. Merging needs at least two.")
    }
    await updateMerged(tx, target, sources)
    await updateHashesMerged(tx, target, sources)
    await insertActivity(tx, [target], {
      type: "merge",
      userId: request.actor,
      data: { issues: sources.map(({ id, shortId, title }) => ({ id, shortId, title })) },
      at,
    })
    await app.tasks.insert(tx, "follow-merge", [
      { projectId: target.projectId, issueId: target.id },
    ])
    await updateChangeSeq(tx, [{ projectId: target.projectId, firstEventAt: target.firstSeen }])
    return { target, sources }
  })
}

/** The one that stays was seen first, then most often, then is the oldest. */
export function survivorFirst<Issue extends Pick<MergeCandidate, "id" | "timesSeen" | "firstSeen">>(
  issues: readonly Issue[],
): Issue[] {
  return issues.toSorted(
    (a, b) =>
      a.firstSeen.getTime() - b.firstSeen.getTime() ||
      Number(BigInt(b.timesSeen) - BigInt(a.timesSeen)) ||
      Number(BigInt(a.id) - BigInt(b.id)),
  )
}

export function checkMergeable(issues: readonly IssueRef[]): void {
  if (issues.length < 2 || issues.length > MAX_MERGED) {
    throw new AppError("invalid", `Select 2 to ${MAX_MERGED} issues to merge.`)
  }
  if (new Set(issues.map(({ projectId }) => projectId)).size > 1) {
    throw new AppError("invalid", "Only issues of one project can be merged.")
  }
}

import { type Actor, audit } from "#accounts/organizations/actor.ts"
import type { App } from "#app.ts"
import { transact } from "#platform/transact.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import type { IssueRef } from "../issue.ts"
import {
  deleteTombstone,
  insertTombstones,
  type LeavingIssue,
  updateLeaving,
} from "./deleting-store.ts"

/**
 * Issues are gone at once and their rows within minutes. The next such event makes a new issue, or with `discard` is dropped, and so
 * are all after it. Returns those that were there.
 */
export async function deleteIssuesForGood(
  app: Pick<App, "sql" | "clock">,
  request: {
    organizationId: string
    issues: readonly IssueRef[]
    actor: Actor
    discard: boolean
  },
): Promise<LeavingIssue[]> {
  const { organizationId, issues, actor, discard } = request
  const at = app.clock.now()
  return transact(app.sql, async (tx) => {
    const leaving = await updateLeaving(tx, issues)
    if (discard) await insertTombstones(tx, leaving, { userId: actor.userId, at })
    for (const { projectId, id, shortId, title } of leaving) {
      await audit(tx, organizationId, actor, {
        action: discard ? "issue.discard" : "issue.delete",
        targetType: "issue",
        targetId: id,
        data: { projectId, shortId, title },
      })
    }
    const projects = [...new Set(leaving.map(({ projectId }) => projectId))]
    if (projects.length > 0) {
      const rows = projects.map((projectId) => ({ projectId, firstEventAt: at }))
      await updateChangeSeq(tx, rows)
    }
    return leaving
  })
}

/** What was discarded may come again. Returns its title, null when it is not there. */
export async function takeDiscardBack(
  app: Pick<App, "sql">,
  request: { organizationId: string; projectId: string; tombstoneId: string; actor: Actor },
): Promise<string | null> {
  const { organizationId, projectId, tombstoneId, actor } = request
  return transact(app.sql, async (tx) => {
    const title = await deleteTombstone(tx, { projectId, id: tombstoneId })
    if (title === null) return null
    await audit(tx, organizationId, actor, {
      action: "issue.undiscard",
      targetType: "project",
      targetId: projectId,
      data: { title },
    })
    return title
  })
}

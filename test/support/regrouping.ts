import { cliActor } from "#accounts/organizations/actor.ts"
import type { App } from "#app.ts"
import { findIssueDetail } from "#issues/detail-store.ts"
import { regroupEvents, undoRegroup } from "#maintenance/regroup/regroup.ts"
import { rehearseRules } from "#maintenance/regroup/rehearse.ts"
import { proposeRules, saveRules, undoRules } from "#maintenance/regroup/rule-changes.ts"
import { getProjectById } from "#projects/store.ts"
import { type GivenProject, givenEvents } from "./issues.ts"

const signal = new AbortController().signal

/** An error in one module, for one user. */
export const oops = (module: string, user: string, type = "Oops") => ({
  platform: "python",
  user: { id: user },
  tags: { module },
  exception: {
    values: [
      { type, value: module, stacktrace: { frames: [{ module, function: "go", in_app: true }] } },
    ],
  },
})

/** A project whose rules are changed, step by step as tasks and pages do it. */
export function regroupingIn(app: App, shop: GivenProject) {
  const { projectId } = shop
  const requestOf = async (changeId: string) => ({
    project: await getProjectById(app.sql, projectId),
    changeId,
    actor: cliActor,
  })
  return {
    /** Returns the issue of the last event. */
    send: async (...events: object[]) => (await givenEvents(app, shop, events)).issueId,
    detail: async (id: string) => (await findIssueDetail(app.sql, shop.organizationId, id))?.issue,
    /** Ids of the issues that anybody can see. */
    async visible() {
      const rows = await app.sql<{ id: string }[]>`
        select id from issues where project_id = ${projectId} and status < 3 order by id`
      return rows.map(({ id }) => id)
    },
    async propose(fingerprintRules: string, stackTraceRules = ""): Promise<string> {
      const texts = { fingerprintRules, stackTraceRules }
      const project = await getProjectById(app.sql, projectId)
      const changeId = await proposeRules(app, { project, texts, actor: cliActor })
      await rehearseRules(app, { projectId, changeId }, signal)
      return changeId
    },
    save: async (changeId: string) =>
      saveRules(app, { ...(await requestOf(changeId)), regroup: true }),
    regroup: (changeId: string, until = signal) =>
      regroupEvents(app, { projectId, changeId }, until),
    async undo(changeId: string): Promise<void> {
      await undoRules(app, await requestOf(changeId))
      await undoRegroup(app, { projectId, changeId }, signal)
    },
  }
}

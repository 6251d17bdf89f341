import { expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { followHashes } from "#maintenance/regroup/follow-hashes.ts"
import { regroupEvents, undoRegroup } from "#maintenance/regroup/regroup.ts"
import { rehearseRules } from "#maintenance/regroup/rehearse.ts"
import { proposeRules, saveRules, undoRules } from "#maintenance/regroup/rule-changes.ts"
import { unmergeHashes } from "#maintenance/regroup/unmerge.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { AppError } from "#platform/errors.ts"
import { isPassing } from "#platform/transact.ts"
import { getProjectById } from "#projects/store.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { givenShop, saveEvents } from "../support/issues.ts"

const app = await testApp()
const signal = new AbortController().signal
const MODULES = ["a", "b", "c", "d", "e", "f"]

const pick = <T>(values: readonly T[]) => values[Math.floor(Math.random() * values.length)]!
const oops = () => {
  const module = pick(MODULES)
  const frames = [
    { module: pick(["django", "flask"]), function: "run", in_app: false },
    { module, function: "go", in_app: true },
  ]
  return {
    platform: "python",
    environment: pick(["live", "test"]),
    user: { id: pick(["1", "2", "3", "4"]) },
    tags: { module },
    exception: { values: [{ type: "Oops", value: module, stacktrace: { frames } }] },
  }
}

test("whatever is merged, taken apart, deleted, regrouped and taken back while workers save, counts are exact", async () => {
  const shop = await givenShop(app)
  const { projectId, organizationId } = shop
  await saveEvents(app, shop, MODULES.map(oops))
  const issues = async () =>
    (await app.sql`select id from issues where project_id = ${projectId} and status < 3`).map(
      ({ id }) => ({ projectId, id: id as string }),
    )
  const unmerged: { issueId: string; into: string }[] = []
  /** What somebody may be told is no failure. */
  const tolerant = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
  }
  /** A task that met another in the wrong order is tried again. */
  const task = async (run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      if (!isPassing(error)) throw error
      await task(run)
    }
  }
  const follow = async (isLast = false) => {
    const merging = await app.sql`
      select distinct issue_id from issue_redirects where project_id = ${projectId}`
    for (const { issueId } of merging)
      await task(() => followMerge(app, { projectId, issueId }, signal))
    for (const { id } of await issues())
      await task(() => followHashes(app, { projectId, issueId: id }, signal))
    if (!isLast) return
    for (const made of unmerged) await task(() => followHashes(app, { projectId, ...made }, signal))
  }
  const merge = async () => {
    const all = await issues()
    if (all.length === 0) return
    const some = new Set([pick(all), pick(all), pick(all)])
    await mergeIssues(app, { issues: [...some], actor: null })
  }
  const unmerge = async () => {
    const issue = pick(await issues())
    if (!issue) return
    const hashes = await app.sql`
      select distinct hash_id from events where project_id = ${projectId} and issue_id = ${issue.id} limit 1`
    const { settings } = await getProjectById(app.sql, projectId)
    const into = await unmergeHashes(app, {
      issue: { ...issue, organizationId, projectSettings: settings },
      hashIds: hashes.map(({ hashId }) => hashId as string),
      actor: null,
    })
    unmerged.push({ issueId: issue.id, into })
  }
  const remove = async () => {
    const request = { organizationId, issues: (await issues()).slice(0, 1), actor: cliActor }
    await deleteIssuesForGood(app, { ...request, discard: false })
    await task(() => removeLeavingIssues(app, signal))
  }
  const regroup = async (isUndone: boolean) => {
    const project = await getProjectById(app.sql, projectId)
    const fingerprintRules = `error.value:${pick(MODULES)} -> ${pick(["x", "y"])}`
    const texts = { fingerprintRules, stackTraceRules: "" }
    const changeId = await proposeRules(app, { project, texts, actor: cliActor })
    await rehearseRules(app, { projectId, changeId }, signal)
    await saveRules(app, { project, changeId, actor: cliActor, regroup: true })
    await task(() => regroupEvents(app, { projectId, changeId }, signal))
    if (!isUndone) return
    await undoRules(app, { project, changeId, actor: cliActor })
    await task(() => undoRegroup(app, { projectId, changeId }, signal))
  }
  const repeat = async (times: number, act: () => Promise<unknown>) => {
    for (let turn = 0; turn < times; turn++) await tolerant(act)
  }
  const save = () => saveEvents(app, shop, Array.from({ length: 20 }, oops))
  const folding = { is: true }
  const fold = async () => {
    while (folding.is) await foldTags(app.sql, signal)
  }
  const beside = fold()
  await Promise.all([
    repeat(15, save),
    repeat(15, save),
    repeat(8, merge),
    repeat(8, unmerge),
    repeat(4, remove),
    repeat(6, () => follow()),
    repeat(6, () => follow()),
    repeat(2, () => regroup(false)),
    repeat(2, () => regroup(true)),
  ])
  folding.is = false
  await beside
  await removeLeavingIssues(app, signal)
  await follow(true)
  await follow()
  const [lost] = await app.sql`
    select count(*)::int as events from events e where project_id = ${projectId} and not exists (
      select from issues i where i.project_id = e.project_id and i.id = e.issue_id and i.status < 3)`
  expect(lost).toEqual({ events: 0 })
  await expectExactCounts(app, projectId)
})

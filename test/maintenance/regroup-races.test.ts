import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { findIssueDetail } from "#issues/detail-store.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { regroupEvents, undoRegroup } from "#maintenance/regroup/regroup.ts"
import { rehearseRules } from "#maintenance/regroup/rehearse.ts"
import {
  proposeRules,
  saveRules,
  settleRuleChanges,
  undoRules,
} from "#maintenance/regroup/rule-changes.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { getProjectById, type Project } from "#projects/store.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { type GivenProject, givenEvents, givenShop } from "../support/issues.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let project: Project

beforeEach(async () => {
  shop = await givenShop(app)
  project = await getProjectById(app.sql, shop.projectId)
})

const oops = (module: string, user: string, type = "Oops") => ({
  platform: "python",
  user: { id: user },
  tags: { module },
  exception: {
    values: [
      { type, value: module, stacktrace: { frames: [{ module, function: "go", in_app: true }] } },
    ],
  },
})
const send = async (...events: object[]) => (await givenEvents(app, shop, events)).issueId
const ref = (id: string) => ({ projectId: shop.projectId, id })
const detail = async (id: string) =>
  (await findIssueDetail(app.sql, shop.organizationId, id))?.issue
const visible = async () =>
  (
    await app.sql`select id from issues where project_id = ${shop.projectId} and status < 3 order by id`
  ).map(({ id }) => id as string)
const key = (changeId: string) => ({ projectId: shop.projectId, changeId })
const remove = (...ids: string[]) =>
  deleteIssuesForGood(app, {
    organizationId: shop.organizationId,
    issues: ids.map(ref),
    actor: cliActor,
    discard: false,
  })

async function propose(fingerprintRules: string, stackTraceRules = "") {
  const texts = { fingerprintRules, stackTraceRules }
  project = await getProjectById(app.sql, shop.projectId)
  const changeId = await proposeRules(app, { project, texts, actor: cliActor })
  await rehearseRules(app, key(changeId), signal)
  return changeId
}
const save = (changeId: string) =>
  saveRules(app, { project, changeId, actor: cliActor, regroup: true })
const undo = async (changeId: string) => {
  await undoRules(app, { project, changeId, actor: cliActor })
  await undoRegroup(app, key(changeId), signal)
}

test("events that come between saving and regrouping go where the rehearsal said", async () => {
  const first = await send(oops("a", "1"))
  await send(oops("b", "2"))
  const change = await propose("error.type:Oops -> oops")
  await save(change)
  expect(await send(oops("c", "3"))).toBe(first)
  await regroupEvents(app, key(change), signal)
  expect(await visible()).toEqual([first])
  await expectExactCounts(app, shop.projectId)
})

test("tags are exact that were folded before, also after it is taken back", async () => {
  await send(oops("a", "1"))
  await send(oops("b", "2"), oops("b", "3"))
  await foldTags(app.sql, signal)
  const change = await propose("error.type:Oops -> oops")
  await save(change)
  await regroupEvents(app, key(change), signal)
  await expectExactCounts(app, shop.projectId)
  await undo(change)
  await expectExactCounts(app, shop.projectId)
})

test("an issue that is deleted meanwhile leaves no empty one behind", async () => {
  const first = await send(oops("a", "1"))
  const second = await send(oops("b", "1", "Other"))
  const change = await propose("error.type:Oops -> oops")
  await save(change)
  await remove(first)
  await regroupEvents(app, key(change), signal)
  expect(await visible()).toEqual([second])
  await removeLeavingIssues(app, signal)
  await expectExactCounts(app, shop.projectId)
})

test("issues of events that came after it are gone when it is taken back", async () => {
  const first = await send(oops("a", "1"))
  const change = await propose('error.type:Oops -> oops, "{{ tags.module }}"')
  await save(change)
  await regroupEvents(app, key(change), signal)
  const later = await send(oops("z", "2"))
  expect(later).not.toBe(first)
  await undo(change)
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  expect(await visible()).toHaveLength(2)
  await expectExactCounts(app, shop.projectId)
})

test("two changes are applied one after the other", async () => {
  await send(oops("a", "1"))
  const one = await propose("error.type:Oops -> one")
  await save(one)
  const other = await propose("error.type:Oops -> other")
  await expect(save(other)).rejects.toThrow("still being applied")
  await regroupEvents(app, key(one), signal)
  await save(other)
  await expect(undoRules(app, { project, changeId: one, actor: cliActor })).rejects.toThrow()
})

/** Lets work go on so many times, then the process ends. */
function signalFor(looks: number): AbortSignal {
  const throwIfAborted = () => {
    if (looks-- <= 0) throw new Error("killed")
  }
  return { aborted: false, throwIfAborted } as unknown as AbortSignal
}

test("a job that died after it wrote still names the issues", async () => {
  const first = await send(oops("a", "1"))
  const second = await send(oops("b", "1"))
  const change = await propose('error.type:Oops -> {{ default }}, x title="Bad {{ error.value }}"')
  await save(change)
  await expect(regroupEvents(app, key(change), signalFor(1))).rejects.toThrow("killed")
  await regroupEvents(app, key(change), signal)
  expect((await detail(first))?.title).toBe("Bad a")
  expect((await detail(second))?.title).toBe("Bad b")
  await expectExactCounts(app, shop.projectId)
})

test("a job that stands still is started again", async () => {
  const { tasks } = app
  await send(oops("a", "1"))
  const change = await propose("error.type:Oops -> one")
  await save(change)
  await settleRuleChanges(app)
  const waiting = () =>
    app.sql`select 1 from pgboss.job where name = 'regroup-events' and data->>'changeId' = ${change}`
  expect(await waiting()).toHaveLength(1)
  const later = { ...app, tasks, clock: { now: () => new Date(Date.now() + 3 * 3_600_000) } }
  await settleRuleChanges(later)
  expect(await waiting()).toHaveLength(2)
})

test("issues that are deleted with what was hidden in them stay deleted", async () => {
  const first = await send(oops("a", "1"))
  await send(oops("b", "2"))
  const change = await propose("error.type:Oops -> oops")
  await save(change)
  await regroupEvents(app, key(change), signal)
  await remove(first)
  const later = { ...app, clock: { now: () => new Date(Date.now() + 8 * 86_400_000) } }
  await settleRuleChanges(later)
  await removeLeavingIssues(app, signal)
  expect(await app.sql`select 1 from issues where project_id = ${shop.projectId}`).toHaveLength(0)
  expect(await app.sql`select 1 from events where project_id = ${shop.projectId}`).toHaveLength(0)
})

test("events of what was merged into a merged issue all arrive, with two workers", async () => {
  const oldest = await send(oops("c", "1"))
  const middle = await send(oops("b", "2"))
  const newest = await send(...Array.from({ length: 40 }, (_, n) => oops("a", `${n}`)))
  await mergeIssues(app, { issues: [ref(newest), ref(middle)], actor: null })
  const follow = (issueId: string, until = signal) =>
    followMerge(app, { projectId: shop.projectId, issueId }, until)
  // The first worker has read what there is to do; the other gets a second merge, moves the middle one, and is held up there.
  let hasRead = false
  const sql = new Proxy(app.sql, {
    apply(target, self, args) {
      const read = Reflect.apply(target, self, args)
      if (hasRead) return read
      hasRead = true
      return read.then(async (rows: unknown) => {
        await mergeIssues(app, { issues: [ref(oldest), ref(middle)], actor: null })
        await expect(follow(oldest, signalFor(0))).rejects.toThrow("killed")
        return rows
      })
    },
  })
  await followMerge({ ...app, sql }, { projectId: shop.projectId, issueId: middle }, signal)
  await follow(oldest)
  expect(await visible()).toEqual([oldest])
  expect((await detail(oldest))?.timesSeen).toBe("42")
  await expectExactCounts(app, shop.projectId)
})

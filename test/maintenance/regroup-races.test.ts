import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { settleRuleChanges } from "#maintenance/regroup/rule-changes.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { type GivenProject, givenShop } from "../support/issues.ts"
import { oops, regroupingIn } from "../support/regrouping.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let given: ReturnType<typeof regroupingIn>

beforeEach(async () => {
  shop = await givenShop(app)
  given = regroupingIn(app, shop)
})

const ref = (id: string) => ({ projectId: shop.projectId, id })
const remove = (...ids: string[]) =>
  deleteIssuesForGood(app, {
    organizationId: shop.organizationId,
    issues: ids.map(ref),
    actor: cliActor,
    discard: false,
  })

test("events that come between saving and regrouping go where the rehearsal said", async () => {
  const first = await given.send(oops("a", "1"))
  await given.send(oops("b", "2"))
  const change = await given.propose("error.type:Oops -> oops")
  await given.save(change)
  expect(await given.send(oops("c", "3"))).toBe(first)
  await given.regroup(change)
  expect(await given.visible()).toEqual([first])
  await expectExactCounts(app, shop.projectId)
})

test("tags are exact that were folded before, also after it is taken back", async () => {
  await given.send(oops("a", "1"))
  await given.send(oops("b", "2"), oops("b", "3"))
  await foldTags(app.sql, signal)
  const change = await given.propose("error.type:Oops -> oops")
  await given.save(change)
  await given.regroup(change)
  await expectExactCounts(app, shop.projectId)
  await given.undo(change)
  await expectExactCounts(app, shop.projectId)
})

test("an issue that is deleted meanwhile leaves no empty one behind", async () => {
  const first = await given.send(oops("a", "1"))
  const second = await given.send(oops("b", "1", "Other"))
  const change = await given.propose("error.type:Oops -> oops")
  await given.save(change)
  await remove(first)
  await given.regroup(change)
  expect(await given.visible()).toEqual([second])
  await removeLeavingIssues(app, signal)
  await expectExactCounts(app, shop.projectId)
})

test("issues of events that came after it are gone when it is taken back", async () => {
  const first = await given.send(oops("a", "1"))
  const change = await given.propose('error.type:Oops -> oops, "{{ tags.module }}"')
  await given.save(change)
  await given.regroup(change)
  const later = await given.send(oops("z", "2"))
  expect(later).not.toBe(first)
  await given.undo(change)
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  expect(await given.visible()).toHaveLength(2)
  await expectExactCounts(app, shop.projectId)
})

test("two changes are applied one after the other", async () => {
  await given.send(oops("a", "1"))
  const one = await given.propose("error.type:Oops -> one")
  await given.save(one)
  const other = await given.propose("error.type:Oops -> other")
  await expect(given.save(other)).rejects.toThrow("still being applied")
  await given.regroup(one)
  await given.save(other)
  await expect(given.undo(one)).rejects.toThrow()
})

/** Lets work go on so many times, then the process ends. */
function signalFor(looks: number): AbortSignal {
  const throwIfAborted = () => {
    if (looks-- <= 0) throw new Error("killed")
  }
  return { aborted: false, throwIfAborted } as unknown as AbortSignal
}

test("a job that died after it wrote still names the issues", async () => {
  const first = await given.send(oops("a", "1"))
  const second = await given.send(oops("b", "1"))
  const change = await given.propose(
    'error.type:Oops -> {{ default }}, x title="Bad {{ error.value }}"',
  )
  await given.save(change)
  await expect(given.regroup(change, signalFor(1))).rejects.toThrow("killed")
  await given.regroup(change)
  expect((await given.detail(first))?.title).toBe("Bad a")
  expect((await given.detail(second))?.title).toBe("Bad b")
  await expectExactCounts(app, shop.projectId)
})

test("a job that stands still is started again", async () => {
  const { tasks } = app
  await given.send(oops("a", "1"))
  const change = await given.propose("error.type:Oops -> one")
  await given.save(change)
  await settleRuleChanges(app)
  const waiting = () =>
    app.sql`select 1 from pgboss.job where name = 'regroup-events' and data->>'changeId' = ${change}`
  expect(await waiting()).toHaveLength(1)
  const later = { ...app, tasks, clock: { now: () => new Date(Date.now() + 3 * 3_600_000) } }
  await settleRuleChanges(later)
  expect(await waiting()).toHaveLength(2)
})

test("issues that are deleted with what was hidden in them stay deleted", async () => {
  const first = await given.send(oops("a", "1"))
  await given.send(oops("b", "2"))
  const change = await given.propose("error.type:Oops -> oops")
  await given.save(change)
  await given.regroup(change)
  await remove(first)
  const later = { ...app, clock: { now: () => new Date(Date.now() + 8 * 86_400_000) } }
  await settleRuleChanges(later)
  await removeLeavingIssues(app, signal)
  expect(await app.sql`select 1 from issues where project_id = ${shop.projectId}`).toHaveLength(0)
  expect(await app.sql`select 1 from events where project_id = ${shop.projectId}`).toHaveLength(0)
})

test("events of what was merged into a merged issue all arrive, with two workers", async () => {
  const oldest = await given.send(oops("c", "1"))
  const middle = await given.send(oops("b", "2"))
  const newest = await given.send(...Array.from({ length: 40 }, (_, n) => oops("a", `${n}`)))
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
  expect(await given.visible()).toEqual([oldest])
  expect((await given.detail(oldest))?.timesSeen).toBe("42")
  await expectExactCounts(app, shop.projectId)
})

import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { findRuleChange } from "#maintenance/regroup/change-store.ts"
import { regroupEvents } from "#maintenance/regroup/regroup.ts"
import { saveRules, settleRuleChanges, undoRules } from "#maintenance/regroup/rule-changes.ts"
import { getProjectById, type Project } from "#projects/store.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { type GivenProject, givenShop } from "../support/issues.ts"
import { oops, regroupingIn } from "../support/regrouping.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let project: Project
let given: ReturnType<typeof regroupingIn>

beforeEach(async () => {
  shop = await givenShop(app)
  given = regroupingIn(app, shop)
  project = await getProjectById(app.sql, shop.projectId)
})

const send = (...events: object[]) => given.send(...events)
const propose = (fingerprintRules: string) => given.propose(fingerprintRules)
const payloads = async () =>
  (
    await app.sql`select event_id, issue_id, hash_id, title from events where project_id = ${shop.projectId} order by event_id`
  ).map((row) => ({ ...row }))

async function regroup(changeId: string) {
  await given.save(changeId)
  await given.regroup(changeId)
}

const changeOf = async (id: string) =>
  (await findRuleChange(app.sql, { projectId: project.id, id }))!

test("a rehearsal says which issues would become one, and changes nothing", async () => {
  const first = await send(oops("a", "1"), oops("a", "2"))
  await send(oops("b", "1"))
  await send(oops("c", "1"))
  await send(oops("d", "1", "Other"))
  const before = await payloads()
  const { status, result } = await changeOf(await propose("error.type:Oops -> oops"))
  expect(status).toBe("rehearsed")
  expect(result).toMatchObject({ events: 5, issuesBefore: 4, issuesAfter: 2 })
  expect(result!.joins).toMatchObject([{ into: { id: first, events: 4 }, from: [{}, {}, {}] }])
  expect(result!.splits).toEqual([])
  expect(await payloads()).toEqual(before)
})

test("a rehearsal says which issues would be several", async () => {
  await send(
    { ...oops("a", "1"), fingerprint: ["all"] },
    { ...oops("b", "1"), fingerprint: ["all"] },
  )
  const { result } = await changeOf(await propose("error.type:Oops -> oops, {{ module }}"))
  expect(result).toMatchObject({ issuesBefore: 1, issuesAfter: 2, joins: [] })
  expect(result!.splits).toMatchObject([
    { from: { events: 2 }, into: [{ events: 1 }, { events: 1 }] },
  ])
})

test("stored events are regrouped with exact counts, and undone to where they were", async () => {
  const first = await send(oops("a", "1"), oops("a", "2"))
  const second = await send(oops("b", "2"), oops("b", "3"))
  const third = await send(oops("c", "4", "Other"))
  const before = await payloads()
  const id = await propose("error.type:Oops -> oops")
  await regroup(id)
  expect(await given.visible()).toEqual([first, third])
  expect(await given.detail(first)).toMatchObject({ timesSeen: "4", usersSeen: 3 })
  // The address of what was hidden leads to where its events went.
  expect((await given.detail(second))?.id).toBe(first)
  await expectExactCounts(app, project.id)
  expect(await changeOf(id)).toMatchObject({
    status: "regrouped",
    lookedAt: "5",
    total: "5",
    moved: "2",
  })
  expect(await send(oops("z", "9"))).toBe(first)

  await given.undo(id)
  const after = await payloads()
  expect(after.filter(({ eventId }) => before.some((each) => each.eventId === eventId))).toEqual(
    before,
  )
  expect((await given.detail(second))?.id).toBe(second)
  await expectExactCounts(app, project.id)
  expect((await getProjectById(app.sql, project.id)).settings.fingerprintRules).toBe("")
})

test("the name that a rule gives is the stored issue's name, until it is taken back", async () => {
  const first = await send(oops("a", "1"))
  const id = await propose('error.type:Oops -> oops title="Something is wrong"')
  await regroup(id)
  expect(await given.detail(first)).toMatchObject({ title: "Something is wrong" })
  await given.undo(id)
  expect(await given.detail(first)).toMatchObject({ title: "Oops: a" })
  expect((await given.detail(first))?.metadata).not.toHaveProperty("title")
})

test("issues that were made for a change go with it", async () => {
  const all = { fingerprint: ["all"] }
  const first = await send({ ...oops("a", "1"), ...all }, { ...oops("b", "1"), ...all })
  const id = await propose("error.type:Oops -> oops, {{ module }}")
  await regroup(id)
  expect(await given.visible()).toHaveLength(2)
  await expectExactCounts(app, project.id)
  await given.undo(id)
  await followMerge(app, { projectId: project.id, issueId: first }, signal)
  expect(await given.visible()).toEqual([first])
  await expectExactCounts(app, project.id)
})

test("a job that is started again goes on where it stood and counts nothing twice", async () => {
  await send(oops("a", "1"), oops("b", "2"), oops("c", "3"))
  const id = await propose("error.type:Oops -> oops")
  await saveRules(app, { project, changeId: id, actor: cliActor, regroup: true })
  const stopping = new AbortController()
  stopping.abort()
  await expect(
    regroupEvents(app, { projectId: project.id, changeId: id }, stopping.signal),
  ).rejects.toThrow()
  await regroupEvents(app, { projectId: project.id, changeId: id }, signal)
  await regroupEvents(app, { projectId: project.id, changeId: id }, signal)
  expect(await given.visible()).toHaveLength(1)
  await expectExactCounts(app, project.id)
})

test("an unmerged fingerprint stays where it is when rules about others are applied", async () => {
  const first = await send(oops("a", "1"))
  const second = await send(oops("b", "1"))
  await regroup(await propose("error.type:Nothing -> x"))
  expect(await given.visible()).toEqual([first, second])
  expect(
    (await changeOf((await app.sql`select max(id) as id from rule_changes`)[0]!.id)).moved,
  ).toBe("0")
})

test("rules that somebody else changed meanwhile are not overwritten", async () => {
  await send(oops("a", "1"))
  const [one, other] = [await propose("error.type:A -> a"), await propose("error.type:B -> b")]
  await saveRules(app, { project, changeId: one, actor: cliActor, regroup: false })
  await expect(
    saveRules(app, { project, changeId: other, actor: cliActor, regroup: false }),
  ).rejects.toThrow("changed meanwhile")
  await expect(
    saveRules(app, { project, changeId: one, actor: cliActor, regroup: false }),
  ).rejects.toThrow("faster")
})

test("after a week hidden issues are part of the others for good", async () => {
  const first = await send(oops("a", "1"))
  await send(oops("b", "2"))
  const id = await propose("error.type:Oops -> oops")
  await regroup(id)
  await settleRuleChanges(app)
  const later = { ...app, clock: { now: () => new Date(Date.now() + 8 * 86_400_000) } }
  await settleRuleChanges(later)
  await followMerge(app, { projectId: project.id, issueId: first }, signal)
  expect(await app.sql`select 1 from issues where project_id = ${project.id}`).toHaveLength(1)
  await expectExactCounts(app, project.id)
  await expect(undoRules(later, { project, changeId: id, actor: cliActor })).rejects.toThrow(
    "7 days",
  )
})

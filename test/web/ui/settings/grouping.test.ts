import { beforeAll, expect, test } from "bun:test"
import { regroupEvents, undoRegroup } from "#maintenance/regroup/regroup.ts"
import { rehearseRules } from "#maintenance/regroup/rehearse.ts"
import { testApp } from "../../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let ann: SignedIn
let bob: SignedIn
let page = ""

beforeAll(async () => {
  shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "admin" }))
  bob = await signIn(app, await givenMember(app, shop, { name: "Bob" }))
  page = `/settings/${shop.slug}/projects/${shop.slug}/issue-grouping/`
  for (const type of ["ReadError", "WriteError", "CloseError"]) {
    await givenEvents(app, shop, [
      { platform: "other", exception: { values: [{ type, value: "disk" }] } },
    ])
  }
})

async function htmlOf(path: string): Promise<string> {
  const response = await ann.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return response.text()
}

const rehearse = (fingerprintRules: string, stackTraceRules = "") =>
  ann.post(page, [
    ["action", "rehearse"],
    ["fingerprintRules", fingerprintRules],
    ["stackTraceRules", stackTraceRules],
  ])

test("lines that are no rules come back with line and column, and what was typed", async () => {
  const refused = await rehearse("error.type:A -> a\r\ncolour:red -> b", "function:f")
  const html = await refused.text()
  expect(refused.status).toBe(422)
  expect(html).toContain("Line 2, column 1: there is nothing called &quot;colour&quot; to match.")
  expect(html).toContain("Line 1, column 11: expected an action")
  expect(html).toContain("<mark><bdi>colour:red -&gt; b</bdi></mark>")
  expect(html).toContain("Line 2 is no rule.")
  expect(html).toContain("error.type:A -&gt; a\ncolour:red -&gt; b")
})

test("rules are tried, saved, applied to stored events and taken back", async () => {
  const proposed = await rehearse("error.value:disk -> disk")
  const path = proposed.headers.get("location") ?? ""
  const changeId = path.split("/").at(-2) ?? ""
  const waiting = await htmlOf(path)
  expect(waiting).toContain("being tried")
  expect(waiting).toContain('http-equiv="refresh"')
  await rehearseRules(app, { projectId: shop.projectId, changeId }, signal)
  const tried = await htmlOf(path)
  expect(tried).toContain("3 issues become 1")
  expect(tried).toContain("WriteError: disk")
  expect(tried).not.toContain('http-equiv="refresh"')
  expect(await htmlOf(page)).toContain("tried, not saved")

  await ann.post(path, [["action", "save_and_regroup"]])
  expect(await htmlOf(path)).toContain("0 of 0 events")
  await regroupEvents(app, { projectId: shop.projectId, changeId }, signal)
  expect(await htmlOf(path)).toContain("2 events got another issue")
  expect(await htmlOf(page)).toContain("error.value:disk -&gt; disk")

  // The button of an old page changes nothing.
  await ann.post(path, [["action", "save"]])
  await ann.post(path, [["action", "undo"]])
  await undoRegroup(app, { projectId: shop.projectId, changeId }, signal)
  expect(await htmlOf(path)).toContain("Taken back")
  const issues =
    await app.sql`select 1 from issues where project_id = ${shop.projectId} and status < 3`
  expect(issues).toHaveLength(3)
})

test("rules that slow down the line are told of, quick ones are not", async () => {
  const proposed = await rehearse("error.value:nothing -> nothing")
  const path = proposed.headers.get("location") ?? ""
  const changeId = path.split("/").at(-2) ?? ""
  await rehearseRules(app, { projectId: shop.projectId, changeId }, signal)
  const take = (micros: number) => app.sql`
    update rule_changes set result = jsonb_set(result, '{microsPerEvent}', to_jsonb(${micros}::int))
    where project_id = ${shop.projectId} and id = ${changeId}`
  await take(640)
  expect(await htmlOf(path)).not.toContain("slow down")
  await take(3_200)
  expect(await htmlOf(path)).toContain(
    "These rules slow down ingestion: with them an event takes 3.2 ms to place.",
  )
})

test("the event page names the rule that gave the fingerprint", async () => {
  const event = {
    platform: "javascript",
    fingerprint: ["theirs"],
    exception: { values: [{ type: "ChunkLoadError", value: "Loading chunk 4 failed." }] },
  }
  const { issueId } = await givenEvents(app, shop, [event])
  const html = await htmlOf(`/organizations/${shop.slug}/issues/${issueId}/`)
  const [, grouping = ""] = html.split('id="grouping"')
  expect(grouping).toContain("A built-in rule")
  expect(grouping).toContain("error.type:ChunkLoadError")
  expect(grouping).toContain("theirs")
})

test("a title that a rule gives is the issue's name wherever it is listed", async () => {
  const proposed = await rehearse('error.type:ReadError -> read title="The disk is gone"')
  const changeId = (proposed.headers.get("location") ?? "").split("/").at(-2) ?? ""
  await rehearseRules(app, { projectId: shop.projectId, changeId }, signal)
  await ann.post(`${page}changes/${changeId}/`, [["action", "save_and_regroup"]])
  await regroupEvents(app, { projectId: shop.projectId, changeId }, signal)
  const stream = await htmlOf(`/organizations/${shop.slug}/issues/`)
  expect(stream).toContain("The disk is gone")
  expect(stream).not.toContain("ReadError")
  const [issue] = await app.sql`
    select id from issues where project_id = ${shop.projectId} and title = 'The disk is gone'`
  const html = await htmlOf(`/organizations/${shop.slug}/issues/${issue!.id}/`)
  expect(html.split("<h1")[1]?.split("</h1>")[0]).toContain("The disk is gone")
})

test("members look, admins change, others see nothing", async () => {
  const seen = await bob.get(page)
  expect([seen.status, await seen.text()]).toEqual([
    200,
    expect.stringContaining("Admins, managers and owners"),
  ])
  expect((await bob.post(page, [["action", "rehearse"]])).status).toBe(403)
  const other = await givenShop(app)
  const eve = await signIn(app, await givenMember(app, other, { name: "Eve" }))
  expect((await eve.get(page)).status).toBe(404)
  expect((await ann.get(`${page}changes/999999/`)).status).toBe(404)
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import { followMerge } from "#maintenance/follow-merge.ts"
import { followHashes } from "#maintenance/regroup/follow-hashes.ts"
import { testApp } from "../../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let ann: SignedIn
let [first, second] = ["", ""]

beforeAll(async () => {
  shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "admin" }))
})

const said = (text: string) => ({ platform: "other", logentry: { formatted: text } })
const send = async (text: string) => (await givenEvents(app, shop, [said(text)])).issueId
const issues = () => `/organizations/${shop.slug}/issues/`

async function htmlOf(path: string): Promise<string> {
  const response = await ann.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return response.text()
}

beforeEach(async () => {
  // Words that nothing takes for a number.
  const name = crypto
    .randomUUID()
    .replaceAll(/[-0-9]/g, "")
    .replaceAll(/[a-f]/g, (letter) => `${letter}mu`)
  first = await send(`left ${name} behind`)
  second = await send(`left ${name} alone`)
})

test("ticked issues are merged after a page that says which one stays", async () => {
  const ids = [
    ["id", second],
    ["id", first],
  ] as const
  const asked = await ann.post(issues(), [["action", "merge"], ...ids])
  expect(asked.status).toBe(200)
  const [, stays = "", becomes = ""] = (await asked.text()).split(/stays|become part/)
  expect(stays).toContain(`/issues/${first}/`)
  expect(becomes).toContain(`/issues/${second}/`)

  const done = await ann.post(issues(), [["action", "merge_confirmed"], ...ids])
  expect(done.headers.get("location")).toBe(`${issues()}${first}/`)
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  expect(await htmlOf(`${issues()}${second}/`)).toContain("was merged into this one")
  expect(await htmlOf(`${issues()}${first}/activity/`)).toContain("into this.")
})

test("one ticked issue, or a page of all that match, is no merge", async () => {
  const alone = await ann.post(issues(), [
    ["action", "merge"],
    ["id", first],
  ])
  expect(alone.status).toBe(422)
  const bulk = await htmlOf(`${issues()}bulk/?query=is:unresolved`)
  expect(bulk).not.toContain("merge")
})

test("the page of fingerprints says what each is made of, and takes one out", async () => {
  await ann.post(issues(), [
    ["action", "merge_confirmed"],
    ["id", first],
    ["id", second],
  ])
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  const path = `${issues()}${first}/merged/`
  const html = await htmlOf(path)
  expect(html).toContain("<title>Fingerprints · ")
  expect(html).toContain("Fingerprints in this issue")
  expect(html).toContain("alone")
  const boxes = [...html.matchAll(/name="hash" value="(\d+)"/g)].map(([, id]) => id ?? "")
  expect(boxes).toHaveLength(2)

  const nothing = await ann.post(path, [["action", "unmerge"]])
  expect([nothing.status, await nothing.text()]).toEqual([
    422,
    expect.stringContaining("Select fingerprints"),
  ])
  const done = await ann.post(path, [
    ["action", "unmerge"],
    ["hash", boxes[1] ?? ""],
  ])
  const into = done.headers.get("location") ?? ""
  expect(into).not.toBe(`${issues()}${first}/`)
  await followHashes(app, { projectId: shop.projectId, issueId: first }, signal)
  expect(await htmlOf(into)).toContain("1 event")
  expect(await htmlOf(`${into}activity/`)).toContain("of another issue")
})

test("similar issues are shown with how alike they are, to be merged", async () => {
  const html = await htmlOf(`${issues()}${first}/similar/`)
  expect(html).toContain(`value="${second}"`)
  expect(html).toMatch(/\d+ %/)
  expect(html).toContain('value="merge"')
})

test("deleting asks for the short id; what is discarded stands in the settings and can come again", async () => {
  const path = `${issues()}${first}/delete/`
  const shortId = /Type (\S+) to confirm/.exec(await htmlOf(path))?.[1] ?? ""
  const wrong = await ann.post(path, [
    ["action", "discard"],
    ["confirm", "SHOP"],
  ])
  expect(wrong.status).toBe(422)
  const done = await ann.post(path, [
    ["action", "discard"],
    ["confirm", shortId],
  ])
  expect(done.headers.get("location")).toBe(issues())
  expect((await ann.get(`${issues()}${first}/`)).status).toBe(404)

  const settings = `/settings/${shop.slug}/projects/${shop.slug}/issue-grouping/`
  const [tombstone] = await app.sql`select id, title from issue_tombstones order by id desc limit 1`
  expect(await htmlOf(settings)).toContain(tombstone!.title)
  await ann.post(settings, [
    ["action", "undiscard"],
    ["tombstone", tombstone!.id],
  ])
  expect(await htmlOf(settings)).toContain("Nothing is discarded")
})

test("only whom the organization trusts with it may delete, and nobody sees other people's issues", async () => {
  const other = await givenShop(app)
  const eve = await signIn(app, await givenMember(app, other, { name: "Eve" }))
  for (const rest of ["merged/", "similar/", "delete/"]) {
    expect((await eve.get(`${issues()}${first}/${rest}`)).status).toBe(404)
  }
  const taken = await eve.post(`/organizations/${other.slug}/issues/`, [
    ["action", "merge_confirmed"],
    ["id", first],
    ["id", second],
  ])
  expect(taken.status).toBe(422)
})

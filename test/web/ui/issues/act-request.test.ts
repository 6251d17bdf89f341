import { beforeEach, expect, test } from "bun:test"
import { testApp } from "../../../support/app.ts"
import { givenEvents, givenMember, givenShop, zeroDivision } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp()

let ann: SignedIn
let path: string
let issueId: string
beforeEach(async () => {
  const shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "ann" }))
  issueId = (await givenEvents(app, shop, [zeroDivision()])).issueId
  path = `/organizations/${shop.slug}/issues/${issueId}/`
})

const stateOf = async () => {
  const [row] = await app.sql`select status, assignee_user_id from issues where id = ${issueId}`
  return row
}
/** The form of the banner, as a browser would send it. */
const formIn = (html: string) => {
  const [, form = ""] = /<div class="banner"[^>]*>.*?(<form.*?<\/form>)/s.exec(html) ?? []
  const inputs = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return [...inputs].map(([, name = "", value = ""]) => [name, value] as const)
}

test("a link in a mail asks and does nothing by itself; its button does it", async () => {
  for (const [wanted, question] of [
    ["assign", "Assign this issue to you?"],
    ["archive", "Archive this issue until it escalates?"],
  ] as const) {
    const before = await stateOf()
    const html = await (await ann.get(`${path}?do=${wanted}`)).text()
    expect(html.includes(question)).toBe(true)
    expect(await stateOf()).toEqual(before)
    expect((await ann.post(path, formIn(html))).status).toBe(303)
    expect(await stateOf()).not.toEqual(before)
  }
})

test("resolving from a mail, and coming again by the same link", async () => {
  const html = await (await ann.get(`${path}?do=resolve`)).text()
  expect(html.includes("Resolve this issue?")).toBe(true)
  expect((await stateOf())?.status).toBe(0)
  await ann.post(path, formIn(html))
  expect((await stateOf())?.status).toBe(1)
  const again = await (await ann.get(`${path}?do=resolve`)).text()
  expect(again.includes("this has been done already")).toBe(true)
})

test("anything else after do= asks nothing", async () => {
  for (const wanted of ["delete", "__proto__", "constructor", ""]) {
    const response = await ann.get(`${path}?do=${wanted}`)
    expect([wanted, response.status]).toEqual([wanted, 200])
    expect(formIn(await response.text())).toEqual([])
  }
})

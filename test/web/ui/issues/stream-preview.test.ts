import { beforeAll, expect, test } from "bun:test"
import type { App } from "#app.ts"
import { insertActivity } from "#issues/activity/store.ts"
import { topFrame } from "#web/ui/issues/stream/preview.tsx"
import { testApp } from "../../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"
import { givenIssue } from "../../../support/stream.ts"

const app: App = await testApp()
let shop: GivenProject
let ann: SignedIn
let path = ""

beforeAll(async () => {
  shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann" }))
  path = `/organizations/${shop.slug}/issues/`
})

test("a preview shows the last own call with five lines at most, the last comment and the totals", async () => {
  const { issueId } = await givenEvents(app, shop, [zeroDivision(), zeroDivision()])
  const ref = { projectId: shop.projectId, id: issueId }
  for (const text of ["an older one", "seen **before**"]) {
    const note = { type: "note", userId: null, data: { text }, at: new Date() }
    await insertActivity(app.sql, [ref], note)
  }
  const html = await (await ann.get(`${path}${issueId}/preview/`)).text()
  expect(html).toStartWith("<tr")
  expect(html).toContain("billing/invoice.py")
  expect(html).toContain("line.quantity")
  expect(html.match(/<li[ >]/g)?.length).toBeLessThanOrEqual(5)
  expect(html).toContain("seen <strong>before</strong>")
  expect(html).not.toContain("an older one")
  expect(html).toContain("2 events and 1 user in all")
})

test("without script the address opens the row, and the chevron closes it", async () => {
  const { issueId: id } = await givenEvents(app, shop, [{ message: "all is well" }])
  const closed = await (await ann.get(path)).text()
  expect(closed).toContain(`href="${path}?preview=${id}"`)
  expect(closed).not.toContain("stream-preview")
  const open = await (await ann.get(`${path}?preview=${id}`)).text()
  expect(open).toContain(`id="preview-${id}"`)
  expect(open).toContain("The latest event has no stack trace.")
  expect(open).toContain('aria-expanded="true"')
})

test("others' issues have no preview, by fragment or by address", async () => {
  const other = await givenShop(app)
  const id = await givenIssue(app.sql, other, { title: "secret", lastSeen: new Date() })
  expect((await ann.get(`${path}${id}/preview/`)).status).toBe(404)
  expect(await (await ann.get(`${path}?preview=${id}`)).text()).not.toContain("secret")
})

test("of several exceptions the first own frame counts, and library code where there is none", () => {
  const own = { function: "own", in_app: true }
  const library = { function: "library" }
  const event = (traces: object[][]) =>
    ({ exception: { values: traces.map((frames) => ({ stacktrace: { frames } })) } }) as never
  expect(topFrame(event([[own], [library]]))).toEqual(own)
  expect(topFrame(event([[{ function: "older" }, library]]))).toEqual(library)
  expect(topFrame(event([]))).toBeNull()
})

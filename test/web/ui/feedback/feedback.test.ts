import { expect, test } from "bun:test"
import { attachFeedback } from "#feedback/attach.ts"
import { urls } from "#urls.ts"
import { testApp } from "../../../support/app.ts"
import { givenEnvelope, PNG } from "../../../support/envelopes.ts"
import { givenEvents, givenMember, givenShop, zeroDivision } from "../../../support/issues.ts"
import { signIn } from "../../../support/pages.ts"

const app = await testApp()

async function givenTeam() {
  const shop = await givenShop(app)
  const userId = await givenMember(app, shop, { name: `Ann${crypto.randomUUID().slice(0, 8)}` })
  const ann = await signIn(app, userId)
  const read = async (path: string) => (await ann.get(path)).text()
  return { shop, ann, userId, read, list: urls.feedback(shop.slug) }
}
const lastId = async () =>
  String((await app.sql`select id from feedback order by id desc limit 1`)[0]!.id)
const report = (eventId: string, comments: string, more: object = {}) =>
  ["user_report", { event_id: eventId, comments, ...more }] as [string, object]
const feedback = (message: string, more: object = {}) =>
  ["feedback", { contexts: { feedback: { message, ...more } } }] as [string, object]

test("who never got feedback is told how to ask for it", async () => {
  const { read, list } = await givenTeam()
  const html = await read(list)
  expect(html).toContain("Nobody has written yet")
  expect(html).toContain("feedbackIntegration")
  expect(html).toContain("showReportDialog")
})

test("a report stands on its event's page, whichever came first, and then on its issue's", async () => {
  const { shop, read } = await givenTeam()
  const eventId = crypto.randomUUID().replaceAll("-", "")
  await givenEnvelope(app, shop, [report(eventId, "I only clicked once", { name: "Jane" })])
  await givenEnvelope(app, shop, [["event", zeroDivision()]], { eventId })
  const [event] = await app.sql`select issue_id from events where event_id = ${eventId}::uuid`
  const page = await read(urls.event(shop.slug, event!.issueId, eventId))
  expect(page).toContain("I only clicked once")

  const tab = urls.issueFeedback(shop.slug, event!.issueId)
  expect(await read(tab)).toContain("Nobody has written about this issue")
  const inAMinute = { now: () => new Date(Date.now() + 60_000) }
  await attachFeedback({ sql: app.sql, clock: inAMinute })
  expect(await read(tab)).toContain("I only clicked once")
  expect(await read(urls.issue(shop.slug, event!.issueId))).toContain(`href="${tab}"`)
})

test("the list shows the newest first, and one of them beside it with its screenshot", async () => {
  const { shop, ann, read, list } = await givenTeam()
  const said = { name: "Ada", contact_email: "ada@x.test", url: "javascript:alert(1)" }
  await givenEnvelope(app, shop, [
    feedback("The blue is <b>too</b> blue", said),
    ["attachment", PNG, { filename: "screenshot.png" }],
  ])
  const first = await lastId()
  await givenEnvelope(app, shop, [feedback("Second thoughts")])
  const html = await read(list)
  expect(html.indexOf("Second thoughts")).toBeLessThan(html.indexOf("The blue is"))
  expect(html).not.toContain("<b>too</b>")

  const item = await read(urls.feedbackItem(shop.slug, first))
  expect(item).toContain("Sent without an error")
  expect(item).toContain("mailto:ada%40x.test?subject=")
  expect(item).not.toContain('href="javascript:')
  const [picture] = /\/organizations\/[^"]*attachments\/\d+\/\?view/.exec(item) ?? []
  expect((await ann.get(picture!)).headers.get("content-type")).toBe("image/png")
})

test("resolved and spam leave the list, and come back when somebody says so", async () => {
  const { shop, ann, read, list } = await givenTeam()
  await givenEnvelope(app, shop, [feedback("Buy cheap watches")])
  const item = urls.feedbackItem(shop.slug, await lastId())
  for (const status of ["spam", "resolved"]) {
    expect((await ann.post(item, [["action", status]])).status).toBe(303)
    expect(await read(list)).not.toContain("Buy cheap watches")
    expect(await read(`${list}?status=${status}`)).toContain("Buy cheap watches")
  }
  await ann.post(item, [["action", "unresolved"]])
  expect(await read(list)).toContain("Buy cheap watches")
})

test("feedback can be assigned, and linked to an issue of its project", async () => {
  const { shop, ann, userId, read } = await givenTeam()
  const { issueId } = await givenEvents(app, shop, [zeroDivision()])
  await givenEnvelope(app, shop, [feedback("Same as last week")])
  const item = urls.feedbackItem(shop.slug, await lastId())
  await ann.post(item, [
    ["action", "assign"],
    ["assignee", userId],
  ])
  expect(await read(item)).toContain(`<option value="${userId}" selected`)
  expect(
    (
      await ann.post(item, [
        ["action", "assign"],
        ["assignee", "999999"],
      ])
    ).status,
  ).toBe(422)

  expect(
    (
      await ann.post(item, [
        ["action", "link"],
        ["issue", "OTHER-1"],
      ])
    ).status,
  ).toBe(422)
  await ann.post(item, [
    ["action", "link"],
    ["issue", `${shop.slug}-1`.toUpperCase()],
  ])
  expect(await read(item)).toContain(`href="${urls.issue(shop.slug, issueId)}"`)
})

test("feedback of another organization does not exist", async () => {
  const { shop } = await givenTeam()
  await givenEnvelope(app, shop, [feedback("Ours")])
  const id = await lastId()
  const { shop: other, ann: eve } = await givenTeam()
  expect((await eve.get(urls.feedbackItem(other.slug, id))).status).toBe(404)
  expect((await eve.get(urls.feedbackItem(shop.slug, id))).status).toBe(404)
  expect((await eve.post(urls.feedbackItem(other.slug, id), [["action", "spam"]])).status).toBe(404)
})

test("old addresses of the page lead to it", async () => {
  const { shop, ann, list } = await givenTeam()
  for (const path of ["user-feedback/", "issues/feedback/"]) {
    const answer = await ann.get(`/organizations/${shop.slug}/${path}?project=1`)
    expect(answer.headers.get("location")).toBe(`${list}?project=1`)
  }
})

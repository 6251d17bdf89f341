import { afterAll, beforeAll, expect, test } from "bun:test"
import { Hono } from "hono"
import type { Page } from "playwright-core"
import { startSession } from "#accounts/users/sessions.ts"
import { evaluateAlerts } from "#alerts/evaluate.ts"
import { addComment } from "#issues/activity/comments.ts"
import { sendMail } from "#mail/send.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../../support/app.ts"
import { startChromium } from "../../../support/chromium.ts"
import { givenEvents, givenMember, givenShop } from "../../../support/issues.ts"
import { startMailbox } from "../../../support/mailbox.ts"
import { eventOf, PAYLOADS } from "../../../support/payloads.ts"

const mailbox = await startMailbox()
const app = await testApp({
  "system.url-prefix": "",
  "mail.host": "127.0.0.1",
  "mail.port": mailbox.port,
})
const pages = createPages(app, { health: new Hono(), ui: uiRoutes(app) })
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => pages.fetch(request, { remoteAddress: "127.0.0.1" }),
})
afterAll(() => server.stop(true))
const base = `http://127.0.0.1:${server.port}`
const browser = await startChromium()
const issues: { id: string; event: string; payload: string }[] = []
const complaints: string[] = []
let page: Page

beforeAll(async () => {
  await app.tasks.work("evaluate-alerts", (job) => evaluateAlerts(app, job))
  await app.tasks.work("send-mail", (job) => sendMail(app, job))
  const shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "ann" })
  const platforms = ["javascript", "python", "native", "java"]
  for (const [index, payload] of PAYLOADS.entries()) {
    const event = eventOf(payload, platforms[index % platforms.length] ?? "other")
    const { issueId, eventId } = await givenEvents(app, shop, [event])
    issues.push({ id: issueId, event: eventId, payload })
    await addComment(
      app,
      { projectId: shop.projectId, id: issueId },
      { userId: ann, text: payload },
    )
  }
  const context = await browser.newContext()
  const value = await startSession(app, app.sql, ann, { ip: "127.0.0.1", userAgent: "test" })
  await context.addCookies([{ name: "sl_session", value, url: base }])
  page = await context.newPage()
  page.on("console", (said) => said.type() === "error" && complain(said.text()))
  page.on("pageerror", (error) => complain(error.message))
  page.on("dialog", (dialog) => dialog.dismiss())
  page.on("request", (request) => {
    const isOwn = request.url().startsWith(`${base}/`) || request.url().startsWith("data:image/")
    if (!isOwn) complain(`asked for ${request.url()}`)
  })
}, 60_000)

const complain = (text: string) => complaints.push(`${page.url()}: ${text}`)

/** Elements and attributes that no page of ours has, wherever they came from. */
const FOREIGN = `[...document.querySelectorAll("*")].flatMap((element) => {
  const odd = ["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "IMG", "MATH"].includes(element.tagName)
  const names = [...element.attributes].map(({ name }) => name)
  const bad = names.filter((name) => name.startsWith("on") || name.startsWith("hx-on") || name === "style")
  const links = ["href", "src", "action", "formaction", "hx-get", "hx-post", "xlink:href"]
    .map((name) => element.getAttribute(name)).filter((value) => value !== null)
    .filter((value) => !/^(?:[#?]|\\/(?![\\/\\\\]))/.test(value) && !(element.rel ?? "").includes("noopener"))
  return odd || bad.length > 0 || links.length > 0 ? [element.outerHTML.slice(0, 200)] : []
})`

async function look(): Promise<void> {
  if (await page.evaluate("window.pwned !== undefined")) complain("something ran")
  for (const element of await page.evaluate<string[]>(FOREIGN)) complain(element)
}

test("nothing that came with an event runs, asks another site or offends the policy on any page", async () => {
  for (const { id, event } of issues) {
    const issue = `${base}/organizations/shop/issues/${id}`
    await page.goto(`${issue}/events/${event}/`)
    await look()
    await page.evaluate(
      "document.querySelectorAll('details').forEach((each) => { each.open = true })",
    )
    await look()
  }
  expect(complaints).toEqual([])
}, 120_000)

test("nor on the lists of issues, events, tags and comments, nor in a search for it", async () => {
  for (const path of ["issues/", "issues/?limit=100", "projects/", "projects/shop/"]) {
    await page.goto(`${base}/organizations/shop/${path}`)
    await look()
  }
  for (const { id, payload } of issues.filter((_, index) => index % 6 === 0)) {
    const text = encodeURIComponent(payload)
    const paths = [
      "events/",
      "distributions/",
      `distributions/${text}/`,
      "activity/",
      `events/?query=${text}`,
    ]
    for (const path of [...paths.map((each) => `issues/${id}/${each}`), `issues/?query=${text}`]) {
      const response = await page.goto(`${base}/organizations/shop/${path}`)
      expect(response?.status()).toBeLessThan(500)
      await look()
    }
  }
  // Refusing a search is a 4xx, of which a browser tells its console.
  expect(complaints.filter((each) => !each.includes("status of 4"))).toEqual([])
}, 240_000)

test("nor in a mail, which has no policy to hold it", async () => {
  await mailbox.waitFor("the last mail", () => mailbox.messages.length >= issues.length)
  for (const { mail, raw } of mailbox.messages) {
    expect(raw.slice(0, raw.indexOf("\r\n\r\n"))).not.toMatch(/^X-Evil/im)
    await page.goto("about:blank")
    await page.setContent(String(mail.html), { waitUntil: "load" })
    if (await page.evaluate("window.pwned !== undefined")) complain(`${mail.subject} ran`)
    const odd =
      "script, iframe, object, embed, base, link, form, img, svg, math, meta[http-equiv=refresh]"
    for (const element of await page.locator(odd).all())
      complain(await element.evaluate((e) => e.outerHTML))
    const links = await page.evaluate<string[]>("[...document.links].map(({ href }) => href)")
    for (const href of links) if (!href.startsWith("http://127.0.0.1:")) complain(href)
  }
  expect(complaints.filter((each) => !each.includes("status of 4"))).toEqual([])
}, 120_000)

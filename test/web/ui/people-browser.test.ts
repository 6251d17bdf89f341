import { afterAll, expect, test } from "bun:test"
import { Hono } from "hono"
import type { BrowserContext, Page } from "playwright-core"
import { createSetupToken } from "#accounts/setup.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../support/app.ts"
import { startChromium } from "../../support/chromium.ts"
import { givenEvents, zeroDivision } from "../../support/issues.ts"
import { givenDays } from "../../support/occurrences.ts"

const axe = await Bun.file(
  new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url),
).text()
const app = await testApp({ "system.url-prefix": "" })
const pages = createPages(app, { health: new Hono(), ui: uiRoutes(app) })
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => pages.fetch(request, { remoteAddress: "127.0.0.1" }),
})
afterAll(() => server.stop(true))
const base = `http://127.0.0.1:${server.port}`
const complaints: string[] = []
const browser = await startChromium()
const page = await watched(await browser.newContext({ viewport: { width: 1280, height: 900 } }))
let signedIn: Awaited<ReturnType<BrowserContext["cookies"]>> = []

async function watched(context: BrowserContext): Promise<Page> {
  const opened = await context.newPage()
  opened.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${opened.url()}: ${message.text()}`)
  })
  return opened
}

/** Rules of WCAG 2.2 AA that the page breaks, with the first place of each. */
async function violations(): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(o: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    return (await axe.run({ runOnly })).violations.map(({ id, nodes }) => [id, nodes[0]?.html])
  })
  return found.map((each) => `${page.url()}: ${each.join(" ")}`)
}

test("the wizard leads from the link to the first event, which shows up by itself", async () => {
  await page.goto(`${base}/setup/?token=${await createSetupToken(app.sql)}`)
  expect(page.url()).toBe(`${base}/setup/`)
  const broken = await violations()
  await page.fill("[name=name]", "Ann Other")
  await page.fill("[name=email]", "ann@example.test")
  await page.fill("[name=password]", "moss under seven bridges")
  await page.click("text=Create account")
  broken.push(...(await violations()))
  await page.click("text=Save and go on")
  broken.push(...(await violations()))
  await page.click("text=Go on without mail")
  await page.fill("[name=organization]", "Acme")
  await page.fill("[name=project]", "Back end")
  await page.check("[value=python-django]")
  broken.push(...(await violations()))
  await page.click("button:has-text('Create')")
  await page.waitForSelector("text=Waiting for the first event")
  broken.push(...(await violations()))

  const [project] = await app.sql<{ id: string; organizationId: string }[]>`
    select id, organization_id from projects`
  const { id: projectId = "", organizationId = "" } = project ?? {}
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  await givenEvents(app, { organizationId, projectId, slug: "back-end" }, [zeroDivision()])
  await page.waitForSelector("text=Received: ZeroDivisionError")
  await page.click("text=Finish")
  expect(page.url()).toBe(`${base}/organizations/acme/issues/`)
  signedIn = await page.context().cookies()
  expect(broken).toEqual([])
}, 60_000)

test("people's pages keep WCAG 2.2 AA, light and dark, and fit a phone", async () => {
  const paths = [
    "/organizations/acme/projects/",
    "/organizations/acme/projects/back-end/",
    "/organizations/acme/projects/back-end/getting-started/",
    "/organizations/acme/feedback/",
    "/settings/acme/",
    "/settings/acme/members/",
    "/settings/acme/auth-tokens/",
    "/settings/acme/audit-log/",
    "/settings/acme/projects/back-end/",
    "/settings/acme/projects/back-end/keys/",
    "/settings/acme/projects/back-end/filters/data-filters/",
    "/settings/account/details/",
    "/settings/account/security/",
    "/manage/",
  ]
  const broken: string[] = []
  for (const path of paths) {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: "light" })
    await page.goto(base + path)
    broken.push(...(await violations()))
    for (const word of await page.evaluate(brokenHeads)) broken.push(`${path} breaks ${word}`)
    await page.emulateMedia({ colorScheme: "dark" })
    broken.push(...(await violations()))
    await page.setViewportSize({ width: 320, height: 700 })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    if (width > 320) broken.push(`${path} is ${width} px wide`)
    broken.push(...(await violations()))
  }
  expect(broken).toEqual([])
}, 120_000)

test("on a phone, what does not fit into the bottom bar opens above it", async () => {
  await page.setViewportSize({ width: 360, height: 700 })
  await page.goto(`${base}/organizations/acme/projects/`)
  await page.click("nav >> text=More")
  await page.click(".nav-more >> text=System")
  await page.waitForURL("**/manage/")
})

test("without script one signs in, makes a project and sees it", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const plain = await watched(context)
  await plain.goto(`${base}/organizations/acme/projects/new/`)
  await plain.fill("[name=email]", "ann@example.test")
  await plain.fill("[name=password]", "moss under seven bridges")
  await plain.click("button:has-text('Sign in')")
  expect(plain.url()).toBe(`${base}/organizations/acme/projects/new/`)
  await plain.check("[value=go]")
  await plain.fill("[name=name]", "Second")
  await plain.click("text=Create project")
  expect(plain.url()).toBe(`${base}/organizations/acme/projects/second/getting-started/`)
  expect(await plain.textContent("h1")).toContain("Connect Second with Go")
  expect(await plain.isVisible("text=Check again")).toBe(true)
  await context.close()
}, 60_000)

test("no page breaks its own policy or logs an error", () => {
  expect(signedIn.map(({ name, httpOnly }) => [name, httpOnly])).toContainEqual([
    "sl_session",
    true,
  ])
  expect(complaints).toEqual([])
})

/** Runs in the page: words of table heads that do not stand on one line. */
function brokenHeads(): string[] {
  return [...document.querySelectorAll(".table thead th")].flatMap((head) => {
    const text = head.firstChild
    if (text?.nodeType !== Node.TEXT_NODE) return []
    const words = [...(text.textContent ?? "").matchAll(/\S+/g)]
    return words.flatMap(({ 0: word, index }) => {
      const range = document.createRange()
      range.setStart(text, index)
      range.setEnd(text, index + word.length)
      return range.getClientRects().length > 1 ? [word] : []
    })
  })
}

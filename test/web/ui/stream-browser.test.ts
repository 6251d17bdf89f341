import { afterAll, beforeAll, expect, test } from "bun:test"
import { Hono } from "hono"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { startSession } from "#accounts/users/sessions.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenMember, givenShop } from "../../support/issues.ts"
import { givenCommittedRelease } from "../../support/releases.ts"
import { givenIssue } from "../../support/stream.ts"

const axe = await Bun.file(
  new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url),
).text()
const app = await testApp()
let browser: Browser
let server: ReturnType<typeof Bun.serve>
let shop: GivenProject
let session = ""
let issues = ""

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  await app.sql`update projects set first_event_at = now()`
  const userId = await givenMember(app, shop, { name: "Ann" })
  await app.sql`update users set is_superuser = true where id = ${userId}`
  for (const [index, level] of (
    ["fatal", "error", "warning", "info", "debug"] as const
  ).entries()) {
    await givenIssue(app.sql, shop, {
      level,
      substatus: (["new", "regressed", "escalating", "ongoing", "new"] as const)[index]!,
      title: `TypeError: Cannot read properties of undefined (reading 'customer_${index}') while rendering`,
      metadata: { type: "TypeError", value: "Cannot read properties of undefined ".repeat(3) },
      culprit: `app/billing/a_rather_long_path_to_the_file/invoice_${index}.py in render_total`,
      lastSeen: new Date(Date.now() - index * 60_000),
    })
  }
  const pages = createPages(app, { health: new Hono(), api: new Hono(), ui: uiRoutes(app) })
  server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) => {
      const headers = new Headers(request.headers)
      headers.set("host", new URL(app.config["system.url-prefix"]).host)
      headers.delete("origin")
      return pages.fetch(new Request(request, { headers }), { remoteAddress: "127.0.0.1" })
    },
  })
  session = await startSession(app, app.sql, userId, { ip: "", userAgent: "" })
  issues = `http://127.0.0.1:${server.port}/organizations/shop/issues/`
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
}, 30_000)

afterAll(async () => {
  await browser?.close()
  await server?.stop(true)
})

async function open(options: BrowserContextOptions, url = issues) {
  const context = await browser.newContext(options)
  await context.addCookies([{ name: "sl_session", value: session, url: new URL(issues).origin }])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
  page.on("pageerror", (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}

/** axe is put in through the debugger, so that the page's policy stays as strict as it is. */
async function violations(page: Page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
    )
  })
}

const looks: [string, BrowserContextOptions][] = [
  ["light", { colorScheme: "light", viewport: { width: 1360, height: 800 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1360, height: 800 } }],
  ["dark at 500 px", { colorScheme: "dark", viewport: { width: 500, height: 700 } }],
  ["at 360 px by touch", { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
  ["at 320 px", { viewport: { width: 320, height: 640 } }],
  ["without script", { javaScriptEnabled: false, viewport: { width: 1360, height: 800 } }],
]

for (const [name, options] of looks) {
  test(`the stream is clean and fits, ${name}`, async () => {
    const { page, complaints, close } = await open(options)
    expect(await page.locator("[data-row]").count()).toBe(5)
    const [content, window] = await page.evaluate<[number, number]>(
      `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`,
    )
    expect(content).toBeLessThanOrEqual(window)
    if (options.javaScriptEnabled !== false) expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    const folder = process.env.SCREENSHOTS
    if (folder) await page.screenshot({ path: `${folder}/stream ${name}.png` })
    await close()
  }, 20_000)
}

test("menus, the bulk page, an empty and a broken query are clean, too", async () => {
  for (const query of [
    "bulk/?query=is:unresolved",
    "?query=nothing+matches+this",
    "?query=is:unresolved+browser:x",
  ]) {
    const { page, close } = await open({}, issues + query)
    expect([query, await violations(page)]).toEqual([query, []])
    await close()
  }
  const { page, close } = await open({ colorScheme: "dark" })
  await page.locator(".bulk summary", { hasText: "Archive" }).click()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press("Escape")
  expect(await page.locator("details[open]").count()).toBe(0)
  await close()
}, 20_000)

test("the list of releases is clean and fits, with authors of long names", async () => {
  await givenCommittedRelease(app, shop, { version: "shop@1.0.0", day: 1, path: "shop.py" })
  await app.sql`update commit_authors set name = 'Bartholomew Featherstonehaugh-Cholmondeley'`
  for (const width of [1280, 360]) {
    const url = new URL("/organizations/shop/releases/", issues).href
    const { page, close } = await open({ viewport: { width, height: 800 } }, url)
    expect(await page.locator("tbody").innerText()).toContain("by Bartholomew")
    expect([width, await violations(page)]).toEqual([width, []])
    const [content, window] = await page.evaluate<[number, number]>(
      `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`,
    )
    expect(content).toBeLessThanOrEqual(window)
    await close()
  }
}, 20_000)

test("every component of the style guide is clean in both themes and on a phone", async () => {
  for (const options of [
    { colorScheme: "light", viewport: { width: 1360, height: 900 } },
    { colorScheme: "dark", viewport: { width: 360, height: 740 } },
  ] as const) {
    const { page, complaints, close } = await open(options, new URL("/manage/ui/", issues).href)
    expect(await page.locator("h1").textContent()).toBe("Style guide")
    expect(await violations(page)).toEqual([])
    expect(complaints).toEqual([])
    const folder = process.env.SCREENSHOTS
    if (folder)
      await page.screenshot({ path: `${folder}/guide ${options.colorScheme}.png`, fullPage: true })
    await close()
  }
}, 30_000)

test("a search with script puts the list in place without loading the page again", async () => {
  const { page, complaints, close } = await open({})
  await page.evaluate(`document.documentElement.setAttribute("data-mark", "kept")`)
  await page.locator('input[name="query"]').fill("level:fatal")
  await page.keyboard.press("Enter")
  await page.waitForURL(/query=level%3Afatal/)
  await page.waitForFunction(`document.querySelectorAll("[data-row]").length === 1`)
  expect(await page.locator("html").getAttribute("data-mark")).toBe("kept")
  await page.getByRole("link", { name: "Regressed" }).click()
  await page.waitForURL(/is%3Aregressed/)
  await page.waitForFunction(`document.querySelectorAll("[data-row]").length === 1`)
  expect(complaints).toEqual([])
  await close()
}, 20_000)

test("keys move, tick and open; the row one stands on is the one that is meant", async () => {
  const { page, close } = await open({})
  await page.keyboard.press("j")
  await page.keyboard.press("j")
  await page.keyboard.press("x")
  expect(await page.locator("[data-row]").nth(1).locator("input").isChecked()).toBe(true)
  expect(await page.locator("[data-tick-count]").textContent()).toBe("1 selected")
  await page.keyboard.press("*")
  expect(await page.locator("[data-row] :checked").count()).toBe(5)
  await page.keyboard.press("?")
  expect(await page.locator("[data-help-list]").textContent()).toContain("Resolve")
  await page.keyboard.press("Escape")
  await page.keyboard.press("/")
  expect(await page.evaluate(`document.activeElement.name`)).toBe("query")
  await close()
}, 20_000)

test("Shift ticks a range, the theme key stays for the next page", async () => {
  const { page, close } = await open({ colorScheme: "light" })
  await page.locator("[data-row] input").nth(0).click()
  await page
    .locator("[data-row] input")
    .nth(3)
    .click({ modifiers: ["Shift"] })
  expect(await page.locator("[data-row] :checked").count()).toBe(4)
  await page.locator("body").press("Shift+D")
  await page.reload()
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
  await close()
}, 20_000)

test("without script an issue is archived from the menu and the way back is offered", async () => {
  const { page, close } = await open({ javaScriptEnabled: false })
  await page.locator("[data-row] input").nth(4).check()
  await page.locator(".bulk summary", { hasText: "Archive" }).click()
  await page.getByRole("button", { name: "Until it escalates" }).click()
  expect(await page.locator("[data-flash]").textContent()).toContain("1 issue is archived.")
  expect(await page.locator("[data-row]").count()).toBe(4)
  await page.getByRole("button", { name: "Undo" }).click()
  expect(await page.locator("[data-row]").count()).toBe(5)
  await close()
}, 20_000)

test("Space opens the row one stands on and closes it again; the chevron does the same", async () => {
  const { page, close } = await open({ viewport: { width: 1280, height: 900 } })
  await page.keyboard.press("j")
  await page.keyboard.press("Space")
  const preview = page.locator(".stream-preview")
  await preview.waitFor({ state: "visible" })
  expect(await preview.innerText()).toContain("The latest event has no stack trace.")
  expect(await page.locator("[data-preview]").first().getAttribute("aria-expanded")).toBe("true")
  await page.keyboard.press("Space")
  await preview.waitFor({ state: "hidden" })
  await page.locator("[data-preview]").first().click()
  await preview.waitFor({ state: "visible" })
  expect(page.url()).toBe(issues)
  await close()
}, 20_000)

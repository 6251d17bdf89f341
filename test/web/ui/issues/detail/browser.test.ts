import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { Hono } from "hono"
import type { BrowserContextOptions, Page } from "playwright-core"
import { startSession } from "#accounts/users/sessions.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { createPages } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../../../support/app.ts"
import { startChromium } from "../../../../support/chromium.ts"
import { eventKinds } from "../../../../support/event-kinds.ts"
import { givenEvents, givenMember, givenShop } from "../../../../support/issues.ts"

const axe = await Bun.file(
  new URL("../../../../../node_modules/axe-core/axe.min.js", import.meta.url),
).text()
// A browser on a busy machine takes its time.
setDefaultTimeout(60_000)
const app = await testApp()
const issues = new Map<string, string>()
const browser = await startChromium()
let server: ReturnType<typeof Bun.serve>
let session = ""
let base = ""

beforeAll(async () => {
  const shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "Ann" })
  for (let count = 0; count < 12; count++) await givenMember(app, shop, { name: `Member${count}` })
  for (const kind of ["typical", "group", "native", "hostile", "message", "empty"]) {
    const event = { fingerprint: ["{{ default }}", kind], ...eventKinds[kind]?.() }
    issues.set(
      kind,
      (await givenEvents(app, shop, [event, { ...event, event_id: undefined }])).issueId,
    )
  }
  await foldTags(app.sql, new AbortController().signal)
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
  session = await startSession(app, app.sql, ann, { ip: "", userAgent: "" })
  base = `http://127.0.0.1:${server.port}/organizations/shop/issues/`
})

afterAll(() => server?.stop(true))

const pathOf = (kind: string, rest = "") => `${base}${issues.get(kind)}/${rest}`

async function open(url: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  await context.addCookies([{ name: "sl_session", value: session, url: base }])
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()))
  page.on("pageerror", (error) => complaints.push(error.message))
  await page.goto(url)
  return { page, complaints, close: () => context.close() }
}

/** axe is put in through the debugger, so that the page's policy stays as strict as it is. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe
    const { violations: found } = await runner.run()
    return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
  })
}
type AxeResults = { violations: { id: string; nodes: { html: string }[] }[] }

test.each(["light", "dark"] as const)(
  "axe has nothing to say about the pages in %s",
  async (colorScheme) => {
    const { page, complaints, close } = await open(pathOf("typical"), { colorScheme })
    for (const [kind, rest] of [
      ["typical", ""],
      ["group", ""],
      ["native", ""],
      ["hostile", ""],
      ["message", ""],
      ["typical", "events/?column=region"],
      ["typical", "activity/"],
      ["typical", "distributions/"],
      ["typical", "distributions/release/"],
    ] as const) {
      await page.goto(pathOf(kind, rest))
      for (const fold of await page.locator("details.section, #grouping > details").all()) {
        await fold.evaluate((element) => element.setAttribute("open", ""))
      }
      expect([kind, rest, await violations(page)]).toEqual([kind, rest, []])
    }
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)

test.each([...eventKindsSeen()])(
  "nothing scrolls sideways at 360 px: %s %s",
  async (kind, rest) => {
    const { page, close } = await open(pathOf(kind, rest), {
      viewport: { width: 360, height: 740 },
      isMobile: true,
      hasTouch: true,
    })
    const excess = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
    expect(await excess()).toBe(0)
    const resolve = await page.getByRole("button", { name: "Resolve", exact: true }).boundingBox()
    expect(resolve && resolve.y > 500 && resolve.height >= 44).toBe(true)
    await close()
  },
)

function eventKindsSeen(): [string, string][] {
  return [
    ["typical", ""],
    ["native", ""],
    ["hostile", ""],
    ["typical", "events/?column=region"],
    ["typical", "activity/"],
    ["typical", "distributions/release/"],
  ]
}

test("the keyboard walks events, unfolds frames, writes a comment and finds people", async () => {
  const { page, complaints, close } = await open(pathOf("typical", "events/latest/"))
  const latest = await page.locator("#event-id").innerText()
  await page.keyboard.press("h")
  await page.waitForFunction(
    (id) => document.querySelector("#event-id")?.textContent !== id,
    latest,
  )
  await page.keyboard.press("L")
  await page.waitForFunction(
    (id) => document.querySelector("#event-id")?.textContent === id,
    latest,
  )
  await page.keyboard.press("e")
  expect(await page.locator("#stack-trace details.frame:not([open])").count()).toBe(0)
  await page.keyboard.press("3")
  expect(new URL(page.url()).hash).toBe("#request")
  await page.keyboard.press("I")
  await page.getByLabel("Find people and teams").fill("member1")
  const people = page.locator(".assignables > .menu-item:not([hidden])")
  expect(await people.allInnerTexts()).toHaveLength(3)
  await page.keyboard.press("Enter")
  expect(await page.locator("#event-id").innerText()).toBe(latest)
  await page.keyboard.press("Escape")
  await page.keyboard.press("Escape")
  await page.keyboard.press("c")
  await page.keyboard.type("from the keyboard")
  await page.keyboard.press("Control+Enter")
  await page.getByText("from the keyboard").first().waitFor()
  expect(complaints).toEqual([])
  await close()
})

test("sections stay folded for the reader, a link opens what it points to", async () => {
  const { page, close } = await open(pathOf("typical"))
  await page.locator("#user summary").click()
  await page.locator("#user > details:not([open])").waitFor()
  await page.goto(pathOf("group"))
  await page.goto(pathOf("typical"))
  expect(await page.locator("#user > details").getAttribute("open")).toBeNull()
  await page.goto(pathOf("typical", "#user"))
  await page.reload()
  await page.locator("#user > details[open]").waitFor()
  await close()
})

test("breadcrumbs are filtered by words, earlier ones included", async () => {
  const { page, close } = await open(pathOf("typical"))
  await page.getByLabel("Filter breadcrumbs").fill("pay.test")
  const rows = page.locator("#breadcrumbs .crumbs > tbody > tr:visible")
  expect(await rows.count()).toBe(6)
  await page.getByLabel("Filter breadcrumbs").fill("")
  expect(await rows.count()).toBe(31)
  await close()
})

test("the pill tells of newer events without a reload and leads to them", async () => {
  const { page, close } = await open(pathOf("message"))
  const [row] = await app.sql`
    update issues set times_seen = times_seen + 3 where id = ${issues.get("message") ?? ""} returning times_seen`
  expect(row).toBeDefined()
  await page.clock.install()
  await page.reload()
  await app.sql`update issues set times_seen = times_seen + 2 where id = ${issues.get("message") ?? ""}`
  await page.clock.fastForward(21_000)
  const pill = page.getByText("2 newer events")
  await pill.waitFor()
  await pill.click()
  await page.waitForURL("**/events/latest/")
  await close()
})

test("without script everything is there: actions, forms, views of the trace", async () => {
  const { page, close } = await open(pathOf("empty"), { javaScriptEnabled: false })
  await page.getByRole("button", { name: "Resolve", exact: true }).click()
  await page.locator(".issue-head").getByText("Resolved by Ann").waitFor()
  await page.getByRole("button", { name: "Unresolve" }).click()
  await page.locator("summary", { hasText: "Assign" }).click()
  await page.getByRole("button", { name: "Assign to me" }).click()
  await page.locator("summary", { hasText: "Ann" }).waitFor()
  await page.locator("#quick-comment").fill("no script needed")
  await page.getByRole("button", { name: "Comment", exact: true }).click()
  await page.locator(".comment", { hasText: "no script needed" }).waitFor()
  await page.goto(pathOf("typical"))
  expect(await page.locator(".needs-script:visible").count()).toBe(0)
  await page.getByRole("button", { name: "Raw" }).click()
  await page.locator("pre#raw-trace").waitFor()
  await page.getByRole("button", { name: "Pretty" }).click()
  await page.locator("#stack-trace .frames").waitFor()
  await close()
})

test("what an event says never runs", async () => {
  const { page, complaints, close } = await open(pathOf("hostile"))
  const dialogs: string[] = []
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  for (const link of await page.locator("main a[href]").all()) {
    expect(await link.getAttribute("href")).toMatch(/^[/#]/)
  }
  await page.keyboard.press("e")
  expect([dialogs, complaints]).toEqual([[], []])
  await close()
})

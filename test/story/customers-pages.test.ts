import { afterAll, expect, test } from "bun:test"
import AxeBuilder from "axe-core"
import type { Page } from "playwright-core"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { until } from "../support/services.ts"
import { signIn } from "../support/watched-page.ts"

/** What runs in the pages of customers: the loader script, the SDK that it fetches, and the dialog that the SDK shows. */

const browser = await startChromium()
const appliance = await startAppliance()
const acme = await foundAcme(appliance)
const { page, complaints } = await signIn(browser, appliance.url)

/** A customer's site on another origin, whose pages hold what they are given and run nothing inline. */
let markup = ""
const policy = `default-src 'none'; script-src 'self' ${appliance.url}; connect-src ${appliance.url}`
const scripts = new Map<string, string>()
const site = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const script = scripts.get(new URL(request.url).pathname)
    return script === undefined
      ? new Response(
          `<!doctype html><html lang="en"><title>shop</title>${markup}<main><h1>Shop</h1></main>`,
          {
            headers: { "content-type": "text/html", "content-security-policy": policy },
          },
        )
      : new Response(script, { headers: { "content-type": "text/javascript" } })
  },
})
afterAll(() => site.stop(true))

type Visit = { shop: Page; requests: string[] }

/** Opens a page of the site with the tags in it, and notes what it asks of sentry-lite. */
async function visit(tags: string, files: Record<string, string> = {}): Promise<Visit> {
  markup = tags
  for (const [path, text] of Object.entries(files)) scripts.set(path, text)
  const shop = await browser.newPage()
  const requests: string[] = []
  shop.on("request", (request) => {
    const { origin, pathname } = new URL(request.url())
    requests.push(
      origin === appliance.url ? pathname : origin === site.url.origin ? "site" : request.url(),
    )
  })
  await shop.goto(site.url.href)
  return { shop, requests }
}

/** The pages' own policy forbids Playwright's way of waiting. */
const untilTrue = (shop: Page, expression: string) =>
  until(expression, async () => (await shop.evaluate(expression)) === true)

type Issue = { id: string; title: string; culprit: string; count: string }
const issuesOf = (project: string) => acme.get<Issue[]>(`/projects/acme/${project}/issues/`)

/** The tag that the settings page shows, and the project's DSN. */
async function givenLoader(project: string) {
  const dsn = await acme.project(project, "javascript")
  await page.goto(`${acme.url}/settings/acme/projects/${project}/loader-script/`)
  const tag = await page.locator("pre[id^=loader-]").first().innerText()
  expect(complaints).toEqual([])
  return { tag, dsn }
}

const BROKEN = "function openDrawer(till) { return till.drawer.open() }\nopenDrawer({})"

test("an error that is thrown before the SDK is there becomes an issue, and so does all that was said before", async () => {
  const { tag } = await givenLoader("early")
  const { shop, requests } = await visit(
    `${tag}<script src="/calls.js"></script><script src="/broken.js"></script>`,
    {
      "/calls.js": `
      window.sentryOnLoad = () => Sentry.init({ release: "shop@1.0.0", environment: "till" })
      Sentry.addBreadcrumb({ category: "cart", message: "added 3 lines" })
      Sentry.configureScope((scope) => scope.setTag("shop.region", "eu"))`,
      "/broken.js": `${BROKEN}`,
    },
  )
  await until("the issue", async () => (await issuesOf("early")).length > 0)
  const [issue] = await issuesOf("early")
  expect(issue?.title).toBe("TypeError: Cannot read properties of undefined (reading 'open')")
  const event = await acme.get<{
    tags: { key: string; value: string }[]
    entries: unknown
    sdk: { name: string }
  }>(`/issues/${issue?.id}/events/latest/`)
  expect(event.sdk.name).toBe("sentry.javascript.browser")
  expect(Object.fromEntries(event.tags.map(({ key, value }) => [key, value]))).toMatchObject({
    environment: "till",
    release: "shop@1.0.0",
    "shop.region": "eu",
    handled: "no",
  })
  const told = JSON.stringify(event.entries)
  for (const words of ["added 3 lines", "openDrawer", "broken.js"]) expect(told).toContain(words)

  await page.goto(`${acme.url}/organizations/acme/issues/${issue?.id}/`)
  expect(await page.locator("main").innerText()).toContain("openDrawer")
  expect(requests.every((each) => each === "site" || each.startsWith("/"))).toBe(true)
  expect(complaints).toEqual([])
  await shop.close()
})

test("a page in which nothing happens fetches no SDK, unless it is told to", async () => {
  const { tag } = await givenLoader("quiet")
  const quiet = await visit(tag)
  const isSdk = (path: string) => path.includes("/sdk/")
  await quiet.shop.waitForLoadState("networkidle")
  expect(quiet.requests.filter((each) => each.startsWith("/js-sdk-loader/"))).toHaveLength(1)
  const eager = await visit(tag.replace("<script ", '<script data-lazy="no" '))
  await untilTrue(eager.shop, "window.Sentry?.isInitialized?.()")
  expect(eager.requests.some(isSdk)).toBe(true)
  await quiet.shop.close()
  await eager.shop.close()
})

test("rejections, messages and errors after the SDK is there are told once each", async () => {
  const { tag } = await givenLoader("later")
  const { shop } = await visit(`${tag}<script src="/say.js"></script>`, {
    "/say.js": `
      Sentry.onLoad(() => { window.wasCalled = true })
      Sentry.captureMessage("the till is open")
      Promise.reject(new RangeError("nothing left"))`,
  })
  await untilTrue(shop, "window.wasCalled")
  await shop.evaluate(() => {
    setTimeout(() => {
      throw new SyntaxError("later")
    })
  })
  await until("three issues", async () => (await issuesOf("later")).length === 3)
  const issues = await issuesOf("later")
  expect(issues.map(({ title, count }) => `${title} ${count}`).sort()).toEqual([
    "RangeError: nothing left 1",
    "SyntaxError: later 1",
    "the till is open 1",
  ])
  await shop.close()
})

test("a key that is not known breaks no page", async () => {
  const errors: string[] = []
  const { tag } = await givenLoader("gone")
  const { shop } = await visit(tag.replace(/[0-9a-f]{32}/, "9".repeat(32)))
  shop.on("pageerror", (error) => errors.push(error.message))
  await shop.reload()
  expect(await shop.evaluate("typeof window.Sentry")).toBe("undefined")
  expect(errors).toEqual([])
  await shop.close()
})

/** A page whose visitor has met an error, and is asked about it. */
async function givenDialog(project: string, options = "{}") {
  const { tag } = await givenLoader(project)
  const { shop } = await visit(`${tag}<script src="/ask.js"></script>`, {
    "/ask.js": `
      Sentry.onLoad(() => {
        Sentry.init({})
        const eventId = Sentry.captureException(new Error("checkout failed"))
        window.eventId = eventId
        Sentry.showReportDialog({ eventId, onClose: () => { window.wasClosed = true }, ...${options} })
      })
      Sentry.forceLoad()`,
  })
  await shop.getByRole("dialog").waitFor()
  return shop
}

test("the dialog of the SDK tells what a visitor wrote, and it stands on the event's page", async () => {
  const shop = await givenDialog("asked", '{ user: { name: "Jane", email: "jane@shop.test" } }')
  const dialog = shop.getByRole("dialog")
  expect(await dialog.getByLabel("Name").inputValue()).toBe("Jane")
  expect(await dialog.getByLabel("E-mail").inputValue()).toBe("jane@shop.test")
  // The one field that the program cannot fill in.
  expect(await shop.evaluate("document.activeElement.shadowRoot.activeElement.name")).toBe(
    "comments",
  )
  await dialog.getByRole("button", { name: "Send report" }).click()
  expect(await dialog.getByText("Thank you").count()).toBe(0)
  await dialog.getByLabel("What happened?").fill("I paid <script>twice</script>")
  await dialog.getByRole("button", { name: "Send report" }).click()
  await dialog.getByText("Thank you, your report has been sent.").waitFor()
  await dialog.getByRole("button", { name: "Close" }).click()
  await untilTrue(shop, "window.wasClosed")
  expect(await shop.getByRole("dialog").count()).toBe(0)

  await until("the issue", async () => (await issuesOf("asked")).length > 0)
  const [issue] = await issuesOf("asked")
  const eventId = await shop.evaluate("window.eventId")
  await page.goto(`${acme.url}/organizations/acme/issues/${issue?.id}/events/${eventId}/`)
  const text = await page.locator("main").innerText()
  expect(text).toContain("I paid <script>twice</script>")
  expect(text).toContain("jane@shop.test")
  expect(complaints).toEqual([])
  await shop.close()
})

test("the dialog says what cannot be right, speaks the customer's words and closes with Escape", async () => {
  const shop = await givenDialog(
    "wrong",
    '{ title: "Au weia", labelSubmit: "Absenden", errorFormEntry: "Das stimmt nicht." }',
  )
  const dialog = shop.getByRole("dialog", { name: "Au weia" })
  // Longer in front of the @ than any mail server takes, which browsers do not know.
  await dialog.getByLabel("E-mail").fill(`${"x".repeat(65)}@a.test`)
  await dialog.getByLabel("What happened?").fill("It broke")
  await dialog.getByRole("button", { name: "Absenden" }).click()
  await dialog.getByRole("alert").getByText("Das stimmt nicht.").waitFor()
  expect(await dialog.getByLabel("E-mail").getAttribute("aria-invalid")).toBe("true")
  expect(await dialog.getByText("Enter a valid email address.").count()).toBe(1)
  await shop.keyboard.press("Escape")
  await untilTrue(shop, "window.wasClosed")
  await shop.close()
})

test("the dialog is usable without a mouse or sight, light and dark, on a phone", async () => {
  const shop = await givenDialog("phone")
  await shop.setViewportSize({ width: 360, height: 640 })
  for (const colorScheme of ["light", "dark"] as const) {
    await shop.emulateMedia({ colorScheme })
    const box = await shop.getByRole("dialog").boundingBox()
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 360).toBe(true)
    const { violations } = (await shop.evaluate(`${AxeBuilder.source}; axe.run()`)) as {
      violations: { id: string }[]
    }
    expect([colorScheme, violations.map(({ id }) => id)]).toEqual([colorScheme, []])
  }
  await shop.close()
})

import { afterAll, expect, test } from "bun:test"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { MINIFIED, mapOf, minifiedEvent } from "../support/minified.ts"
import { until } from "../support/services.ts"
import { signIn } from "../support/watched-page.ts"

/** A project turns fetching on, and what its site serves maps its events. */

const site = Bun.serve({
  port: 0,
  fetch(request) {
    const { pathname } = new URL(request.url)
    if (pathname === "/basket.js") {
      return new Response(`${MINIFIED}\n//# sourceMappingURL=basket.js.map`)
    }
    return pathname === "/basket.js.map"
      ? new Response(mapOf())
      : new Response(null, { status: 404 })
  },
})
afterAll(() => site.stop(true))

const browser = await startChromium()
const appliance = await startAppliance({
  env: {
    SENTRY__SOURCEMAPS__SCRAPE: "true",
    SENTRY__OUTBOUND__ALLOWED_IPS: '["127.0.0.2"]',
    SENTRY__OUTBOUND__ALLOWED_PORTS: `["${site.port}"]`,
  },
})
const acme = await foundAcme(appliance)
const dsn = new URL(await acme.project("till", "javascript"))
const ORIGIN = `http://127.0.0.2:${site.port}`

/** Resolves with the address of the event's page. */
async function send(path: string): Promise<string> {
  const response = await fetch(
    `${appliance.url}/api${dsn.pathname}/store/?sentry_key=${dsn.username}`,
    { method: "POST", body: JSON.stringify(minifiedEvent({ abs_path: `${ORIGIN}${path}` })) },
  )
  const { id } = (await response.json()) as { id: string }
  let issue: { id: string } | undefined
  await until(`the issue of ${path}`, async () => {
    await Bun.sleep(200)
    ;[issue] = await acme.get<{ id: string }[]>(`/organizations/acme/issues/?query=${id}`)
    return issue !== undefined
  })
  return `${appliance.url}/organizations/acme/issues/${issue?.id}/events/${id}/`
}

test("an administrator turns it on, and events are mapped by what the site serves", async () => {
  const { page, complaints } = await signIn(browser, appliance.url)
  await page.goto(`${appliance.url}/settings/acme/projects/till/source-maps/`)
  await page.getByLabel("Fetch scripts and source maps").check()
  await page.locator("#scraping").getByRole("button", { name: "Save" }).click()
  await page.getByText("Saved.").waitFor()
  const mapped = await send("/basket.js")
  await until("the event is mapped", async () => {
    await Bun.sleep(500)
    await page.goto(mapped)
    return (await page.locator("#stack-trace").innerText()).includes("addToBasket")
  })
  const failed = await send("/gone.js")
  await until("the failure is told", async () => {
    await Bun.sleep(500)
    await page.goto(failed)
    await page.getByText("Not mapped: why?").first().click({ timeout: 2_000 })
    await page.waitForURL("**/source-maps/")
    return (await page.locator("main").innerText()).includes("the server answered 404")
  })
  expect(complaints).toEqual([])
  await page.close()
}, 120_000)

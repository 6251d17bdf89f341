import { afterAll, expect, test } from "bun:test"
import type { Browser, Page } from "playwright-core"
import { ANN, foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import type { Started } from "../support/executable.ts"
import { type Mailbox, startMailbox } from "../support/mailbox.ts"
import { signIn } from "../support/watched-page.ts"
import { clients, startShopPages } from "./clients.ts"

const SHOP_1 = { release: "shop@1.0.0", environment: "production" }

/** The tests that every shape passes: real SDKs throw, pages show it, mails tell of it. Begun at the top of a test file. */
export async function tellStory(
  start: (env: Record<string, string>) => Promise<Started>,
): Promise<void> {
  const browser = await startChromium()
  const story = await beginStory(browser, start)

  test("an error in Node.js is an issue with its own frames, and a mail", async () => {
    const { eventId } = await clients.node(story.dsn, SHOP_1)
    const caught = await story.mailbox.waitFor("the new issue", ({ mail }) =>
      (mail.subject ?? "").includes("TypeError"),
    )
    expect(caught.to).toEqual([ANN.email])
    expect(caught.mail.subject).toMatch(/^SHOP-1 - TypeError: Cannot read properties of undefined/)
    expect(caught.mail.text).toContain("in unitPrice")
    expect(caught.mail.inReplyTo).toMatch(/^<issue\.\d+@127\.0\.0\.1>$/)
    expect(caught.mail.headers.get("x-sentry-project")).toBe("shop")

    const page = await story.openIssue("TypeError")
    expect(await page.title()).toContain("TypeError")
    const own = await page.locator(".frame[data-app] > summary").allInnerTexts()
    expect(own[0]).toMatch(/node\.mjs.* in unitPrice at line 11/)
    expect(own.join()).toContain("renderTotal")
    const hit = await page.locator(".code li[data-hit]").first().innerText()
    expect(hit).toContain("return line.product.price / line.quantity")
    await page.goto(`${page.url().split("?")[0]}events/${eventId}/`)
    expect(await page.locator("#tags").innerText()).toContain("shop.region")
    expect(await page.locator("#user").innerText()).toContain("ann@example.test")
    expect(await page.locator("#breadcrumbs").innerText()).toContain("added 3 lines")
  })

  test("an error in Python shows its variables and the chain of causes", async () => {
    await clients.python(story.dsn, SHOP_1)
    await story.mailbox.waitFor("the Python issue", ({ mail }) =>
      (mail.subject ?? "").includes("RuntimeError"),
    )
    const page = await story.openIssue("RuntimeError")
    const trace = await page.locator("#stack-trace").innerText()
    expect(trace).toContain("RuntimeError")
    expect(trace).toContain("caused by ZeroDivisionError")
    expect(trace).toContain("ZeroDivisionError")
    expect(await page.locator("#exception-2").innerText()).toContain("'EUR'")
  })

  test("an error in a browser page of another origin arrives", async () => {
    const shop = await startShopPages()
    afterAll(shop.stop)
    await shop.visit(browser, "browser", { dsn: story.dsn, release: "web@3" })
    const page = await story.openIssue("applyVoucher")
    expect(await page.locator(".frame > summary, .frame-line").allInnerTexts()).toContainEqual(
      expect.stringContaining("applyVoucher"),
    )
    expect(await page.locator("#request").innerText()).toContain(shop.url)
  })

  test("resolved on the page, thrown again, it is back and mailed into the same thread", async () => {
    const first = story.mailbox.messages.find(({ mail }) =>
      mail.subject?.includes("TypeError: Cannot read properties of undefined (reading 'price')"),
    )
    const page = await story.openIssue("price")
    await page.getByRole("button", { name: "Resolve", exact: true }).click()
    await page.getByText("Resolved by ann@acme.test").first().waitFor()
    await clients.node(story.dsn, { ...SHOP_1, release: "shop@1.1.0" })
    const { mail } = await story.mailbox.waitFor("the regression", (caught) =>
      (caught.mail.from?.value[0]?.name ?? "").endsWith("Regression"),
    )
    expect(mail.subject).toBe(first?.mail.subject)
    expect(mail.inReplyTo).toBe(first?.mail.inReplyTo)
    expect(mail.text).toContain("Back in shop@1.1.0, resolved by ann@acme.test today")
    await page.reload()
    expect(await page.locator(".issue-head").innerText()).toContain("Regressed")
  })
}

type Story = {
  dsn: string
  mailbox: Mailbox
  /** The page of the one issue that the words find. */
  openIssue(words: string): Promise<Page>
}

async function beginStory(
  browser: Browser,
  start: (env: Record<string, string>) => Promise<Started>,
): Promise<Story> {
  const mailbox = await startMailbox()
  const started = await start({
    SENTRY_EMAIL_HOST: "127.0.0.1",
    SENTRY_EMAIL_PORT: String(mailbox.port),
    SENTRY_SERVER_EMAIL: "alerts@acme.test",
  })
  const dsn = await (await foundAcme(started)).project("shop", "node")
  const { page } = await signIn(browser, started.url)
  return {
    dsn,
    mailbox,
    async openIssue(words) {
      const query = new URLSearchParams({ query: words })
      const link = page.locator(".stream a[href*='/issues/']").first()
      for (let tries = 0; tries < 50; tries++) {
        await page.goto(`${started.url}/organizations/acme/issues/?${query}`)
        if (await link.isVisible()) break
      }
      await link.click()
      await page.locator(".issue-head").waitFor()
      return page
    },
  }
}

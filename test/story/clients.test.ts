import { afterAll, expect, test } from "bun:test"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { until } from "../support/services.ts"
import { foreignMarkup, signIn } from "../support/watched-page.ts"
import { clients, crashClients, itemClients, type Sent, startShopPages } from "./clients.ts"

const VERSION = { release: "shop@1.0.0", environment: "production" }

const browser = await startChromium()
const appliance = await startAppliance()
const acme = await foundAcme(appliance)
const { page, complaints } = await signIn(browser, appliance.url)
const shop = await startShopPages()
afterAll(shop.stop)

type Looks = {
  title: string
  culprit: string
  level?: string
  platform: string
  /** Own frames of the exception that was thrown, the last call first. */
  frames?: string[]
  user?: object
  sdk: string
  tags?: Record<string, string>
  /** Names of processing errors. */
  errors?: string[]
}

const shellLooks = { title: "disk of db-1 is full", culprit: "monitor.sh in check_disks" }
const browserLooks: Looks = {
  title: "TypeError: Cannot read properties of undefined (reading 'code')",
  culprit: "applyVoucher(/browser.js)",
  platform: "javascript",
  frames: ["applyVoucher", "showCart", ""],
  user: { id: "42", ip_address: "127.0.0.1" },
  sdk: "sentry.javascript.browser",
  tags: { "browser.name": "HeadlessChrome", "os.name": "Linux" },
}
const visitWith = (sdk: "browser" | "raven-js", more = {}) => {
  return (dsn: string) => shop.visit(browser, sdk, { dsn, release: VERSION.release, ...more })
}

const cases: [name: string, send: typeof clients.node, looks: Looks][] = [
  [
    "@sentry/node",
    clients.node,
    {
      title: "TypeError: Cannot read properties of undefined (reading 'price')",
      culprit: "unitPrice(node)",
      platform: "node",
      frames: ["unitPrice", "", "renderTotal", "checkout", ""],
      sdk: "sentry.javascript.node",
      tags: { "runtime.name": "node", server_name: "node-1" },
    },
  ],
  [
    "@sentry/bun",
    clients.bun,
    {
      title: "RangeError: nothing left of A-1",
      culprit: "reserveStock(bun)",
      level: "fatal",
      platform: "node",
      frames: ["reserveStock"],
      user: { id: "42", username: "ann" },
      sdk: "sentry.javascript.bun",
      tags: { "runtime.name": "bun" },
    },
  ],
  ["@sentry/browser", visitWith("browser"), browserLooks],
  [
    "@sentry/browser through the tunnel",
    visitWith("browser", { tunnel: `${appliance.url}/tunnel/` }),
    browserLooks,
  ],
  [
    "raven, for Node.js",
    clients["raven-node"],
    {
      title: "TypeError: Cannot read properties of undefined (reading 'amount')",
      culprit: "raven-node.cjs at findPrice",
      level: "warning",
      platform: "node",
      frames: ["findPrice", "null.<anonymous>", "quote", "Object.<anonymous>"],
      sdk: "raven-node",
      tags: { server_name: "raven-1" },
    },
  ],
  [
    "raven-js",
    visitWith("raven-js"),
    {
      title: "TypeError: Cannot read properties of undefined (reading 'open')",
      culprit: `${shop.url}raven-js.js`,
      platform: "javascript",
      frames: ["openDrawer", "payCash", ""],
      user: { id: "42", ip_address: "127.0.0.1" },
      sdk: "raven-js",
      tags: { "browser.name": "HeadlessChrome" },
      // An option of its own that it sends as if it were an attribute.
      errors: ["trimHeadFrames"],
    },
  ],
  [
    "Python's sentry-sdk",
    clients.python,
    {
      title: "RuntimeError: cannot render the invoice",
      culprit: "__main__ in <module>",
      platform: "python",
      frames: ["<module>"],
      user: { id: "7" },
      sdk: "sentry.python",
      tags: { "shop.region": "us", "runtime.name": "CPython" },
    },
  ],
  [
    "sentry-ruby",
    clients.ruby,
    {
      title: "KeyError: key not found: 7",
      culprit: "ruby_shop.rb in fetch",
      platform: "ruby",
      frames: ["fetch", "find_customer", "print_invoice", "<main>"],
      sdk: "sentry.ruby",
    },
  ],
  [
    "sentry-go",
    clients.go,
    {
      title: "*errors.fundamental: order 4711 has no lines",
      culprit: "main in shipOrder",
      level: "fatal",
      platform: "go",
      frames: ["shipOrder", "closeDay", "main"],
      sdk: "sentry.go",
      tags: { "runtime.name": "go" },
    },
  ],
  [
    "sentry-cli send-event",
    clients["sentry-cli"],
    {
      title: "backup of orders failed",
      culprit: "",
      level: "warning",
      platform: "native",
      sdk: "sentry-cli",
    },
  ],
  [
    "sentry-cli send-envelope",
    clients["sentry-cli-envelope"],
    {
      title: "night report: 12 orders are late",
      culprit: "reports.night",
      level: "warning",
      platform: "other",
      sdk: "sentry-cli",
    },
  ],
  [
    "curl at the store endpoint",
    clients["curl-store"],
    { ...shellLooks, platform: "other", user: { id: "42" }, sdk: "curl" },
  ],
  [
    "curl at the image of the first browsers",
    clients["curl-image"],
    { ...shellLooks, platform: "other", user: { id: "42" }, sdk: "raven-js" },
  ],
  [
    "curl with a minidump",
    crashClients["curl-minidump"],
    {
      title: "Minidump: Invalid Minidump",
      culprit: "",
      level: "fatal",
      platform: "native",
      sdk: "breakpad",
    },
  ],
]

/** Those that cannot leave breadcrumbs. */
const WITHOUT_BREADCRUMBS = ["curl", "sentry-cli send-event"]

test.each(cases)("what %s sends looks right", async (name, send, looks) => {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
  const { eventId } = await send(await acme.project(slug), VERSION)
  const { issue, event } = await storedIn(slug, eventId)
  const tags = Object.fromEntries(event.tags.map(({ key, value }) => [key, value]))
  expect(event).toMatchObject({
    title: looks.title,
    culprit: looks.culprit,
    platform: looks.platform,
    user: looks.user ?? { id: "42", email: "ann@example.test" },
    sdk: { name: looks.sdk },
    release: { version: VERSION.release },
  })
  expect([issue.title, issue.level]).toEqual([looks.title, looks.level ?? "error"])
  expect(tags).toMatchObject({
    environment: VERSION.environment,
    "shop.region": "eu",
    ...looks.tags,
  })
  expect(framesOf(event)).toEqual(looks.frames ?? [])
  expect(event.errors.map(({ data }) => data.name)).toEqual(looks.errors ?? [])
  const hasBreadcrumbs = !WITHOUT_BREADCRUMBS.some((each) => name.startsWith(each))
  expect(JSON.stringify(entry(event, "breadcrumbs") ?? "").includes("added 3 lines")).toBe(
    hasBreadcrumbs,
  )

  const shown = `${acme.url}/organizations/acme/issues/${issue.id}/events/${eventId}/`
  expect((await page.goto(shown))?.status()).toBe(200)
  expect(await page.locator(".issue-head").innerText()).toContain(looks.title.replace(/^\S+: /, ""))
  const own = await page.locator(".frame[data-app] > summary, .frame-line").allInnerTexts()
  for (const called of looks.frames ?? []) expect(own.join("\n")).toContain(called)
  expect(await foreignMarkup(page)).toEqual([])
  expect(complaints).toEqual([])
})

test("a message of @sentry/node has its stack, its attachments and the feedback on it", async () => {
  const { eventId } = await itemClients["node-items"](await acme.project("items"), VERSION)
  const { issue, event } = await storedIn("items", eventId)
  expect(issue.title).toBe("the day does not close")
  expect(event.errors).toEqual([])
  await page.goto(`${acme.url}/organizations/acme/issues/${issue.id}/events/${eventId}/`)
  const shown = await page.locator("main").innerText()
  for (const words of ["captureMessage", "tills.txt", "pixel.gif", "I cannot go home."]) {
    expect(shown).toContain(words)
  }
  expect(complaints).toEqual([])
})

test("what Chromium reports of a broken policy is an issue", async () => {
  await shop.breakPolicy(browser, await acme.project("policy"))
  const list = () => acme.get<Issue[]>("/projects/acme/policy/issues/")
  await until("the issue", async () => (await list()).length > 0)
  const [issue] = await list()
  expect(issue?.title).toBe("Blocked 'image' from 'evil.example'")
  await page.goto(`${acme.url}/organizations/acme/issues/${issue?.id}/`)
  expect(await page.locator(".issue-head").innerText()).toContain("img-src")
  expect(complaints).toEqual([])
})

type Frame = { function: string | null; inApp: boolean }
type Entry = { type: string; data: { values: { stacktrace: { frames: Frame[] } | null }[] } }
type StoredEvent = {
  tags: { key: string; value: string }[]
  entries: Entry[]
  errors: { data: { name: string } }[]
}
type Issue = { id: string; title: string; level: string; count: string }

/** The one issue of this project, and the event in it. */
async function storedIn(slug: string, eventId: Sent["eventId"]) {
  const list = () => acme.get<Issue[]>(`/projects/acme/${slug}/issues/`)
  await until("the issue", async () => (await list()).length > 0)
  const [issue, ...others] = await list()
  if (!issue) throw new Error("the issue is gone")
  expect(others).toEqual([])
  expect(issue.count).toBe("1")
  return { issue, event: await acme.get<StoredEvent>(`/issues/${issue.id}/events/${eventId}/`) }
}

function framesOf(event: StoredEvent): string[] {
  const thrown = entry(event, "exception")?.data.values.at(-1)
  const own = (thrown?.stacktrace?.frames ?? []).filter(({ inApp }) => inApp)
  return own.map((frame) => frame.function ?? "").reverse()
}

function entry(event: StoredEvent, type: string): Entry | undefined {
  return event.entries.find((each) => each.type === type)
}

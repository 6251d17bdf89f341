import { expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { until } from "../support/services.ts"
import { foreignMarkup, signIn } from "../support/watched-page.ts"
import { oddEvents, spaciousEvents } from "./hostile-bodies.ts"

const browser = await startChromium()
const appliance = await startAppliance()
const MARKUP = `"'><img src=x onerror=window.pwned=1><script>window.pwned=1</script><svg onload=window.pwned=1>`
const LINK = "javascript:window.pwned=1"

/** The same markup wherever an event may have words, and a script wherever it may have an address. */
const event = {
  message: MARKUP,
  logger: MARKUP,
  level: MARKUP,
  platform: "javascript",
  transaction: MARKUP,
  server_name: MARKUP,
  release: `r${MARKUP.replaceAll("/", "")}`,
  environment: "e<script>window.pwned=1",
  fingerprint: [MARKUP],
  tags: { [MARKUP]: MARKUP, url: LINK, "a<b": MARKUP },
  user: { id: MARKUP, username: MARKUP, email: MARKUP, name: MARKUP, ip_address: "198.51.100.7" },
  request: {
    url: LINK,
    method: MARKUP,
    query_string: MARKUP,
    headers: { [MARKUP]: MARKUP, Referer: LINK, "User-Agent": MARKUP },
    cookies: { [MARKUP]: MARKUP },
    data: { [MARKUP]: MARKUP, html: `</script>${MARKUP}` },
  },
  exception: {
    values: [
      {
        type: MARKUP,
        value: `${LINK} ${MARKUP} data:text/html,${MARKUP} https://evil.example/${MARKUP}`,
        module: MARKUP,
        mechanism: { type: MARKUP, help_link: LINK, data: { [MARKUP]: MARKUP } },
        stacktrace: {
          frames: [
            {
              filename: MARKUP,
              abs_path: LINK,
              function: MARKUP,
              module: MARKUP,
              lineno: 3,
              pre_context: [MARKUP],
              context_line: `</code></pre>${MARKUP}`,
              post_context: [MARKUP],
              vars: { [MARKUP]: MARKUP, nested: { [MARKUP]: [MARKUP] } },
              in_app: true,
              source_link: LINK,
            },
          ],
        },
      },
    ],
  },
  breadcrumbs: [
    {
      type: MARKUP,
      category: MARKUP,
      message: MARKUP,
      level: MARKUP,
      data: { url: LINK, a: MARKUP },
    },
    { type: "navigation", category: "navigation", data: { from: LINK, to: MARKUP } },
    { type: "http", category: "xhr", data: { url: LINK, method: MARKUP, status_code: MARKUP } },
  ],
  contexts: {
    [MARKUP]: { type: MARKUP, [MARKUP]: MARKUP },
    browser: { name: MARKUP, version: LINK },
  },
  extra: { [MARKUP]: MARKUP, link: LINK },
  modules: { [MARKUP]: MARKUP },
  sdk: { name: MARKUP, version: MARKUP },
}

const acme = await foundAcme(appliance)
const dsn = new URL(await acme.project("shop", "javascript"))
const { page, complaints } = await signIn(browser, appliance.url)

test("hostile words in every field run nowhere on the pages that show them", async () => {
  await send(asText(event))
  const issuePath = await pathOfIssue("pwned")
  const stream = "/organizations/acme/issues/"
  for (const [path, status] of [
    [stream, 200],
    [`${stream}?query=${encodeURIComponent(MARKUP.replace('"', ""))}`, 200],
    // A quotation mark that is never closed.
    [`${stream}?query=${encodeURIComponent(MARKUP)}`, 400],
    [issuePath, 200],
    [`${issuePath}events/`, 200],
    [`${issuePath}distributions/`, 200],
    [`${issuePath}activity/`, 200],
    [`${issuePath}events/latest/`, 200],
    [`${issuePath}events/latest/json/`, 200],
  ] as const) {
    const response = await page.goto(`${appliance.url}${path}`)
    expect([path, response?.status()]).toEqual([path, status])
    expect([path, await foreignMarkup(page)]).toEqual([path, []])
  }
  expect(complaints).toEqual([])
})

test("hostile names of files and words of visitors run nowhere either", async () => {
  const names = [
    MARKUP,
    "../../../etc/passwd",
    "C:\\boot.ini",
    "a\0b",
    "\u202egnp.exe",
    "x".repeat(4096),
  ]
  const eventId = crypto.randomUUID().replaceAll("-", "")
  const said = { name: MARKUP, email: "eve@evil.example", comments: `${LINK} ${MARKUP}` }
  const told = { contact_email: "eve@evil.example", name: MARKUP, message: MARKUP, url: LINK }
  await sendEnvelope([
    { event_id: eventId },
    { type: "event" },
    { message: "files of a stranger" },
    ...names.flatMap((filename) => [{ type: "attachment", filename }, { svg: MARKUP }]),
    { type: "user_report" },
    { event_id: eventId, ...said },
    { type: "feedback" },
    { type: "feedback", contexts: { feedback: { ...told, associated_event_id: eventId } } },
  ])
  const issuePath = await pathOfIssue("stranger")
  await until("the files are there", async () => {
    await page.goto(`${appliance.url}${issuePath}`)
    return (await page.locator("main").innerText()).includes("passwd")
  })
  for (const path of [issuePath, `${issuePath}feedback/`, "/organizations/acme/feedback/"]) {
    const response = await page.goto(`${appliance.url}${path}`)
    expect([path, response?.status()]).toEqual([path, 200])
    expect([path, await foreignMarkup(page)]).toEqual([path, []])
    expect([path, await page.locator("main").innerText()]).toEqual([
      path,
      expect.stringContaining("<img src=x onerror=window.pwned=1>"),
    ])
  }
  expect(complaints).toEqual([])
})

test("the issue's page shows the markup as the words that they are", async () => {
  await page.goto(`${appliance.url}${await pathOfIssue("pwned")}`)
  expect(await page.locator("body").innerText()).toContain("<img src=x onerror=window.pwned=1>")
})

test("every odd event that was stored has its page, its text and its JSON", async () => {
  const bodies = [...Object.values(oddEvents), ...Object.values(spaciousEvents).map(asText)]
  const ids: string[] = []
  for (const body of bodies) ids.push(await send(body))
  const issues = await issuesOf(ids)
  for (const issue of issues) {
    for (const rest of ["", "events/latest/json/", "events/latest/md/"]) {
      const path = `/organizations/acme/issues/${issue}/${rest}`
      const response = await page.context().request.get(`${appliance.url}${path}`)
      expect([path, response.status()]).toEqual([path, 200])
    }
  }
  expect(issues.length).toBeGreaterThan(5)
}, 60_000)

/** Of these events, once all of them are stored. */
async function issuesOf(eventIds: string[]): Promise<string[]> {
  const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
  try {
    const read = () => sql<{ issueId: string }[]>`
      select issue_id from events where event_id = any(${eventIds}::uuid[])`
    await until("the events are stored", async () => (await read()).length === eventIds.length)
    return [...new Set((await read()).map(({ issueId }) => issueId))]
  } finally {
    await sql.end()
  }
}

const asText = (body: object) => JSON.stringify(body)

/** One line for each: the header, then each item's header and payload. */
async function sendEnvelope(lines: object[]): Promise<void> {
  const response = await fetch(`${appliance.url}/api${dsn.pathname}/envelope/`, {
    method: "POST",
    headers: { "x-sentry-auth": `Sentry sentry_version=7, sentry_key=${dsn.username}` },
    body: lines.map(asText).join("\n"),
  })
  expect(response.status).toBe(200)
}

/** Resolves with the event's id. */
async function send(body: string): Promise<string> {
  const response = await fetch(`${appliance.url}/api${dsn.pathname}/store/`, {
    method: "POST",
    headers: { "x-sentry-auth": `Sentry sentry_version=7, sentry_key=${dsn.username}` },
    body,
  })
  expect(response.status).toBe(200)
  return (await response.json()).id
}

async function pathOfIssue(words: string): Promise<string> {
  const link = page.locator(".stream a[href*='/issues/']").first()
  await until("the issue in the stream", async () => {
    await page.goto(`${appliance.url}/organizations/acme/issues/?query=${words}`)
    return link.isVisible()
  })
  const address = await link.getAttribute("href")
  return new URL(address ?? "", appliance.url).pathname
}

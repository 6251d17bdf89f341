import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Page } from "playwright-core"
import { decodePayload } from "#events/payload-codec.ts"
import { connect, type Sql } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { type Acme, ANN, foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { startMailbox } from "../support/mailbox.ts"
import { until } from "../support/services.ts"
import { signIn } from "../support/watched-page.ts"

/**
 * Secrets in every place of an event, each its own, through the compiled program: none of them is in a table, a log, a mail
 * or on a page afterwards. What waits in the spool is raw (ARCHITECTURE.md), and gone when it is worked off.
 */

/** Long enough that no random base64 has it by chance. */
const MARK = "zq7wkv4m"
let count = 0
/** Every secret can be told from every other, and be found without knowing which it is. */
const secret = () => `${MARK}s${++count}x`

const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${secret()}\n-----END RSA PRIVATE KEY-----`
const FEEDBACK = {
  message: `my password=${secret()} fails`,
  contact_email: `${secret()}@shop.test`,
}
const FILE_NAME = `dump-password=${secret()}.txt`

const vars = () => ({
  password: secret(),
  apiKey: secret(),
  settings: { db: `postgres://bob:${secret()}@db/shop`, "x-auth-token": secret() },
  pem: KEY,
})
const frames = () => [{ filename: "shop.py", function: "pay", lineno: 7, vars: vars() }]

const event = (id: string) => ({
  event_id: id,
  platform: "python",
  transaction: `/reset/${secret()}`,
  logentry: {
    message: "login of %s failed",
    formatted: `login failed: token=${secret()}, Bearer ${secret()}`,
    params: { password: secret() },
  },
  exception: {
    values: [
      {
        type: "LoginError",
        value: `cannot reach postgres://ann:${secret()}@db/users, api_key="${secret()}"`,
        mechanism: { type: "generic", data: { secret: secret() }, description: `auth ${secret()}` },
        stacktrace: { frames: frames() },
      },
    ],
  },
  threads: { values: [{ id: 1, stacktrace: { frames: frames() } }] },
  request: {
    url: `https://ann:${secret()}@shop.test/pay?token=${secret()}`,
    query_string: `access_token=${secret()}&page=2`,
    fragment: `access_token=${secret()}`,
    method: "POST",
    data: JSON.stringify({ passwd: secret(), card: { secret_code: secret() } }),
    cookies: `sessionid=${secret()}; csrftoken=${secret()}`,
    headers: {
      Authorization: `Bearer ${secret()}`,
      Cookie: `session=${secret()}`,
      "X-Api-Key": secret(),
      "X-Foo": `id ${secret()}`,
    },
    env: { DB_PASSWORD: secret() },
  },
  breadcrumbs: [
    { message: `POST with password ${secret()}`, data: { Authorization: secret() } },
    {
      type: "http",
      data: { url: `https://x:${secret()}@api.test/`, headers: { token: secret() } },
    },
  ],
  extra: { stripe: { private_key: secret() }, list: [`secret ${secret()}`] },
  tags: { customer_key: secret(), colour: "red" },
  user: {
    id: "7",
    email: `${secret()}@shop.test`,
    data: { credentials: secret() },
    // No address: noted as an error, with what was there.
    ip_address: `password ${secret()}`,
  },
  contexts: { vault: { secret: secret() }, device: { name: `phone of ${secret()}` } },
  fingerprint: ["{{ default }}", `order-${secret()}`],
  server_name: `secret-${secret()}`,
  unknown_attribute: secret(),
  _meta: { extra: { stripe: { "": { rem: [["!limit", "s", 0, 3]], val: secret() } } } },
})

/** What the built-in list leaves alone unless it is asked for. */
const RULES = [
  { method: "hash", type: "anything", source: "tags.customer_key || $user.email" },
  {
    method: "replace",
    type: "pattern",
    source: "transaction || culprit || fingerprint.*",
    pattern: "[a-z0-9]+s[0-9]+x",
  },
  { method: "remove", type: "anything", source: "contexts.device.name" },
  { method: "mask", type: "pattern", source: "$http.headers.x-foo", pattern: "id (\\w+)" },
  { method: "remove", type: "email", source: "contexts.feedback.contact_email" },
]

const mailbox = await startMailbox()
const appliance = await startAppliance({
  env: {
    SENTRY_EMAIL_HOST: "127.0.0.1",
    SENTRY_EMAIL_PORT: String(mailbox.port),
    SENTRY_SERVER_EMAIL: "alerts@acme.test",
  },
})
const browser = await startChromium()
const id = crypto.randomUUID().replaceAll("-", "")
let acme: Acme
let page: Page
let sql: Sql

beforeAll(async () => {
  acme = await foundAcme(appliance)
  const dsn = new URL(await acme.project("shop", "python"))
  sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
  page = (await signIn(browser, appliance.url)).page
  await writeRules()
  await send(dsn)
  await until("the event is stored", async () => {
    const [row] = await sql`select from events where event_id = ${id}::uuid`
    const [feedback] = await sql`select from feedback`
    return row !== undefined && feedback !== undefined
  })
  await mailbox.waitFor("the new issue", ({ mail }) => (mail.subject ?? "").includes("LoginError"))
}, 60_000)
afterAll(() => sql.end())

/** As people do it: on the page. */
async function writeRules(): Promise<void> {
  await page.goto(`${appliance.url}/settings/acme/projects/shop/security-and-privacy/`)
  for (const [index, rule] of RULES.entries()) {
    await page.getByRole("button", { name: "Add a rule" }).click()
    const part = (name: string) => page.locator(`#field-rule-${index}-${name}`)
    await part("method").selectOption(rule.method)
    await part("type").selectOption(rule.type)
    await part("source").fill(rule.source)
    if (rule.pattern) await part("pattern").fill(rule.pattern)
  }
  await page.getByRole("button", { name: "Save", exact: true }).last().click()
  await page.getByText("Saved.").waitFor()
}

async function send(dsn: URL): Promise<void> {
  const item = (type: string, payload: string, headers = {}) =>
    `${JSON.stringify({ type, length: Buffer.byteLength(payload), ...headers })}\n${payload}\n`
  const post = async (body: string) => {
    const answer = await fetch(
      `${appliance.url}/api${dsn.pathname}/envelope/?sentry_key=${dsn.username}&sentry_version=7`,
      { method: "POST", body },
    )
    expect(answer.status).toBe(200)
  }
  await post(
    `${JSON.stringify({ event_id: id })}\n${item("event", JSON.stringify(event(id)))}${item("attachment", "a dump", { filename: FILE_NAME })}`,
  )
  const feedback = { ...FEEDBACK, associated_event_id: id }
  const other = crypto.randomUUID().replaceAll("-", "")
  await post(
    `${JSON.stringify({ event_id: other })}\n${item("feedback", JSON.stringify({ contexts: { feedback } }))}`,
  )
}

/** The secrets in a text, also as hex digits, which is how bytes come as text. */
function secretsIn(text: string): string[] {
  const hex = Buffer.from(MARK).toString("hex")
  const plain = text.match(new RegExp(`.{0,40}${MARK}\\w*`, "gi")) ?? []
  return [...plain, ...(text.match(new RegExp(`${hex}\\w{0,10}`, "g")) ?? [])]
}

test("the event holds secrets enough, and the search finds them", () => {
  const text = JSON.stringify(event(id))
  expect(new Set(text.match(new RegExp(`${MARK}s\\d+x`, "g"))).size).toBeGreaterThan(40)
  expect(secretsIn(text).length).toBeGreaterThan(40)
  expect(secretsIn(Buffer.from(`a ${MARK}s1x`).toString("hex"))).toHaveLength(1)
})

test("no secret is in any row of any table, nor in a payload once it is unpacked", async () => {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`
  expect(tables.map(({ name }) => name)).toContain("pgboss.job_common")
  expect(tables.length).toBeGreaterThan(40)
  const found: string[] = []
  let rowCount = 0
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ text: string }[]>(`select t::text as text from ${name} t`)
    rowCount += rows.length
    found.push(...rows.flatMap(({ text }) => secretsIn(text).map((each) => `${name}: ${each}`)))
  }
  expect(rowCount).toBeGreaterThan(50)
  const payloads = await sql<{ payload: Uint8Array }[]>`select payload from events`
  expect(payloads.length).toBeGreaterThan(0)
  for (const { payload } of payloads) {
    found.push(
      ...secretsIn(JSON.stringify(decodePayload(payload))).map((each) => `payload: ${each}`),
    )
  }
  expect(found).toEqual([])
})

test("no secret is in a log or a mail", () => {
  expect(mailbox.messages.length).toBeGreaterThan(0)
  expect(mailbox.messages[0]?.to).toEqual([ANN.email])
  const mails = mailbox.messages.flatMap(({ raw, mail }) => [raw, mail.text ?? "", mail.html || ""])
  expect(secretsIn(mails.join("\n"))).toEqual([])
  expect(appliance.logs()).not.toBe("")
  expect(secretsIn(appliance.logs())).toEqual([])
})

test("no secret is on a page or in an answer of the Web API, and the page says what was hidden", async () => {
  const [row] = await sql<{ issueId: string }[]>`
    select issue_id from events where event_id = ${id}::uuid`
  const issue = `/organizations/acme/issues/${row?.issueId}/`
  const paths = [
    "/organizations/acme/issues/",
    issue,
    `${issue}events/${id}/`,
    `${issue}events/${id}/json/`,
    `${issue}events/`,
    `${issue}activity/`,
    `${issue}distributions/`,
    `${issue}feedback/`,
    "/organizations/acme/feedback/",
  ]
  for (const path of paths) {
    await page.goto(appliance.url + path)
    expect([path, secretsIn(await page.content())]).toEqual([path, []])
  }
  for (const path of [`${issue}`, `${issue}events/latest/`, `/projects/acme/shop/user-feedback/`]) {
    expect([path, secretsIn(JSON.stringify(await acme.get(path)))]).toEqual([path, []])
  }
  await page.goto(`${appliance.url}${issue}events/${id}/`)
  const text = await page.locator("main").innerText()
  expect(text).toContain("LoginError")
  expect(text).toContain("the built-in list (password)")
  expect(text).toContain("project: regular expression in $http.headers.x-foo")
})

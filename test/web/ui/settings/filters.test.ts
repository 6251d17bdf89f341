import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { createProject } from "#projects/projects.ts"
import { getProjectById, type Project } from "#projects/store.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { testApp } from "../../../support/app.ts"
import { givenEvents } from "../../../support/issues.ts"
import { givenDays } from "../../../support/occurrences.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
let organization: Organization
let project: Project
let owner: Visitor
let path = ""

beforeEach(async () => {
  organization = await givenOrganization(app)
  owner = await signedIn(app, await givenMember(app, organization, "owner"))
  const made = await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: organization.id,
      slug: "shop",
      name: "Shop",
      platform: "javascript",
      teams: [],
    }),
  )
  project = made.project
  path = `/settings/${organization.slug}/projects/shop/filters/data-filters/`
})

const filters = async () => (await getProjectById(app.sql, project.id)).settings.filters
const html = async (response: Response | Promise<Response>) => (await response).text()
/** What is written on the page, without its markup. */
const words = async (response: Response | Promise<Response>) =>
  (await html(response)).replace(/<[^>]*>/g, "").replace(/\s+/g, " ")
const isOn = (page: string, name: string) =>
  /\schecked/.test(new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? "")

test("a new project has what Sentry begins with, and says that nothing was dropped", async () => {
  const page = await html(owner.get(path))
  expect(isOn(page, "healthChecks")).toBe(true)
  expect(isOn(page, "cspDefaults")).toBe(true)
  for (const name of ["localhost", "browserExtensions", "webCrawlers", "chunkLoadErrors"]) {
    expect([name, isOn(page, name)]).toEqual([name, false])
  }
  expect(page).toContain("Nothing was dropped in the last 30 days.")
  expect(page).toContain("Transactions are not kept yet")
})

test("what is switched on and listed is saved, once, with an entry in the audit log", async () => {
  const fields = {
    action: "save",
    localhost: "on",
    legacyBrowsers: ["ie", "safari_pre_6", "netscape"],
    errorMessages: "*Script error*\r\n\r\n  TypeError: * \r\n*Script error*",
    releases: "shop@1.*",
    clientAddresses: "10.0.0.0/8\n2001:db8::1",
    cspSources: "*.ads.test",
  }
  expect((await owner.post(path, fields)).headers.get("location")).toBe(path)
  expect(await filters()).toEqual({
    chunkLoadErrors: false,
    reactHydrationErrors: false,
    cspDefaults: false,
    cspSources: ["*.ads.test"],
    clientAddresses: ["10.0.0.0/8", "2001:db8::1"],
    releases: ["shop@1.*"],
    errorMessages: ["*Script error*", "TypeError: *"],
    localhost: true,
    browserExtensions: false,
    legacyBrowsers: ["ie", "safari_pre_6"],
    webCrawlers: false,
    healthChecks: false,
  })
  const page = await html(owner.get(path))
  expect(isOn(page, "localhost")).toBe(true)
  expect(page).toContain("*Script error*\nTypeError: *</textarea>")
  await owner.post(path, fields)
  const entries = await app.sql`
    select data from audit_log
    where organization_id = ${organization.id} and action = 'project.edit'`
  expect(entries.map(({ data }) => data)).toEqual([
    {
      slug: "shop",
      filters: expect.arrayContaining(["localhost", "errorMessages", "healthChecks"]),
    },
  ])
})

test("saving the project's general settings leaves the filters alone, and the other way round", async () => {
  await owner.post(path, { action: "save", localhost: "on" })
  const general = { name: "Shop", slug: "shop", platform: "javascript", minimalMail: "on" }
  await owner.post(`/settings/${organization.slug}/projects/shop/`, general)
  await owner.post(path, { action: "save", webCrawlers: "on" })
  const { settings } = await getProjectById(app.sql, project.id)
  expect(settings).toMatchObject({ minimalMail: true, filters: { webCrawlers: true } })
})

test.each([
  ["errorMessages", "fine\n\na[b", "Error messages, line 2: A [ has no ]"],
  ["releases", "a{b", "Releases, line 1: A { has no }"],
  [
    "clientAddresses",
    "10.0.0.0/8\n10.0.0.0/99",
    "Addresses of senders, line 2: It is neither an address nor a network",
  ],
  ["clientAddresses", "10.0.0.0/", "Addresses of senders, line 1: It is neither"],
  ["cspSources", "a.test b.test", "Sources of CSP reports, line 1: A source has no blanks"],
  ["errorMessages", "x".repeat(201), "Error messages, line 1: It is longer than 200 characters."],
  [
    "errorMessages",
    Array.from({ length: 201 }, (_, n) => n).join("\n"),
    "Error messages, more than 200 lines.",
  ],
])("%s %j is refused, and says why", async (name, value, message) => {
  const response = await owner.post(path, { action: "save", [name]: value, localhost: "on" })
  expect(response.status).toBe(422)
  const page = await html(response)
  expect(page).toContain(message)
  expect(page).toContain(`href="#field-${name}"`)
  expect(isOn(page, "localhost")).toBe(true)
  expect((await filters()).localhost).toBe(false)
})

test("each filter says what it dropped in the last 30 days, counting events alone", async () => {
  const now = Date.now()
  const days = (count: number) => now - count * 86_400_000
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  await givenDays(app.sql, [day(now), day(days(3)), day(days(40))])
  const dropped = (reason: string, receivedAt: number, quantity: number, category = "error") => ({
    ...{ projectId: project.id, keyId: "1", outcome: "filtered" },
    ...{ reason, receivedAt, quantity, category },
  })
  await recordOutcomes(app.sql, [
    dropped("localhost", now, 1_200),
    dropped("localhost", days(3), 34),
    dropped("localhost", days(40), 1_000),
    dropped("localhost", now, 7, "attachment_item"),
    dropped("invalid-csp", now, 5, "security"),
    { ...dropped("error-message", now, 9), projectId: "999" },
  ])
  const page = await words(owner.get(path))
  expect(page).toContain("In the last 30 days: 1,239 events.")
  expect(page).toContain("1,234 in 30 days")
  expect(page).toContain("5 in 30 days")
  expect(page).not.toContain("9 in 30 days")
})

const tried = (fields: Record<string, string | string[]>) =>
  owner.post(path, { action: "test", ...fields })

test("a pasted event is judged by what stands in the form, and nothing is saved", async () => {
  const sample = JSON.stringify({
    exception: { values: [{ type: "Error", value: "Script <b>error" }] },
  })
  const page = await html(tried({ sample, errorMessages: "*script*" }))
  expect(page.replace(/<[^>]*>/g, "")).toContain("It would be dropped: Error messages")
  expect(page).toContain("<code>*script*</code>")
  expect(page).toContain("Error: Script &lt;b&gt;error")
  expect((await filters()).errorMessages).toEqual([])
  expect(await words(tried({ sample }))).toContain("No filter drops it.")
})

test("an event of the project is found by its id, one of another project is not", async () => {
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  const place = { organizationId: organization.id, projectId: project.id, slug: "shop" }
  const { eventId } = await givenEvents(app, place, [{ request: { url: "http://localhost:1/" } }])
  const page = await words(tried({ sample: ` ${eventId} `, localhost: "on" }))
  expect(page).toContain("It would be dropped: Local development")
  expect(page).toContain("What scrubbing hid")
  const elsewhere = await givenOrganization(app)
  const other = await signedIn(app, await givenMember(app, elsewhere, "owner"))
  await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      ...{ organizationId: elsewhere.id, slug: "shop", name: "Shop", platform: "other" },
      teams: [],
    }),
  )
  const foreign = path.replace(organization.slug, elsewhere.slug)
  const answer = await other.post(foreign, { action: "test", sample: eventId })
  expect(answer.status).toBe(422)
  expect(await html(answer)).toContain("This project has no event with this id.")
})

test("the sender's address, transactions and reports of browsers can be tried", async () => {
  const byAddress = { sample: "{}", clientAddresses: "10.0.0.0/8", clientAddress: "10.1.2.3" }
  expect(await words(tried(byAddress))).toContain("It would be dropped: Addresses of senders")
  const check = JSON.stringify({ type: "transaction", transaction: "GET /healthz" })
  const page = await words(tried({ sample: check, healthChecks: "on" }))
  expect(page).toContain("It would be dropped: Health checks")
  expect(page).toContain("transactions are not kept yet")
  const report = {
    "csp-report": { "violated-directive": "img-src 'self'", "blocked-uri": "chrome-extension" },
  }
  const csp = await words(tried({ sample: JSON.stringify(report), cspDefaults: "on" }))
  expect(csp).toContain("It would be dropped: Sources of CSP reports")
})

test.each([
  [{ sample: "" }, "Paste an event as JSON here"],
  [{ sample: "[1]" }, "This is neither the id of an event nor one as JSON."],
  [{ sample: "{" }, "This is neither the id of an event nor one as JSON."],
  [{ sample: `{"a":${"[".repeat(500)}${"]".repeat(500)}}` }, "This is neither"],
  [{ sample: `{"a":"${"x".repeat(100_000)}"}` }, "This is too long"],
  [{ sample: '{"csp-report":{}}' }, "This is a report that makes no sense."],
  [{ sample: "{}", clientAddress: "banana" }, "This is no address."],
  [{ sample: "{}", releases: "[" }, "Releases, line 1: A [ has no ]"],
])("%j cannot be tried, and the page says why", async (fields, message) => {
  const response = await tried(fields)
  expect(response.status).toBe(422)
  expect(await html(response)).toContain(message)
})

test("members see the filters but neither save nor try them", async () => {
  const member = await signedIn(app, await givenMember(app, organization, "member"))
  const page = await html(member.get(path))
  expect(page).toContain("Admins, managers and owners may change this.")
  expect(page).not.toContain("What would happen to this event?")
  for (const action of ["save", "test"]) {
    const response = await member.post(path, { action, localhost: "on" })
    expect(response.status).toBe(403)
    expect(await html(response)).toContain("project:write")
  }
})

test("Sentry's other addresses of the page lead to it", async () => {
  for (const from of [
    `/settings/${organization.slug}/projects/shop/filters/`,
    `/settings/${organization.slug}/shop/filters/data-filters/`,
    `/${organization.slug}/shop/settings/filters/`,
    `/${organization.slug}/shop/settings/filters/data-filters/`,
  ]) {
    expect([from, (await owner.get(from)).headers.get("location")]).toEqual([from, path])
  }
})

import { beforeEach, expect, test } from "bun:test"
import { createProjects } from "#pipeline/projects.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
let ofProject = ""
let ofOrganization = ""
beforeEach(async () => {
  shop = await givenShop(app)
  const ann = await givenMember(app, shop, { name: "ann", role: "owner" })
  client = apiClient(app, await givenUserToken(app, ann))
  ofProject = `/projects/${shop.slug}/${shop.slug}/`
  ofOrganization = `/organizations/${shop.slug}/`
})

const bodyOf = async (response: Response) => (await response.json()) as Record<string, unknown>
const scrubOf = async (path: string) => {
  const body = await bodyOf(await client.get(path))
  const { dataScrubber, dataScrubberDefaults, scrubIPAddresses, relayPiiConfig } = body
  const { sensitiveFields, safeFields } = body
  return {
    dataScrubber,
    dataScrubberDefaults,
    scrubIPAddresses,
    sensitiveFields,
    safeFields,
    relayPiiConfig,
  }
}
const rulesInForce = async () => {
  const found = await createProjects(app.sql, app.clock, app.config).find([shop.projectId])
  return found.get(shop.projectId)?.scrub.rules.map(({ rule }) => rule)
}

test("a project begins with scrubbing on, an organization requires nothing", async () => {
  const none = {
    scrubIPAddresses: false,
    sensitiveFields: [],
    safeFields: [],
    relayPiiConfig: null,
  }
  expect(await scrubOf(ofProject)).toEqual({
    dataScrubber: true,
    dataScrubberDefaults: true,
    ...none,
  })
  expect(await scrubOf(ofOrganization)).toEqual({
    dataScrubber: false,
    dataScrubberDefaults: false,
    ...none,
  })
})

test("what a PUT names is changed, the rest stays", async () => {
  for (const path of [ofProject, ofOrganization]) {
    const changed = await client.put(path, { scrubIPAddresses: true, sensitiveFields: ["iban"] })
    expect(changed.status).toBe(200)
    expect(await bodyOf(changed)).toMatchObject({ slug: shop.slug, sensitiveFields: ["iban"] })
    await client.put(path, { dataScrubberDefaults: false, unknown: 1 })
    expect(await scrubOf(path)).toMatchObject({
      dataScrubberDefaults: false,
      scrubIPAddresses: true,
      sensitiveFields: ["iban"],
    })
  }
})

test("rules come and go in Sentry's form", async () => {
  const config = {
    rules: {
      "0": { type: "pattern", pattern: "order-([0-9]+)", redaction: { method: "mask" } },
      "1": { type: "redact_pair", keyPattern: "iban", redaction: { method: "remove" } },
      "2": { type: "email", redaction: { method: "replace", text: "(mail)" } },
    },
    applications: { $string: ["0", "2"], "extra.**": ["1"] },
  }
  await client.put(ofProject, { relayPiiConfig: JSON.stringify(config) })
  expect(await rulesInForce()).toEqual([
    { method: "mask", type: "pattern", pattern: "order-([0-9]+)", source: "$string" },
    { method: "replace", type: "email", text: "(mail)", source: "$string" },
    { method: "remove", type: "keyname", pattern: "iban", source: "extra.**" },
  ])
  const { relayPiiConfig } = await scrubOf(ofProject)
  await client.put(ofProject, { relayPiiConfig: null })
  expect(await rulesInForce()).toEqual([])
  await client.put(ofProject, { relayPiiConfig })
  expect(await scrubOf(ofProject)).toMatchObject({ relayPiiConfig })
  expect(await rulesInForce()).toHaveLength(3)
})

test("Sentry's built-in rules, and rules that stand for others, are written out", async () => {
  const config = {
    rules: {
      both: { type: "multiple", rules: ["@ip:mask", "again"] },
      again: { type: "alias", rule: "@email" },
      whole: { type: "pattern", pattern: "a(b)", replaceGroups: [0] },
    },
    applications: { "$user.**": ["both"], $string: ["whole"] },
  }
  await client.put(ofProject, { relayPiiConfig: JSON.stringify(config) })
  expect(await rulesInForce()).toEqual([
    { method: "mask", type: "ip", source: "$user.**" },
    { method: "replace", type: "email", text: "[email]", source: "$user.**" },
    { method: "replace", type: "pattern", pattern: "(a(b))", source: "$string" },
  ])
})

test.each<[object, string, string]>([
  [{ relayPiiConfig: "{" }, "relayPiiConfig", "This is not JSON."],
  [{ relayPiiConfig: '{"applications":{"$string":["x"]}}' }, "relayPiiConfig", 'no rule "x"'],
  [{ relayPiiConfig: '{"applications":{"a b":["@ip"]}}' }, "relayPiiConfig", "Column 3"],
  [
    { relayPiiConfig: '{"rules":{"a":{"type":"alias","rule":"a"}},"applications":{"x":["a"]}}' },
    "relayPiiConfig",
    "too many others",
  ],
  [{ sensitiveFields: ["x".repeat(101)] }, "sensitiveFields", "At most 200 names"],
  [{ dataScrubber: "yes" }, "dataScrubber", "boolean"],
])("what makes no sense is refused under its name: %j", async (body, field, message) => {
  for (const path of [ofProject, ofOrganization]) {
    const refused = await client.put(path, body)
    expect(refused.status).toBe(400)
    expect(String((await bodyOf(refused))[field])).toContain(message)
  }
  expect(await rulesInForce()).toEqual([])
})

test("fetching source maps from the web can be turned on where the installation allows it", async () => {
  expect((await client.put(ofProject, { scrapeJavaScript: true })).status).toBe(403)
  expect(await bodyOf(await client.get(ofProject))).toMatchObject({ scrapeJavaScript: false })
  Object.assign(app.config, { "sourcemaps.scrape": true })
  const changed = await client.put(ofProject, { scrapeJavaScript: true })
  expect(await bodyOf(changed)).toMatchObject({ scrapeJavaScript: true })
})

test("names, slugs and other settings change, too; a slug that is taken is refused", async () => {
  const changed = await client.put(ofProject, {
    name: "Till",
    slug: "till",
    platform: "go",
    resolveAge: 24,
    allowedDomains: ["shop.test"],
  })
  const body = await bodyOf(changed)
  expect(body).toMatchObject({
    name: "Till",
    slug: "till",
    platform: "go",
    resolveAge: 24,
    allowedDomains: ["shop.test"],
    organization: { slug: shop.slug },
  })
  expect((await client.get(ofProject)).status).toBe(404)
  const other = await givenShop(app)
  const taken = await client.put(ofOrganization, { slug: other.slug })
  expect(taken.status).toBe(409)
  const renamed = await bodyOf(await client.put(ofOrganization, { name: "The shop" }))
  expect(renamed).toMatchObject({ name: "The shop", slug: shop.slug })
})

import { beforeEach, describe, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { createProjects } from "#pipeline/projects.ts"
import { createProject } from "#projects/projects.ts"
import type { Project } from "#projects/store.ts"
import { testApp } from "../../../support/app.ts"
import { givenEvents } from "../../../support/issues.ts"
import { givenDays } from "../../../support/occurrences.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
let organization: Organization
let project: Project
let owner: Visitor
let ofProject = ""
let ofOrganization = ""

beforeEach(async () => {
  organization = await givenOrganization(app)
  const place = { organizationId: organization.id, teams: [organization.slug], platform: "node" }
  const made = await app.sql.begin((tx) =>
    createProject(tx, cliActor, { ...place, slug: "shop", name: "Shop" }),
  )
  project = made.project
  owner = await signedIn(app, await givenMember(app, organization, "owner"))
  ofOrganization = `/settings/${organization.slug}/security-and-privacy/`
  ofProject = `/settings/${organization.slug}/projects/shop/security-and-privacy/`
})

const rule = (index: number, parts: Record<string, string>) => {
  const all = { method: "mask", type: "email", source: "$string", pattern: "", text: "", ...parts }
  return Object.fromEntries(
    Object.entries(all).map(([part, value]) => [`rule-${index}-${part}`, value]),
  )
}
/** What the worker goes by. */
const inForce = async () => {
  const found = await createProjects(app.sql, app.clock, app.config).find([project.id])
  return found.get(project.id)!.scrub
}

test("settings of a project are shown as they were saved, and the worker goes by them", async () => {
  const saved = await owner.post(ofProject, {
    action: "save",
    scrubData: "on",
    scrubIp: "on",
    sensitiveFields: "loyalty\niban",
    safeFields: "author",
    ...rule(0, { type: "pattern", pattern: " order-([0-9]+)", method: "replace", text: "(gone)" }),
    ...rule(1, { source: "$user.email", method: "hash" }),
  })
  expect(saved.status).toBe(303)
  expect(await inForce()).toMatchObject({
    scrubData: true,
    scrubDefaults: false,
    scrubIp: true,
    sensitiveFields: ["loyalty", "iban"],
    safeFields: ["author"],
    rules: [
      { owner: "project", rule: { pattern: " order-([0-9]+)", text: "(gone)" } },
      { owner: "project", rule: { type: "email", method: "hash", source: "$user.email" } },
    ],
  })
  const html = await (await owner.get(ofProject)).text()
  expect(html).toContain("loyalty\niban</textarea>")
  expect(html).toContain('value=" order-([0-9]+)"')
  expect(html).toContain("Rule 2")
})

test("rows of rules are added and removed before anything is saved", async () => {
  const added = await (await owner.post(ofProject, { action: "add", ...rule(0, {}) })).text()
  expect(added).toContain("Rule 2")
  const both = { ...rule(0, { source: "extra.a" }), ...rule(1, { source: "extra.b" }) }
  const left = await (await owner.post(ofProject, { action: "remove-0", ...both })).text()
  expect(left).toContain('value="extra.b"')
  expect(left).not.toContain('value="extra.a"')
  expect((await inForce()).rules).toEqual([])
})

test.each([
  [rule(0, { source: "extra foo" }), "Column 7: expected"],
  [rule(0, { source: "" }), "Column 1: expected"],
  [rule(0, { type: "pattern", pattern: "(a" }), "missing closing )"],
  [rule(0, { type: "nothing" }), "There is no such rule."],
  [rule(0, { text: "x".repeat(101), method: "replace" }), "At most 100 characters."],
  [{ sensitiveFields: "x".repeat(101) }, "At most 200 names"],
  [Object.assign({}, ...Array.from({ length: 51 }, (_, n) => rule(n, {}))), "At most 50 rules."],
])("what cannot work is refused with its reason, and nothing is saved", async (fields, reason) => {
  const refused = await owner.post(ofProject, { action: "save", scrubData: "on", ...fields })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain(reason)
  expect(await inForce()).toMatchObject({ rules: [], sensitiveFields: [], scrubDefaults: true })
})

describe("an organization's settings hold in its projects", () => {
  test("switches that are on there cannot be switched off", async () => {
    await owner.post(ofProject, { action: "save" })
    expect(await inForce()).toMatchObject({ scrubData: false, scrubDefaults: false })
    await owner.post(ofOrganization, { action: "save", scrubDefaults: "on", scrubIp: "on" })
    expect(await inForce()).toMatchObject({ scrubData: true, scrubDefaults: true, scrubIp: true })
    expect(await (await owner.get(ofProject)).text()).toContain("The built-in list is required.")
  })

  test("names and rules add up, and a project's safe fields do not count against them", async () => {
    const fields = { scrubData: "on", scrubDefaults: "on" }
    await owner.post(ofOrganization, {
      action: "save",
      sensitiveFields: "iban",
      safeFields: "author",
      ...rule(0, {}),
    })
    await owner.post(ofProject, {
      action: "save",
      ...fields,
      sensitiveFields: "loyalty",
      safeFields: "user_iban\nauthority",
      ...rule(0, { type: "ip" }),
    })
    expect(await inForce()).toMatchObject({
      sensitiveFields: ["iban", "loyalty"],
      safeFields: ["author", "authority"],
      rules: [
        { owner: "organization", rule: { type: "email" } },
        { owner: "project", rule: { type: "ip" } },
      ],
    })
    await owner.post(ofOrganization, { action: "save", scrubDefaults: "on", safeFields: "author" })
    expect((await inForce()).safeFields).toEqual(["author"])
  })

  test("sensitive names hold although the project scrubs nothing", async () => {
    await owner.post(ofProject, { action: "save", sensitiveFields: "loyalty" })
    await owner.post(ofOrganization, { action: "save", sensitiveFields: "iban" })
    expect(await inForce()).toMatchObject({
      scrubData: true,
      scrubDefaults: false,
      sensitiveFields: ["iban"],
    })
  })

  test("their page names them, and tries them in a project without settings of its own", async () => {
    const tried = await owner.post(ofOrganization, {
      action: "test",
      ...rule(0, { method: "mask" }),
      sample: JSON.stringify({ extra: { to: "ann@shop.test" } }),
    })
    const html = await tried.text()
    expect(html).toContain("*************")
    expect(html).toContain("organization: email addresses in $string")
  })
})

describe("the test box", () => {
  const tried = async (visitor: Visitor, fields: Record<string, string>) => {
    const answer = await visitor.post(ofProject, { action: "test", scrubData: "on", ...fields })
    return { status: answer.status, html: await answer.text() }
  }
  const sample = JSON.stringify({
    message: "order 17",
    tags: { colour: "ann@shop.test" },
    extra: { loyalty_no: "42", password: "hunter2" },
    user: { email: "ann@shop.test", ip_address: "192.0.2.1" },
  })

  test("says of a pasted event what would be changed, by which rule, with what is not saved yet", async () => {
    const { html } = await tried(owner, {
      sample,
      scrubIp: "on",
      scrubDefaults: "on",
      sensitiveFields: "loyalty",
      ...rule(0, { source: "$user.email || tags.colour" }),
    })
    const rows = [...html.matchAll(/<tr>.*?<\/tr>/gs)].map(([row]) =>
      row.replace(/<\/t[hd]>/g, "|").replace(/<[^>]+>/g, ""),
    )
    expect(rows.slice(1)).toEqual([
      "tags.colour|ann@shop.test|*************|project: email addresses in $user.email || tags.colour|",
      "extra.loyalty_no|42|[Filtered]|the sensitive fields of the settings|",
      "extra.password|hunter2|[Filtered]|the built-in list (password)|",
      "user.email|ann@shop.test|*************|project: email addresses in $user.email || tags.colour|",
      "user.ip_address|192.0.2.1|gone|the wish to keep no IP addresses|",
    ])
    expect((await inForce()).rules).toEqual([])
  })

  test("takes the latest event, or one by its id, and says that it is scrubbed already", async () => {
    expect((await tried(owner, { sample: "" })).html).toContain("This project has no event yet")
    const place = { organizationId: organization.id, projectId: project.id, slug: "shop" }
    const stored = await givenEvents(app, place, [JSON.parse(sample)])
    for (const asked of ["", stored.eventId]) {
      const { html } = await tried(owner, { sample: asked, sensitiveFields: "loyalty" })
      expect(html).toContain("This event was scrubbed when it came")
      expect(html).toContain("extra.loyalty_no")
      expect(html).not.toContain("hunter2")
    }
    const { status, html } = await tried(owner, { sample: "0".repeat(32) })
    expect([status, html.includes("no event with this id")]).toEqual([422, true])
  })

  test("says first that a filter of the project drops the event", async () => {
    const filters = `/settings/${organization.slug}/projects/shop/filters/data-filters/`
    await owner.post(filters, { action: "save", errorMessages: "*order*" })
    expect((await tried(owner, { sample })).html).toContain("It would not get this far")
  })

  test("says of what is no event that it is none", async () => {
    for (const nonsense of ["hello", "[1]", "{", '{"a":'.repeat(5000)]) {
      expect((await tried(owner, { sample: nonsense })).status).toBe(422)
    }
  })

  test("shows members what the saved settings would do, whatever they send", async () => {
    const member = await signedIn(app, await givenMember(app, organization, "member"))
    const { status, html } = await tried(member, { sample, ...rule(0, {}) })
    expect(status).toBe(200)
    expect(html).toContain("extra.password")
    expect(html).not.toContain("*************")
    const refused = await member.post(ofProject, { action: "save", scrubData: "on" })
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain("project:write")
  })

  test("escapes what it shows", async () => {
    const evil = JSON.stringify({
      extra: { "<img src=x>": { password: "<script>alert(1)</script>" } },
    })
    const { html } = await tried(owner, { sample: evil, scrubDefaults: "on" })
    expect(html).not.toContain("<script>alert")
    expect(html).not.toContain("<img src=x")
  })
})

test("another organization's admin finds no such project", async () => {
  const stranger = await signedIn(
    app,
    await givenMember(app, await givenOrganization(app), "owner"),
  )
  expect((await stranger.get(ofProject)).status).toBe(404)
  expect((await stranger.post(ofProject, { action: "save" })).status).toBe(404)
  expect((await stranger.get(ofOrganization)).status).toBe(404)
})

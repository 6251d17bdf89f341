import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { createPartitions } from "#platform/partitions.ts"
import { listKeyAccess } from "#projects/key-access-store.ts"
import { createProject } from "#projects/projects.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { testApp } from "../../../support/app.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
const PROJECT = "/settings/acme/projects/backend/rate-limits/"
const ORGANIZATION = "/settings/acme/rate-limits/"
let organization: Organization
let publicKey = ""
let owner: Visitor
let member: Visitor

beforeAll(async () => {
  organization = await givenOrganization(app, "acme")
  const place = { organizationId: organization.id, teams: ["acme"], platform: "python" }
  const made = await app.sql.begin((tx) =>
    createProject(tx, cliActor, { ...place, slug: "backend", name: "Backend" }),
  )
  publicKey = made.key.publicKey
  owner = await signedIn(app, await givenMember(app, organization, "owner"))
  member = await signedIn(app, await givenMember(app, organization, "member"))
})

const access = async () => (await listKeyAccess(app.sql, [publicKey]))[0]!

test("limits of a project are shown as they were saved, and the door knows them", async () => {
  const saved = await owner.post(PROJECT, {
    action: "save",
    "count-error": "100",
    "seconds-error": "3600",
    "count-attachment": "5",
    "seconds-attachment": "60",
    "count-session": "",
  })
  expect(saved.status).toBe(303)
  expect((await access()).projectLimits).toEqual({
    error: { count: 100, windowSeconds: 3600 },
    attachment: { count: 5 * 1024 * 1024, windowSeconds: 60 },
  })
  const html = await (await owner.get(PROJECT)).text()
  expect(html).toContain(
    'name="count-error" type="number" min="1" aria-label="Errors at most" value="100"',
  )
  expect(html).toContain('aria-label="Attachments, in MiB at most" value="5"')
})

test("settings of the project are saved without losing its limits", async () => {
  await owner.post("/settings/acme/projects/backend/", {
    name: "Backend",
    slug: "backend",
    platform: "python",
    allowedDomains: "*",
    resolveAgeHours: "0",
  })
  expect((await access()).projectLimits.error).toEqual({ count: 100, windowSeconds: 3600 })
})

test("limits of an organization and of a key", async () => {
  await owner.post(ORGANIZATION, { action: "save", "count-session": "7", "seconds-session": "60" })
  const key = `/settings/acme/projects/backend/keys/${publicKey}/`
  await owner.post(key, { action: "limits", "count-span": "9", "count-error": "3" })
  expect(await access()).toMatchObject({
    organizationLimits: { session: { count: 7, windowSeconds: 60 } },
    keyLimits: { span: { count: 9, windowSeconds: 60 } },
  })
  await owner.post(key, { action: "rotate" })
  const limits = await app.sql`select rate_limits from project_keys where project_id = 1`
  expect(limits.map(({ rateLimits }) => rateLimits.span.count)).toEqual([9, 9])
})

test("what is no number is refused beside its field, with everything that was typed", async () => {
  for (const count of ["-1", "1.5", "many", "9".repeat(30)]) {
    const refused = await owner.post(PROJECT, { action: "save", "count-error": count })
    const html = await refused.text()
    expect([count, refused.status]).toEqual([count, 422])
    expect(html).toContain(`value="${count}" aria-invalid="true"`)
    expect(html).toContain('href="#field-count-error"')
  }
  expect((await access()).projectLimits.error).toEqual({ count: 100, windowSeconds: 3600 })
})

test("members see the limits but have no button, and their request is refused", async () => {
  const html = await (await member.get(PROJECT)).text()
  expect(html).not.toContain("Save limits")
  expect(html).toContain("Admins of the organization may change this.")
  expect((await member.post(PROJECT, { action: "save" })).status).toBe(403)
  expect((await member.post(ORGANIZATION, { action: "save" })).status).toBe(403)
})

test("the page says in how many hours of the week a limit was reached", async () => {
  const now = Date.now()
  const days = [utcDay(new Date(now)), utcDay(new Date(now - 86_400_000))]
  await createPartitions(app.sql, Object.values(partitionedTables), days)
  const { projectId, keyId } = await access()
  const refused = { projectId, keyId, category: "error", outcome: "rate_limited", quantity: 5 }
  await recordOutcomes(app.sql, [
    { ...refused, receivedAt: now, reason: "project_quota" },
    { ...refused, receivedAt: now - 86_400_000, reason: "project_quota" },
    { ...refused, receivedAt: now, reason: "key_quota" },
  ])
  expect(await (await owner.get(PROJECT)).text()).toContain("in 2 hours")
  expect(await (await owner.get(ORGANIZATION)).text()).not.toContain("in 1 hour")
})

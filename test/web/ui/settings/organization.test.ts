import { beforeEach, expect, test } from "bun:test"
import type { Organization } from "#accounts/organizations/store.ts"
import { useToken } from "#accounts/tokens/tokens.ts"
import { testApp } from "../../../support/app.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
let organization: Organization
let owner: Visitor
let path = ""

beforeEach(async () => {
  organization = await givenOrganization(app)
  owner = await signedIn(app, await givenMember(app, organization, "owner"))
  path = `/settings/${organization.slug}/`
})

test("name and slug change; the old slug is gone and a taken or reserved one is refused", async () => {
  const other = await givenOrganization(app)
  const save = (slug: string) =>
    owner.post(path, { action: "save", name: "New name", slug, defaultRole: "member" })
  for (const slug of [other.slug, "settings", "Upper", "42", "-x", ""]) {
    expect([slug, (await save(slug)).status]).toEqual([slug, 422])
  }
  const fresh = `fresh-${organization.id}`
  expect((await save(fresh)).headers.get("location")).toBe(`/settings/${fresh}/`)
  expect((await owner.get(path)).status).toBe(404)
  expect(await (await owner.get(`/settings/${fresh}/`)).text()).toContain('value="New name"')
})

test("deleting needs the slug typed; then it is hidden at once, its slug free, and a task removes it", async () => {
  expect((await owner.post(path, { action: "delete", confirm: "acme" })).status).toBe(422)
  const done = await owner.post(path, { action: "delete", confirm: organization.slug })
  expect(done.status).toBe(303)
  expect((await owner.get(path)).status).toBe(404)
  expect((await givenOrganization(app, organization.slug)).slug).toBe(organization.slug)
  const tasks = await app.sql`select data from pgboss.job where name = 'delete-organization'`
  expect(tasks.map((row) => row.data)).toContainEqual({ organizationId: organization.id })
})

test("a manager changes the organization but does not delete it", async () => {
  const manager = await signedIn(app, await givenMember(app, organization, "manager"))
  expect(await (await manager.get(path)).text()).not.toContain("Delete organization")
  const gone = { action: "delete", confirm: organization.slug }
  expect((await manager.post(path, gone)).status).toBe(403)
})

test("an organization's token has the form that sentry-cli reads, and no more rights than its maker", async () => {
  const tokens = `${path}auth-tokens/`
  const made = await owner.post(tokens, { action: "create", name: "ci", scopes: ["org:ci"] })
  const [, token = "", payload = ""] =
    /(sntrys_([A-Za-z0-9+/]+=*)_[A-Za-z0-9+/]{43})/.exec(await made.text()) ?? []
  expect(JSON.parse(atob(payload))).toMatchObject({
    url: "http://sentry.test:9000",
    org: organization.slug,
  })
  expect(await useToken(app, token)).toMatchObject({
    userId: null,
    organizationId: organization.id,
    scopes: ["org:ci"],
  })
  const manager = await signedIn(app, await givenMember(app, organization, "manager"))
  const more = { action: "create", name: "x", scopes: ["org:admin"] }
  expect((await manager.post(tokens, more)).status).toBe(422)
  const foreign = await signedIn(app, await givenMember(app, await givenOrganization(app), "owner"))
  const html = await (await owner.get(tokens)).text()
  const id = /name="token" value="(\d+)"/.exec(html)?.[1] ?? ""
  expect((await foreign.post(tokens, { action: "revoke", token: id })).status).toBe(404)
  expect((await owner.post(tokens, { action: "revoke", token: id })).status).toBe(303)
  expect(await useToken(app, token)).toBeNull()
})

test("a team is made, filled, renamed and deleted; foreign members never get in", async () => {
  const teams = `${path}teams/`
  const made = await owner.post(teams, { name: "Back End", slug: "" })
  expect(made.headers.get("location")).toBe(`${teams}back-end/`)
  expect((await owner.post(teams, { name: "Again", slug: "back-end" })).status).toBe(422)
  const ann = await givenMember(app, organization, "member")
  const foreign = await givenMember(app, await givenOrganization(app), "member")
  await owner.post(`${teams}back-end/`, {
    action: "save",
    name: "Back",
    slug: "back",
    members: [ann.memberId, foreign.memberId, "x"],
  })
  const rows = await app.sql`
    select tm.member_id from team_members tm join teams t on t.id = tm.team_id
    where t.organization_id = ${organization.id} and t.slug = 'back'`
  expect(rows.map((row) => row.memberId)).toEqual([ann.memberId])
  expect((await owner.post(`${teams}back/`, { action: "delete", confirm: "" })).status).toBe(422)
  await owner.post(`${teams}back/`, { action: "delete", confirm: "back" })
  expect((await owner.get(`${teams}back/`)).status).toBe(404)
})

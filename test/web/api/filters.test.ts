import { beforeEach, expect, test } from "bun:test"
import { getProjectById } from "#projects/store.ts"
import {
  type ApiClient,
  apiClient,
  givenOrganizationToken,
  givenUserToken,
} from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
let path = ""
beforeEach(async () => {
  shop = await givenShop(app)
  client = apiClient(
    app,
    await givenUserToken(app, await givenMember(app, shop, { name: "ann", role: "owner" })),
  )
  path = `/projects/${shop.slug}/${shop.slug}/filters/`
})

const listed = async () =>
  (await (await client.get(path)).json()) as { id: string; active: unknown; name: string }[]
const active = async () =>
  Object.fromEntries((await listed()).map(({ id, active }) => [id, active]))
const filters = async () => (await getProjectById(app.sql, shop.projectId)).settings.filters

test("lists the filters that clients know, in the order of their ids, as a new project has them", async () => {
  expect((await listed()).map(({ id, active }) => [id, active])).toEqual([
    ["browser-extensions", false],
    ["chunk-load-error", false],
    ["filtered-transaction", true],
    ["legacy-browsers", false],
    ["localhost", false],
    ["react-hydration-errors", false],
    ["web-crawlers", false],
  ])
  expect((await listed())[4]?.name).toBe("Local development")
})

test("turns one on and off, and leaves the others as they are", async () => {
  for (const id of ["localhost", "web-crawlers", "browser-extensions"]) {
    const response = await client.put(`${path}${id}/`, { active: true })
    expect([response.status, await response.text()]).toEqual([204, ""])
  }
  await client.put(`${path}localhost/`, { active: false })
  expect(await active()).toMatchObject({
    localhost: false,
    "web-crawlers": true,
    "browser-extensions": true,
    "filtered-transaction": true,
  })
})

test("several changed at a time are all changed, as Terraform does", async () => {
  const ids = (await listed()).map(({ id }) => id)
  await Promise.all(ids.map((id) => client.put(`${path}${id}/`, { active: true })))
  expect(Object.values(await active())).toEqual([true, true, true, ["default"], true, true, true])
})

test("old browsers are a list of lines, or all that are old by default", async () => {
  const subfilters = ["ie", "opera_mini", "ie"]
  expect((await client.put(`${path}legacy-browsers/`, { subfilters })).status).toBe(204)
  expect((await active())["legacy-browsers"]).toEqual(["ie", "opera_mini"])
  await client.put(`${path}legacy-browser/`, { active: true })
  expect((await active())["legacy-browsers"]).toEqual(["default"])
  await client.put(`${path}legacy-browser/`, { active: false })
  expect((await active())["legacy-browsers"]).toBe(false)
})

test.each([
  ["localhost", {}, "active"],
  ["localhost", { active: "yes" }, "active"],
  ["localhost", [], "non_field_errors"],
  ["localhost", "{", "non_field_errors"],
  ["localhost", { subfilters: ["ie"] }, "active"],
  ["legacy-browsers", { subfilters: ["netscape"] }, "subfilters"],
  ["legacy-browsers", { subfilters: "ie" }, "subfilters"],
])("%s with %j is refused and names %s", async (id, body, field) => {
  const before = await filters()
  const response = await client.put(`${path}${id}/`, body)
  expect([response.status, Object.keys((await response.json()) as object)]).toEqual([400, [field]])
  expect(await filters()).toEqual(before)
})

test("filters that have lists, and names that nobody knows, are not found here", async () => {
  for (const id of ["error-message", "constructor", "x"]) {
    expect([id, (await client.put(`${path}${id}/`, { active: true })).status]).toEqual([id, 404])
  }
  const byId = await client.get(`/projects/${shop.slug}/${shop.projectId}/filters/`)
  expect(byId.status).toBe(200)
  const foreign = await givenShop(app)
  for (const project of [foreign.projectId, foreign.slug, "no-such-project"]) {
    const response = await client.get(`/projects/${shop.slug}/${project}/filters/`)
    expect([project, response.status]).toEqual([project, 404])
  }
})

test("the audit log names who changed what, a token of the organization too", async () => {
  await client.put(`${path}localhost/`, { active: true })
  await client.put(`${path}localhost/`, { active: true })
  const organization = { id: shop.organizationId, slug: shop.slug }
  const token = await givenOrganizationToken(app, organization, ["project:write"])
  await apiClient(app, token).put(`${path}web-crawlers/`, { active: true })
  const entries = await app.sql`
    select actor_kind, action, data -> 'filters' as filters, ip from audit_log
    where organization_id = ${shop.organizationId} and action = 'project.edit' order by id`
  expect(entries.map((entry) => ({ ...entry }))).toEqual([
    { actorKind: "user", action: "project.edit", filters: ["localhost"], ip: "192.0.2.7" },
    { actorKind: "token", action: "project.edit", filters: ["webCrawlers"], ip: "192.0.2.7" },
  ])
})

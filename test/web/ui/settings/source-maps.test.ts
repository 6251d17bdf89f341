import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { createProject } from "#projects/projects.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../../support/api.ts"
import { testApp } from "../../../support/app.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import { givenBundle } from "../../../support/uploads.ts"
import { bundleOf } from "../../../support/zip.ts"

const app = await testApp()
const acme = await givenOrganization(app, "acme")
const ann = await signedIn(app, await givenMember(app, acme, "owner"))
const LIST = "/settings/acme/projects/shop/source-maps/"
const id = "0f0e0d0c-0b0a-4908-8706-050403020100"
let client: ApiClient

beforeAll(async () => {
  await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: acme.id,
      slug: "shop",
      name: "Shop",
      platform: "javascript",
      teams: ["acme"],
    }),
  )
  client = apiClient(app, await givenOrganizationToken(app, acme, ["org:ci"]))
})

const text = async (path: string) =>
  (await (await ann.get(path)).text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ")
const upload = (name: string, version: string) => {
  const script = {
    type: "minified_source",
    url: `~/${name}.js`,
    headers: { "debug-id": id },
    body: name,
  }
  return givenBundle(app, client, "acme", bundleOf({ "a.js": script }), {
    projects: ["shop"],
    version,
  })
}

test("an empty list says what for, and how", async () => {
  const page = await text(LIST)
  expect(page).toContain("No source maps yet")
  expect(page).toContain("SENTRY_ORG=acme SENTRY_PROJECT=shop")
  expect(page).toContain("http://sentry.test:9000")
})

test("uploads are listed with their releases, found by what is in them, shown, and deleted", async () => {
  await upload("<b>basket</b>", "shop@1")
  await upload("till", "shop@2")
  const page = await text(LIST)
  expect(page).toContain("Bundle of 1 file")
  expect(page).toContain("shop@1")
  expect(await text(`${LIST}?query=shop%402`)).not.toContain("shop@1")
  expect(await text(`${LIST}?query=till.js`)).toContain("shop@2")
  expect(await text(`${LIST}?query=${id.toUpperCase()}`)).toContain("shop@1")
  expect(await text(`${LIST}?query=nothing`)).toContain("Nothing that was uploaded has this")

  const [bundle] = await app.sql`select bundle_id from artifact_projects where release = 'shop@1'`
  const path = `${LIST}${bundle?.bundleId}/`
  const html = await (await ann.get(path)).text()
  expect(html).toContain("&lt;b&gt;basket&lt;/b&gt;")
  expect(html).toContain(id)
  expect((await ann.post(path, { action: "delete" })).status).toBe(303)
  expect((await ann.get(path)).status).toBe(404)
  const [entry] = await app.sql`select action, data from audit_log order by id desc limit 1`
  expect(entry).toMatchObject({ action: "artifact.remove", data: { project: "shop", files: 1 } })
})

test("a bundle that was refused says why", async () => {
  await givenBundle(app, client, "acme", Buffer.from("no zip"), { projects: ["shop"] })
  const [bundle] = await app.sql`select id from artifact_bundles where status = 'failed'`
  expect(await text(LIST)).toContain("failed")
  expect(await text(`${LIST}${bundle?.id}/`)).toContain("not a sound zip archive")
})

test("what is no upload of the project is not found", async () => {
  for (const upload of ["0", "999999", "x"]) {
    expect((await ann.get(`${LIST}${upload}/`)).status).toBe(404)
  }
  expect((await ann.get(`${LIST}?page=-3`)).status).toBe(200)
})

test("fetching from the web is a project's choice where the installation allows it", async () => {
  expect(await text(LIST)).toContain("This installation does not allow it")
  expect((await ann.post(LIST, { action: "scraping", isOn: "on" })).status).toBe(403)
  const settings = async () => {
    const [row] = await app.sql`select settings -> 'scraping' as scraping from projects`
    return row?.scraping
  }
  expect(await settings()).toBeNull()

  Object.assign(app.config, { "sourcemaps.scrape": true })
  const bad = await ann.post(LIST, { action: "scraping", isOn: "on", token: "two words" })
  expect([bad.status, await settings()]).toEqual([422, null])
  const token = "swordfish"
  expect((await ann.post(LIST, { action: "scraping", isOn: "on", token })).status).toBe(303)
  expect(await settings()).toMatchObject({
    isOn: true,
    sealedToken: expect.stringMatching(/.{20}/),
  })
  const html = await (await ann.get(LIST)).text()
  expect(html).toContain("There is one; leave this empty to keep it.")
  expect(html).not.toContain(token)
  await ann.post(LIST, { action: "scraping" })
  expect(await settings()).toMatchObject({
    isOn: false,
    sealedToken: expect.stringMatching(/.{20}/),
  })
  await ann.post(LIST, { action: "scraping", dropToken: "on" })
  expect(await settings()).toEqual({ isOn: false, sealedToken: "" })
  const [entry] = await app.sql`select data from audit_log order by id desc limit 1`
  expect(entry).toMatchObject({ data: { slug: "shop", settings: ["scraping"] } })
})

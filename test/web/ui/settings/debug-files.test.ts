import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { createProject } from "#projects/projects.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../../support/api.ts"
import { testApp } from "../../../support/app.ts"
import { BREAKPAD, BREAKPAD_ID } from "../../../support/debug-files.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import { givenDebugFile } from "../../../support/uploads.ts"

const app = await testApp()
const acme = await givenOrganization(app, "acme")
const ann = await signedIn(app, await givenMember(app, acme, "owner"))
const PAGE = "/settings/acme/projects/shop/debug-symbols/"
let client: ApiClient

beforeAll(async () => {
  await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: acme.id,
      slug: "shop",
      name: "Shop",
      platform: "native",
      teams: ["acme"],
    }),
  )
  client = apiClient(app, await givenOrganizationToken(app, acme, ["org:ci"]))
})

const text = async (path: string) =>
  (await (await ann.get(path)).text()).replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ")
const upload = (name: string, body: string) =>
  givenDebugFile(app, client, "acme/shop", name, Buffer.from(body))

test("an empty list says what for, and how", async () => {
  const page = await text(PAGE)
  expect(page).toContain("No debug files yet")
  expect(page).toContain("SENTRY_ORG=acme SENTRY_PROJECT=shop")
})

test("files are listed with their ids, found, and deleted", async () => {
  await upload("<b>till</b>.sym", BREAKPAD)
  const id = crypto.randomUUID()
  await upload(`/proguard/${id}.txt`, "shop.Cart -> a.a:\n    1:1:void add():1:1 -> b\n")
  await upload("nonsense", "nonsense")
  const page = await text(PAGE)
  expect(page).toContain(`${BREAKPAD_ID} &lt;b&gt;till`)
  expect(page).toContain("Breakpad symbols, x86_64")
  expect(page).toContain("ProGuard or R8 mapping")
  expect(page).toContain("One upload was refused")
  expect(await text(`${PAGE}?query=${id.slice(0, 8)}`)).not.toContain(BREAKPAD_ID)
  const [file] = await app.sql`select id from debug_objects where debug_id = ${id}`
  expect((await ann.post(PAGE, { action: "delete", id: file?.id })).status).toBe(303)
  expect(await text(PAGE)).not.toContain(id)
  expect((await ann.post(PAGE, { action: "delete", id: file?.id })).status).toBe(404)
  const [entry] = await app.sql`select action, data from audit_log order by id desc limit 1`
  expect(entry).toMatchObject({ action: "debug-file.remove", data: { debugId: id } })
})

test("stored events are mapped by button, of people who change the project", async () => {
  const bob = await signedIn(app, await givenMember(app, acme, "member"))
  expect((await bob.post(PAGE, { action: "apply" })).status).toBe(403)
  expect((await ann.post(PAGE, { action: "apply" })).status).toBe(303)
  const runs = await app.sql`select status from remappings`
  expect([...runs]).toEqual([{ status: "running" }])
})

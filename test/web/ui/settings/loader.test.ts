import { expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { createKey, createProject } from "#projects/projects.ts"
import { testApp } from "../../../support/app.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"

const app = await testApp()
const acme = await givenOrganization(app, "acme")
const ann = await signedIn(app, await givenMember(app, acme, "owner"))
const { project, key } = await app.sql.begin((tx) =>
  createProject(tx, cliActor, {
    organizationId: acme.id,
    slug: "shop",
    name: "Shop",
    platform: "javascript",
    teams: ["acme"],
  }),
)
const text = async () =>
  (await ann.get("/settings/acme/projects/shop/loader-script/"))
    .text()
    .then((html) => html.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">"))
const tagOf = (publicKey: string) =>
  `<script src="http://sentry.test:9000/js-sdk-loader/${publicKey}.min.js" crossorigin="anonymous"></script>`

test("the page has a line to copy for each key that accepts events", async () => {
  const other = await app.sql.begin((tx) => createKey(tx, cliActor, project, "Partner <shop>"))
  const page = await text()
  expect(page).toContain(tagOf(key.publicKey))
  expect(page).toContain(tagOf(other.publicKey))
  expect(page).toContain("Key: Partner <shop>")
  expect(page).toContain("<code>http://sentry.test:9000</code>")
  await app.sql`update project_keys set is_active = false where public_key = ${other.publicKey}`
  expect(await text()).not.toContain(other.publicKey)
})

test("without such a key the page says what is missing and leads there", async () => {
  await app.sql`update project_keys set is_active = false`
  const page = await text()
  expect(page).toContain("No key that accepts events")
  expect(page).toContain('href="/settings/acme/projects/shop/keys/"')
  expect(page).not.toContain("js-sdk-loader")
})

test("a key's page has the addresses for those who read no DSN", async () => {
  const path = `/settings/acme/projects/shop/keys/${key.publicKey}/`
  const page = (await (await ann.get(path)).text()).replaceAll("&amp;", "&")
  const api = `http://sentry.test:9000/api/${project.id}`
  for (const address of [
    `${api}/minidump/?sentry_key=${key.publicKey}`,
    `${api}/unreal/${key.publicKey}/`,
    `${api}/security/?sentry_key=${key.publicKey}`,
  ]) {
    expect(page).toContain(`>${address}<`)
  }
})

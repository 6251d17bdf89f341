import { beforeAll, expect, test } from "bun:test"
import { setReleaseCommits } from "#issues/resolving/commits.ts"
import { addDeploy } from "#releases/deploys.ts"
import { createRelease } from "#releases/releases.ts"
import { testApp } from "../../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp()
const VERSION = "shop@2.0.0+b 7"
const PATH = `/organizations/shop/releases/${encodeURIComponent(VERSION)}/`
let shop: GivenProject
let ann: SignedIn

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "owner" }))
})

const html = async (path: string) => (await ann.get(path)).text()
const told = { releasedAt: null }

test("before the first release the page says how one comes about", async () => {
  const page = await html("/organizations/shop/releases/")
  expect(page).toContain("No releases yet")
  expect(page).toContain("sentry-cli releases set-commits")
})

test("a release's pages tell what it brought, what changed and where it runs", async () => {
  await givenEvents(app, shop, [zeroDivision({ release: VERSION })])
  const key = { organizationId: shop.organizationId, version: VERSION }
  const { release } = await createRelease(app, key, [shop.projectId], told)
  await addDeploy(
    app,
    { ...release, organizationId: shop.organizationId },
    {
      environment: "production",
      name: null,
      url: null,
      startedAt: null,
      finishedAt: new Date(),
      projectIds: [],
    },
  )
  await setReleaseCommits(app, { ...key, releaseId: release.id }, [
    {
      sha: "ab".repeat(20),
      repository: "acme/shop",
      author: { email: "ann@example.test", name: "<b>Ann</b>" },
      message: "Divide less\n\nFixes SHOP-1",
      committedAt: new Date(),
      files: [{ path: "billing/invoice.py", change: "M" }],
    },
  ])
  const list = await html("/organizations/shop/releases/")
  expect(list).toContain("2.0.0")
  expect(list).toContain("production")
  const page = await html(PATH)
  expect(page).toContain("ZeroDivisionError")
  expect(page).toContain("SHOP-1")
  expect(page).toContain("No resolved issue came back")
  await givenEvents(app, shop, [zeroDivision({ release: VERSION })])
  expect(await html(PATH)).toContain("No issue is resolved in this release")
  expect(await html(PATH)).not.toContain("No resolved issue came back")
  const commits = await html(`${PATH}commits/`)
  expect(commits).toContain("Divide less")
  expect(commits).toContain("&lt;b&gt;Ann")
  expect(await html(`${PATH}files-changed/`)).toContain("billing/invoice.py")
})

test("the list is narrowed by text, environment and project", async () => {
  const row = encodeURIComponent("2.0.0")
  const find = async (search: string) =>
    (await html(`/organizations/shop/releases/?${search}`)).includes(`title="${VERSION}"`)
  expect(await find(`query=${row}`)).toBe(true)
  expect(await find("query=none")).toBe(false)
  expect(await find("environment=production")).toBe(true)
  expect(await find("environment=staging")).toBe(false)
  expect(await find(`project=${shop.projectId}`)).toBe(true)
  expect(await find("project=999999")).toBe(false)
})

test("an archived release leaves the list and comes back", async () => {
  expect((await ann.post(PATH, [["action", "archive"]])).status).toBe(303)
  expect(await html("/organizations/shop/releases/")).not.toContain("2.0.0")
  expect(await html("/organizations/shop/releases/?status=archived")).toContain("2.0.0")
  await ann.post(PATH, [["action", "restore"]])
  expect(await html("/organizations/shop/releases/")).toContain("2.0.0")
})

test("a release is deleted once its version is typed, unless issues refer to it", async () => {
  const remove = (path: string, confirm: string) =>
    ann.post(path, [
      ["action", "delete"],
      ["confirm", confirm],
    ])
  const referenced = await remove(PATH, VERSION)
  expect(referenced.status).toBe(422)
  expect(await referenced.text()).toContain("Issues refer to this release")
  await createRelease(app, { organizationId: shop.organizationId, version: "9" }, [], told)
  expect((await remove("/organizations/shop/releases/9/", "8")).status).toBe(422)
  expect((await remove("/organizations/shop/releases/9/", "9")).status).toBe(303)
  expect((await ann.get("/organizations/shop/releases/9/")).status).toBe(404)
})

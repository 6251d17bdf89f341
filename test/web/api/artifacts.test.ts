import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenShop } from "../../support/issues.ts"
import { givenBundle } from "../../support/uploads.ts"
import { bundleOf } from "../../support/zip.ts"

const app = await testApp()
const BUNDLES = "/projects/shop/shop/files/artifact-bundles/"
const ARCHIVES = "/projects/shop/shop/files/source-maps/"
const id = "0f0e0d0c-0b0a-4908-8706-050403020100"
let shop: GivenProject
let builder: ApiClient
let manager: ApiClient
let stranger: ApiClient

type Bundle = { bundleId: string; associations: object[]; date: string; fileCount: number }

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const foreign = await givenShop(app, "foreign")
  const clientOf = async (project: GivenProject, scope: "org:ci" | "project:releases") =>
    apiClient(
      app,
      await givenOrganizationToken(app, { id: project.organizationId, slug: project.slug }, [
        scope,
      ]),
    )
  builder = await clientOf(shop, "org:ci")
  manager = await clientOf(shop, "project:releases")
  stranger = await clientOf(foreign, "project:releases")
  await upload("1")
  await upload("2")
})

const upload = (version: string) =>
  givenBundle(
    app,
    builder,
    "shop",
    bundleOf({
      "a.js": {
        type: "minified_source",
        url: `~/${version}/a.js`,
        headers: { "debug-id": id, sourcemap: "a.js.map" },
        body: "go()",
      },
      "a.js.map": { type: "source_map", url: `~/${version}/a.js.map`, body: "{}" },
    }),
    { projects: ["shop"], version, dist: "web" },
  )
const bundles = async (query = "") =>
  (await (await builder.get(BUNDLES + query)).json()) as Bundle[]

test("bundles are listed, newest first, page by page, and found by release, address or debug id", async () => {
  const [newest, oldest] = await bundles()
  expect(newest).toEqual({
    bundleId: expect.stringMatching(/^\d+$/),
    associations: [{ release: "2", dist: "web" }],
    date: expect.stringMatching(/Z$/),
    dateModified: newest?.date,
    fileCount: 2,
  } as never)
  expect(oldest?.associations).toEqual([{ release: "1", dist: "web" }])
  expect(await bundles(`?query=${id}`)).toHaveLength(2)
  expect(await bundles("?query=1/a.js")).toEqual(oldest ? [oldest] : [])
  expect(await bundles("?query=nothing")).toEqual([])
  const response = await builder.get(`${BUNDLES}?per_page=1`)
  expect(response.headers.get("link")).toContain('rel="next"; results="true"')
})

test("a bundle's files are listed with what they are", async () => {
  const [bundle] = await bundles()
  const path = `/projects/shop/shop/artifact-bundles/${bundle?.bundleId}/files/`
  expect(await (await builder.get(path)).json()).toMatchObject({
    bundleId: bundle?.bundleId,
    files: [
      { filePath: "~/2/a.js", fileSize: 4, fileType: 2, debugId: id, sourcemap: "~/2/a.js.map" },
      { filePath: "~/2/a.js.map", fileType: 3, debugId: null, sourcemap: null },
    ],
  })
  expect(await (await builder.get(`${path}?query=.map`)).json()).toMatchObject({
    files: [{ filePath: "~/2/a.js.map" }],
  })
  expect((await stranger.get(path)).status).toBe(404)
  expect((await builder.get("/projects/shop/shop/artifact-bundles/x/files/")).status).toBe(404)
})

test("only who manages releases takes a bundle away, and only the project's own", async () => {
  const [bundle] = await bundles()
  const path = `?bundleId=${bundle?.bundleId}`
  expect((await builder.send("DELETE", BUNDLES + path)).status).toBe(403)
  const foreign = `/projects/foreign/foreign/files/artifact-bundles/${path}`
  expect((await stranger.send("DELETE", foreign)).status).toBe(404)
  expect((await manager.send("DELETE", BUNDLES)).status).toBe(400)
  expect((await manager.send("DELETE", BUNDLES + path)).status).toBe(204)
  expect((await manager.send("DELETE", BUNDLES + path)).status).toBe(404)
  expect(await bundles()).toHaveLength(1)
  const [entry] = await app.sql`select action from audit_log order by id desc limit 1`
  expect(entry?.action).toBe("artifact.remove")
})

test("files that came one by one are an archive of their release", async () => {
  for (const name of ["~/b.js", "~/c.js"]) {
    const form = new FormData()
    form.append("file", new File([name], "b.js"))
    form.append("name", name)
    await builder.send("POST", "/projects/shop/shop/releases/", {
      body: JSON.stringify({ version: "old@1", projects: ["shop"] }),
      headers: { "content-type": "application/json" },
    })
    await builder.send("POST", "/projects/shop/shop/releases/old%401/files/", { body: form })
  }
  expect(await (await builder.get(ARCHIVES)).json()).toMatchObject([
    { type: "release", name: "old@1", fileCount: 2, date: expect.stringMatching(/Z$/) },
  ])
  expect(await (await builder.get(`${ARCHIVES}?query=new`)).json()).toEqual([])
  expect(await bundles()).toHaveLength(1)
  const named = `${ARCHIVES}?name=old%401`
  expect((await builder.send("DELETE", named)).status).toBe(403)
  expect((await stranger.send("DELETE", named)).status).toBe(404)
  expect((await manager.send("DELETE", named)).status).toBe(204)
  expect((await manager.send("DELETE", named)).status).toBe(404)
  expect(await (await builder.get(ARCHIVES)).json()).toEqual([])
})

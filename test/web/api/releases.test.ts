import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenShop } from "../../support/issues.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
let stranger: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const foreign = await givenShop(app, "foreign")
  const tokenOf = (project: GivenProject) =>
    givenOrganizationToken(app, { id: project.organizationId, slug: project.slug }, ["org:ci"])
  client = apiClient(app, await tokenOf(shop))
  stranger = apiClient(app, await tokenOf(foreign))
})

const post = (path: string, body: object) =>
  client.send("POST", path, { body: JSON.stringify(body) })
const LIST = "/organizations/shop/releases/"
const OF_PROJECT = "/projects/shop/shop/releases/"

test("a release is made once, for the projects that are named or stand in the path", async () => {
  const body = {
    version: "till@1.2.0+77",
    projects: ["shop"],
    dateReleased: "2026-11-22T07:20:16.789040312Z",
  }
  const made = await post(LIST, body)
  expect(made.status).toBe(201)
  expect(await made.json()).toMatchObject({
    id: expect.any(Number),
    version: "till@1.2.0+77",
    shortVersion: "1.2.0",
    status: "open",
    dateReleased: "2026-11-22T07:20:16.789000Z",
    projects: [{ id: Number(shop.projectId), slug: "shop" }],
    versionInfo: { package: "till", version: { raw: "1.2.0+77" } },
  })
  expect((await post(LIST, body)).status).toBe(208)
  expect((await post(OF_PROJECT, { version: "till@1.2.0+77" })).status).toBe(208)
  expect((await post(OF_PROJECT, { version: "2" })).status).toBe(201)
})

test("it is found under both addresses, by its name percent-encoded", async () => {
  await post(LIST, { version: "a b@1+c", projects: ["shop"] })
  for (const list of [LIST, OF_PROJECT]) {
    const answer = await client.get(`${list}a%20b%401%2Bc/`)
    expect(await answer.json()).toMatchObject({ version: "a b@1+c" })
  }
  expect((await client.get(`${LIST}nowhere/`)).status).toBe(404)
})

test("finalizing tells when it came out", async () => {
  await post(LIST, { version: "3", projects: ["shop"] })
  const body = {
    projects: ["shop"],
    dateReleased: "2026-11-22T07:20:16Z",
    url: "https://ci.example/3",
  }
  const answer = await client.put(`${OF_PROJECT}3/`, body)
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({
      dateReleased: "2026-11-22T07:20:16.000000Z",
      url: "https://ci.example/3",
    }),
  ])
})

test("the list is paged, narrowed by text, and only of the project in its path", async () => {
  await post(LIST, { version: "4.0-rc", projects: [] })
  const names = async (path: string) =>
    ((await (await client.get(path)).json()) as { version: string }[]).map(({ version }) => version)
  expect(await names(`${LIST}?query=RC`)).toEqual(["4.0-rc"])
  expect(await names(`${OF_PROJECT}?query=rc`)).toEqual([])
  expect(await names(`${LIST}?per_page=1`)).toHaveLength(1)
})

test("what is wrong with a release is told by field", async () => {
  const fault = async (body: object) => {
    const response = await post(LIST, body)
    return [response.status, await response.json()]
  }
  expect(await fault({ projects: ["shop"] })).toEqual([
    400,
    { version: ["This field is required."] },
  ])
  expect(await fault({ version: "a/b", projects: [] })).toEqual([
    400,
    { version: ["Release name is not valid"] },
  ])
  expect(await fault({ version: "latest", projects: [] })).toEqual([
    400,
    { version: ["Release name is not valid"] },
  ])
  expect(await fault({ version: "1", projects: ["none"] })).toEqual([
    400,
    { projects: ["Invalid project ids or slugs"] },
  ])
  expect(await fault({ version: "1", dateReleased: "soon" })).toEqual([
    400,
    { dateReleased: ["Expected a date and time."] },
  ])
})

type File = { id: string; name: string; dist: string | null }

test("files are uploaded one by one, listed, read, and deleted", async () => {
  await post(LIST, { version: "5", projects: ["shop"] })
  const form = (dist?: string) => {
    const data = new FormData()
    data.set("file", new File(["go()"], "a.js", { type: "application/javascript" }))
    data.set("name", "~/a.js")
    if (dist) data.set("dist", dist)
    data.append("header", "Sourcemap:a.js.map")
    return data
  }
  const send = (data: FormData, path = LIST) =>
    client.send("POST", `${path}5/files/`, { body: data })
  const made = await send(form())
  expect(made.status).toBe(201)
  expect(await made.json()).toEqual({
    id: expect.stringMatching(/^\d+$/),
    name: "~/a.js",
    dist: null,
    headers: {
      "Content-Type": "application/octet-stream",
      sourcemap: "a.js.map",
    },
    size: 4,
    sha1: new Bun.CryptoHasher("sha1").update("go()").digest("hex"),
    dateCreated: expect.stringMatching(/\.\d{6}Z$/),
  } as never)
  expect((await send(form(), OF_PROJECT)).status).toBe(409)
  expect((await send(form("x"))).status).toBe(201)
  expect((await send(form("no good/"))).status).toBe(400)
  expect((await send(new FormData())).status).toBe(400)

  const listed = (await (await client.get(`${OF_PROJECT}5/files/`)).json()) as File[]
  expect(listed.map(({ name, dist }) => [name, dist])).toEqual([
    ["~/a.js", null],
    ["~/a.js", "x"],
  ])
  const path = `${LIST}5/files/${listed[0]?.id}/`
  const download = await client.get(`${path}?download=1`)
  expect([await download.text(), download.headers.get("content-type")]).toEqual([
    "go()",
    "application/octet-stream",
  ])
  expect((await stranger.get(path.replace("shop", "foreign"))).status).toBe(404)
  expect((await client.send("DELETE", path)).status).toBe(204)
  expect((await client.get(path)).status).toBe(404)
})

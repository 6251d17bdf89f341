import { beforeAll, expect, test } from "bun:test"
import { sha1Of } from "#symbolication/artifacts/keep-chunk.ts"
import { sweepArtifacts } from "#symbolication/artifacts/sweep.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { BREAKPAD, BREAKPAD_ID, fatFile, machOFile } from "../../support/debug-files.ts"
import { type GivenProject, givenShop } from "../../support/issues.ts"
import {
  assembleDebugFile,
  assembleWaiting,
  chunkForm,
  givenDebugFile,
} from "../../support/uploads.ts"

const app = await testApp()
const LIST = "/projects/shop/shop/files/dsyms/"
const SYMBOLS = Buffer.from(BREAKPAD)
let shop: GivenProject
let client: ApiClient
let stranger: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const foreign = await givenShop(app, "foreign")
  const tokenOf = (project: GivenProject, scopes: string[]) =>
    givenOrganizationToken(app, { id: project.organizationId, slug: project.slug }, scopes)
  client = apiClient(app, await tokenOf(shop, ["project:releases", "project:read"]))
  stranger = apiClient(app, await tokenOf(foreign, ["project:releases"]))
})

const given = (name: string, bytes: Buffer) => givenDebugFile(app, client, "shop/shop", name, bytes)
const listed = async (query = "") =>
  (await (await client.get(`${LIST}${query}`)).json()) as { id: string; debugId: string }[]

test("an upload goes from missing over created and assembling to ok", async () => {
  const parts = [SYMBOLS.subarray(0, 50), SYMBOLS.subarray(50)]
  const chunks = parts.map(sha1Of)
  const file = { name: "till.sym", checksum: sha1Of(SYMBOLS), chunks }
  expect(await assembleDebugFile(client, "shop/shop", { ...file, chunks: [] })).toEqual({
    state: "not_found",
    missingChunks: [],
    detail: null,
  })
  expect(await assembleDebugFile(client, "shop/shop", file)).toMatchObject({
    state: "not_found",
    missingChunks: chunks,
  })
  const form = chunkForm(parts.map((bytes) => [sha1Of(bytes), bytes] as const))
  await client.send("POST", "/organizations/shop/chunk-upload/", { body: form })
  expect((await assembleDebugFile(client, "shop/shop", file)).state).toBe("created")
  expect((await assembleDebugFile(client, "shop/shop", file)).state).toBe("assembling")
  await assembleWaiting(app)
  expect(await assembleDebugFile(client, "shop/shop", { ...file, chunks: [] })).toEqual({
    state: "ok",
    missingChunks: [],
    detail: null,
    dif: {
      id: expect.any(String),
      uuid: BREAKPAD_ID,
      debugId: BREAKPAD_ID,
      codeId: "f1c3bcc0279865fe3058404b2831d9e6",
      cpuName: "x86_64",
      objectName: "till.sym",
      symbolType: "breakpad",
      headers: { "Content-Type": "text/x-breakpad" },
      size: SYMBOLS.length,
      sha1: file.checksum,
      dateCreated: expect.any(String),
      data: { type: "dbg", features: ["symtab", "debug"] },
    },
  })
})

test("files are listed, found, downloaded and deleted", async () => {
  const uuid = "3249d99d-0c40-4931-8610-f4e4fb0b6936"
  const arm = machOFile({ uuid })
  await given("Till", fatFile([arm, machOFile({ uuid: crypto.randomUUID(), cpu: 0x01000007 })]))
  expect(await listed("?query=TILL")).toHaveLength(3)
  expect(await listed("?file_formats=breakpad&file_formats=elf")).toHaveLength(1)
  const [found] = await listed(`?debug_id=${uuid.replaceAll("-", "").toUpperCase()}`)
  expect(found).toMatchObject({ debugId: uuid, cpuName: "arm64", symbolType: "macho" })
  const path = `${LIST}?id=${found?.id}`
  const bytes = await (await client.get(path)).arrayBuffer()
  expect(arm.equals(Buffer.from(bytes))).toBe(true)
  expect((await client.send("DELETE", path)).status).toBe(204)
  expect((await client.get(path)).status).toBe(404)
  expect(await listed("?query=till")).toHaveLength(2)
  expect((await client.send("DELETE", LIST)).status).toBe(400)
})

test("what is no debug file ends with the reason, and is tried again with other bytes only", async () => {
  const refused = async (name: string, text: string) =>
    (await given(name, Buffer.from(text))).detail
  expect(await refused("x", "nonsense")).toBe("It is no debug file that is supported.")
  expect(await refused("/proguard/x.txt", "nonsense")).toBe(
    "It is no debug file that is supported.",
  )
  expect(await refused(`/proguard/${BREAKPAD_ID}.txt`, "nonsense")).toBe(
    "It is no ProGuard mapping.",
  )
  expect(await refused("x.sym", "MODULE Linux x86_64 nobody x\n")).toBe(
    "It cannot be read: its MODULE line has no id.",
  )
  expect(await refused("x.so", "\x7fELF\x02\x01")).toBe("It cannot be read: it is cut short.")
  expect(await refused("x.zip", "SYSB....")).toContain("not a sound zip archive")
})

test("a mapping is known by the id in its name, also by two", async () => {
  const mapping = Buffer.from("shop.Cart -> a.a:\n    1:1:void add():1:1 -> b\n")
  for (const id of [crypto.randomUUID(), crypto.randomUUID()]) {
    const { dif } = await given(`/proguard/${id}.txt`, mapping)
    expect(dif).toMatchObject({
      debugId: id,
      objectName: "proguard-mapping",
      symbolType: "proguard",
      cpuName: "any",
    })
  }
})

test("another project's files are not there, nor can anybody add to them", async () => {
  const [file] = await listed()
  expect((await stranger.get(LIST)).status).toBe(404)
  expect((await stranger.get(`/projects/foreign/foreign/files/dsyms/?id=${file?.id}`)).status).toBe(
    404,
  )
  expect(
    (await stranger.send("POST", "/projects/shop/shop/files/difs/assemble/", { body: "{}" }))
      .status,
  ).toBe(404)
})

test("readers read, build machines add, and only people who manage releases take away", async () => {
  const organization = { id: shop.organizationId, slug: shop.slug }
  const withScope = async (scope: string) =>
    apiClient(app, await givenOrganizationToken(app, organization, [scope]))
  const statuses = async (scope: string) => {
    const caller = await withScope(scope)
    const responses = [
      await caller.get(LIST),
      await caller.send("POST", "/projects/shop/shop/files/difs/assemble/", { body: "{}" }),
      await caller.send("DELETE", `${LIST}?id=999999999`),
    ]
    return responses.map(({ status }) => status)
  }
  expect(await statuses("project:read")).toEqual([200, 403, 403])
  expect(await statuses("org:ci")).toEqual([200, 200, 403])
  expect(await statuses("project:releases")).toEqual([200, 200, 404])
  expect(await statuses("event:read")).toEqual([403, 403, 403])
})

test("what is wrong with a request is told", async () => {
  const path = "/projects/shop/shop/files/difs/assemble/"
  for (const body of [
    "{",
    "[]",
    '{"x":{"name":"a","chunks":[]}}',
    `{"${"a".repeat(40)}":{"name":"\\u0000","chunks":[]}}`,
  ]) {
    const response = await client.send("POST", path, { body })
    expect([body, response.status]).toEqual([body, 400])
  }
})

test("files that no event needed, and those of projects that are gone, are removed", async () => {
  const signal = new AbortController().signal
  await app.sql`update artifact_bundles set created_at = now() - interval '3 days'`
  await sweepArtifacts(app, "2026-01-01", signal)
  expect((await listed()).length).toBeGreaterThan(0)
  await app.sql`update artifact_bundles set used_on = '2025-12-31'`
  await sweepArtifacts(app, "2026-01-01", signal)
  expect(await listed()).toEqual([])
  await given("till.sym", SYMBOLS)
  await app.sql`update artifact_bundles set created_at = now() - interval '3 days'`
  await app.sql`delete from debug_files`
  await sweepArtifacts(app, "2026-01-01", signal)
  expect([...(await app.sql`select from artifact_bundles`)]).toEqual([])
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import { randomBytes } from "node:crypto"
import { sha1Of } from "#symbolication/artifacts/keep-chunk.ts"
import { deleteOrganizationArtifacts, sweepArtifacts } from "#symbolication/artifacts/sweep.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenShop } from "../../support/issues.ts"
import { assemble, assembleWaiting, chunkForm, givenBundle } from "../../support/uploads.ts"
import { bundleOf } from "../../support/zip.ts"

const app = await testApp()
let shop: GivenProject
let foreign: GivenProject
let client: ApiClient
let stranger: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  foreign = await givenShop(app, "foreign")
  const tokenOf = (project: GivenProject) =>
    givenOrganizationToken(app, { id: project.organizationId, slug: project.slug }, ["org:ci"])
  client = apiClient(app, await tokenOf(shop))
  stranger = apiClient(app, await tokenOf(foreign))
})
beforeEach(async () => {
  await app.sql`truncate artifact_bundles, upload_chunks cascade`
})

const PATH = "/organizations/shop/chunk-upload/"
const upload = (form: FormData, by = client, path = PATH) => by.send("POST", path, { body: form })
const bytes = (text: string) => Buffer.from(text)
const bundle = (body = "go()") =>
  bundleOf({ "a.js": { type: "minified_source", url: "~/a.js", body } })

test("clients are told how to upload", async () => {
  expect(await (await client.get(PATH)).json()).toEqual({
    url: "http://sentry.test:9000/api/0/organizations/shop/chunk-upload/",
    chunkSize: 8_388_608,
    chunksPerRequest: 64,
    maxFileSize: 2_147_483_648,
    maxRequestSize: 33_554_432,
    concurrency: 8,
    hashAlgorithm: "sha1",
    compression: ["gzip"],
    maxWait: 60,
    accept: [
      "release_files",
      "artifact_bundles",
      "artifact_bundles_v2",
      "debug_files",
      "proguard",
      "sources",
    ],
  })
})

test("a chunk is taken under its name, plain or packed, and a second time, too", async () => {
  const chunk = bytes("a chunk")
  for (const name of ["file", "file_gzip", "file"]) {
    const response = await upload(chunkForm([[sha1Of(chunk), chunk]], name))
    expect([response.status, await response.text()]).toEqual([200, ""])
  }
  const rows = await app.sql`select state, size::int as size, blob_key from upload_chunks`
  expect([...rows]).toMatchObject([{ state: "ready", size: 7 }])
  expect(await app.blobs.get(rows[0]?.blobKey)).toEqual(chunk)
})

test("as many chunks as fit by their sizes are taken, though none of them gets smaller", async () => {
  const chunks = Array.from({ length: 4 }, () => randomBytes(8_388_608))
  const form = chunkForm(
    chunks.map((chunk) => [sha1Of(chunk), chunk] as const),
    "file_gzip",
  )
  expect((await upload(form)).status).toBe(200)
  expect([...(await app.sql`select from upload_chunks`)]).toHaveLength(4)
})

test("no chunk at all is no fault", async () => {
  const empty = await client.send("POST", PATH, { headers: { "content-length": "0" } })
  expect(empty.status).toBe(200)
})

test("a chunk that is not what its name says, is too large or comes with too many others is refused", async () => {
  const error = async (form: FormData) => {
    const response = await upload(form)
    return [response.status, ((await response.json()) as { error: string }).error]
  }
  const chunk = bytes("x")
  const many = Array.from({ length: 65 }, () => [sha1Of(chunk), chunk] as const)
  const large = Buffer.alloc(8_388_609)
  const huge = Array.from({ length: 5 }, () => [sha1Of(large), large] as const)
  expect(await error(chunkForm([["0".repeat(40), chunk]]))).toEqual([400, "Checksum mismatch"])
  expect(await error(chunkForm([["../../etc", chunk]]))).toEqual([400, "Checksum mismatch"])
  expect(await error(chunkForm(many))).toEqual([400, "Too many chunks"])
  expect(await error(chunkForm([[sha1Of(large), large]]))).toEqual([400, "Chunk size too large"])
  expect(await error(chunkForm([[sha1Of(large), large]], "file_gzip"))).toEqual([
    400,
    "Chunk size too large",
  ])
  expect(await error(chunkForm(huge))).toEqual([400, "Request too large"])
  const noForm = await client.send("POST", PATH, {
    body: "nonsense",
    headers: { "content-type": "text/plain" },
  })
  expect(noForm.status).toBe(400)
  expect([...(await app.sql`select from upload_chunks`)]).toEqual([])
})

test("a bundle goes from missing over created and assembling to ok", async () => {
  const parts = [bundle().subarray(0, 100), bundle().subarray(100)]
  const chunks = parts.map(sha1Of)
  const body = { checksum: sha1Of(bundle()), chunks, projects: ["shop"], version: "1.0", dist: "7" }
  expect(await assemble(client, "shop", body)).toEqual({
    state: "not_found",
    missingChunks: chunks,
    detail: null,
  })
  await upload(chunkForm([[chunks[1] ?? "", parts[1] ?? bytes("")]]))
  expect(await assemble(client, "shop", body)).toMatchObject({ missingChunks: [chunks[0]] })
  await upload(chunkForm([[chunks[0] ?? "", parts[0] ?? bytes("")]]))
  expect((await assemble(client, "shop", body)).state).toBe("created")
  expect((await assemble(client, "shop", body)).state).toBe("assembling")
  await assembleWaiting(app)
  expect((await assemble(client, "shop", body)).state).toBe("ok")
  const uses = await app.sql`select project_id, release, dist from artifact_projects`
  expect([...uses]).toEqual([{ projectId: shop.projectId, release: "1.0", dist: "7" }])
})

test("who asks for the same at once makes one bundle of it", async () => {
  const checksum = sha1Of(bundle())
  await Promise.all(
    Array.from({ length: 8 }, () => upload(chunkForm([[checksum, bundle()]], "file_gzip"))),
  )
  const body = { checksum, chunks: [checksum], projects: ["shop"] }
  const asked = Array.from({ length: 20 }, () => assemble(client, "shop", body))
  const states = (await Promise.all(asked)).map(({ state }) => state)
  expect(states.filter((state) => state === "created")).toHaveLength(1)
  expect(new Set(states)).toEqual(new Set(["created", "assembling"]))
  expect([...(await app.sql`select from upload_chunks`)]).toHaveLength(1)
  await assembleWaiting(app)
  expect((await assemble(client, "shop", body)).state).toBe("ok")
})

test("asked again for another release, a bundle serves both", async () => {
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"], version: "1.0" })
  await givenBundle(app, client, "shop", bundle(), { projects: [shop.projectId], version: "1.1" })
  const rows = await app.sql`select release from artifact_projects order by release`
  expect(rows.map(({ release }) => release)).toEqual(["1.0", "1.1"])
  expect([...(await app.sql`select from artifact_bundles`)]).toHaveLength(1)
})

test("the same files packed anew are one bundle in the end", async () => {
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"], version: "1.0" })
  const again = bundleOf(
    { "a.js": { type: "minified_source", url: "~/a.js", body: "go()" } },
    { note: "later" },
  )
  const { state } = await givenBundle(app, client, "shop", again, {
    projects: ["shop"],
    version: "1.1",
  })
  expect(state).toBe("ok")
  expect([...(await app.sql`select from artifact_bundles`)]).toHaveLength(1)
  const rows = await app.sql`select release from artifact_projects order by release`
  expect(rows.map(({ release }) => release)).toEqual(["1.0", "1.1"])
})

test("a bundle that is not what was announced, or no bundle, ends with the reason", async () => {
  const text = bytes("not a bundle")
  const { state, detail } = await givenBundle(app, client, "shop", text, { projects: ["shop"] })
  expect([state, detail]).toEqual(["error", expect.stringContaining("not a sound zip archive")])

  const body = { checksum: "a".repeat(40), chunks: [sha1Of(text)], projects: ["shop"] }
  expect((await assemble(client, "shop", body)).state).toBe("created")
  await assembleWaiting(app)
  expect(await assemble(client, "shop", body)).toEqual({
    state: "error",
    missingChunks: [],
    detail: "Reported checksum mismatch",
  })
})

test("a bundle that failed for its chunks is tried again with others", async () => {
  const wrong = bytes("wrong")
  await upload(chunkForm([[sha1Of(wrong), wrong]]))
  const checksum = sha1Of(bundle())
  await assemble(client, "shop", { checksum, chunks: [sha1Of(wrong)], projects: ["shop"] })
  await assembleWaiting(app)
  expect(await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })).toMatchObject({
    state: "ok",
  })
})

test("when the blob store lost a chunk, the client is asked for it again", async () => {
  const checksum = sha1Of(bundle())
  const body = { checksum, chunks: [checksum], projects: ["shop"] }
  await upload(chunkForm([[checksum, bundle()]]))
  await assemble(client, "shop", body)
  const [row] = await app.sql`select blob_key from upload_chunks`
  await app.blobs.delete(row?.blobKey)
  await assembleWaiting(app)
  expect(await assemble(client, "shop", body)).toMatchObject({
    state: "not_found",
    missingChunks: [checksum],
  })
  expect((await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })).state).toBe(
    "ok",
  )
})

test("what is wrong with a request is told under `error`", async () => {
  const send = async (body: unknown) => {
    const response = await client.send("POST", "/organizations/shop/artifactbundle/assemble/", {
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
    return [response.status, ((await response.json()) as { error: string }).error]
  }
  const sound = { checksum: "a".repeat(40), chunks: ["a".repeat(40)], projects: ["shop"] }
  expect(await send("{")).toEqual([400, "Invalid json body"])
  expect(await send({ ...sound, projects: [] })).toEqual([
    400,
    "You need to specify at least one project",
  ])
  expect(await send({ ...sound, projects: ["nowhere"] })).toEqual([
    400,
    "One or more projects are invalid",
  ])
  expect(await send({ ...sound, projects: [foreign.projectId] })).toEqual([
    400,
    "One or more projects are invalid",
  ])
  expect(await send({ ...sound, checksum: "x" })).toEqual([
    400,
    "checksum: checksum must be 40 hexadecimal digits",
  ])
  expect(await send({ ...sound, chunks: [] })).toEqual([400, "chunks: chunks must not be empty"])
  expect(await send({ ...sound, version: "a/b" })).toEqual([
    400,
    "version: version is not a valid release name",
  ])
})

test("another organization's chunks are not there", async () => {
  const checksum = sha1Of(bundle())
  await upload(chunkForm([[checksum, bundle()]]), stranger, "/organizations/foreign/chunk-upload/")
  const body = { checksum, chunks: [checksum], projects: ["shop"] }
  expect(await assemble(client, "shop", body)).toMatchObject({ state: "not_found" })
  expect((await upload(chunkForm([[checksum, bundle()]]), stranger)).status).toBe(404)
})

test("an upload that nobody finished goes after a day, one that is in use stays", async () => {
  const loose = bytes("loose")
  await upload(chunkForm([[sha1Of(loose), loose]]))
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })
  await app.sql`update upload_chunks set used_at = now() - interval '2 days'`
  const [row] = await app.sql`select blob_key from upload_chunks where size = 5`
  await sweepArtifacts(app, "2020-01-01", new AbortController().signal)
  expect(await app.blobs.exists(row?.blobKey)).toBe(false)
  expect((await app.sql`select sha1 from upload_chunks`).map(({ sha1 }) => sha1)).toEqual([
    sha1Of(bundle()),
  ])
})

test("a bundle that no event needed for as long as events are kept goes with its bytes", async () => {
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })
  await app.sql`update artifact_bundles set used_on = '2026-01-01'`
  await app.sql`update upload_chunks set used_at = '2026-01-01'`
  const [row] = await app.sql`select blob_key from upload_chunks`
  await sweepArtifacts(app, "2026-01-02", new AbortController().signal)
  expect(await app.blobs.exists(row?.blobKey)).toBe(false)
  expect([...(await app.sql`select from artifact_files`)]).toEqual([])
})

test("a chunk that the blob store lost goes once no bundle holds it any more", async () => {
  const checksum = sha1Of(bundle())
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })
  await app.sql`update upload_chunks set state = 'leaving'`
  const { signal } = new AbortController()
  await sweepArtifacts(app, "2020-01-01", signal)
  expect((await app.sql`select sha1 from upload_chunks`).map(({ sha1 }) => sha1)).toEqual([
    checksum,
  ])
  await app.sql`delete from artifact_bundles`
  await sweepArtifacts(app, "2020-01-01", signal)
  expect([...(await app.sql`select from upload_chunks`)]).toEqual([])
})

test("an organization that goes takes its uploads along", async () => {
  await givenBundle(app, client, "shop", bundle(), { projects: ["shop"] })
  const [chunk] = await app.sql`select blob_key from upload_chunks`
  await deleteOrganizationArtifacts(app, shop.organizationId)
  await app.sql`delete from organizations where id = ${shop.organizationId}`
  expect(await app.blobs.exists(chunk?.blobKey)).toBe(false)
  expect([...(await app.sql`select from artifact_bundles`)]).toEqual([])
})

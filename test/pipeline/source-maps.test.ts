import { beforeAll, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import { type GivenProject, givenEvents, givenShop } from "../support/issues.ts"
import { MINIFIED, mapOf, minifiedEvent, ORIGINAL, sourceMapImage } from "../support/minified.ts"
import { givenBundle } from "../support/uploads.ts"
import { bundleOf } from "../support/zip.ts"

const app = await testApp()
const URL_OF_FILE = "https://till.example/static/basket.js"
let shop: GivenProject
let client: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const organization = { id: shop.organizationId, slug: shop.slug }
  client = apiClient(app, await givenOrganizationToken(app, organization, ["org:ci"]))
  // Something is uploaded, so that missing files are told of.
  await upload({ "x.js": { type: "source", url: "~/x.js", body: "" } }, { version: "none" })
})

type Files = Parameters<typeof bundleOf>[0]
async function upload(files: Files, about: { version?: string; dist?: string } = {}) {
  const note = { note: crypto.randomUUID() }
  const assembly = await givenBundle(app, client, "shop", bundleOf(files, note), {
    projects: ["shop"],
    ...about,
  })
  if (assembly.state !== "ok") throw new Error(assembly.detail ?? assembly.state)
}

async function stored(event: object, project = shop): Promise<NormalizedEvent> {
  const { eventId } = await givenEvents(app, project, [event])
  const [row] = await app.sql<{ payload: Uint8Array }[]>`
    select payload from events where event_id = ${eventId}::uuid`
  return decodePayload(row?.payload ?? new Uint8Array()) as NormalizedEvent
}
const newest = (event: NormalizedEvent) => event.exception?.values[0]?.stacktrace?.frames.at(-1)
const rawest = (event: NormalizedEvent) => event.exception?.values[0]?.raw_stacktrace?.frames.at(-1)
const errorsOf = (event: NormalizedEvent): object[] | undefined =>
  event.errors?.map(({ type, data }) => ({ type, ...data }))

const script = (
  headers: Record<string, string> = { sourcemap: "basket.js.map" },
  body = MINIFIED,
) => ({
  type: "minified_source",
  url: "~/static/basket.js",
  headers,
  body,
})
const map = (body = mapOf(), headers: Record<string, string> = {}) => ({
  type: "source_map",
  url: "~/static/basket.js.map",
  headers,
  body,
})

test("files of the event's release map its frames, whatever host they were loaded from", async () => {
  await upload({ "a.js": script(), "a.js.map": map() }, { version: "1.0" })
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "1.0" }))
  expect(newest(event)).toEqual({
    abs_path: "webpack:///./src/basket.js",
    filename: "./src/basket.js",
    module: "src/basket",
    function: "addToBasket",
    lineno: 2,
    colno: 3,
    pre_context: ["export function addToBasket(item) {"],
    context_line: '  throw new RangeError("no such " + item)',
    post_context: ["}", "", 'addToBasket("pear")'],
    in_app: true,
    data: {
      sourcemap: "https://till.example/static/basket.js.map",
      symbolicated: true,
      resolved_with: "release",
    },
  })
  expect(rawest(event)).toMatchObject({
    lineno: 1,
    colno: 15,
    function: "a",
    context_line: MINIFIED,
  })
  expect(errorsOf(event)).toBeUndefined()
})

test("the same in another release is not found, and told", async () => {
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "2.0" }))
  expect(newest(event)).toMatchObject({ lineno: 1, colno: 15 })
  expect(rawest(event)).toBeUndefined()
  expect(errorsOf(event)).toEqual([{ type: "js_no_source", url: URL_OF_FILE }])
})

test("a debug id finds the file wherever it was loaded from, in any release or none", async () => {
  const id = crypto.randomUUID()
  await upload({ "a.js": script({ "debug-id": id }), "a.js.map": map(mapOf(), { "debug-id": id }) })
  const elsewhere = "https://cdn.example/v7/other.js"
  const event = await stored(minifiedEvent({ abs_path: elsewhere }, sourceMapImage(elsewhere, id)))
  expect(newest(event)).toMatchObject({
    function: "addToBasket",
    data: { resolved_with: "debug-id" },
  })
})

test("what another project uploaded is nobody else's", async () => {
  const id = crypto.randomUUID()
  await upload({ "a.js": script({ "debug-id": id }), "a.js.map": map(mapOf(), { "debug-id": id }) })
  const other = await givenShop(app, "other")
  const ownClient = apiClient(
    app,
    await givenOrganizationToken(app, { id: other.organizationId, slug: "other" }, ["org:ci"]),
  )
  const own = bundleOf({ "y.js": { type: "source", url: "~/y.js", body: "y" } })
  await givenBundle(app, ownClient, "other", own, { projects: ["other"] })
  const event = await stored(
    minifiedEvent({ abs_path: URL_OF_FILE }, sourceMapImage(URL_OF_FILE, id)),
    other,
  )
  expect(errorsOf(event)).toEqual([{ type: "js_no_source", url: URL_OF_FILE }])
})

test("a bundle for one dist serves no other; one for any serves all, after the exact one", async () => {
  const named = (name: string) => map(mapOf(`webpack:///./src/${name}.js`))
  await upload({ "a.js": script(), "a.js.map": named("any") }, { version: "3.0" })
  await upload({ "a.js": script(), "a.js.map": named("seven") }, { version: "3.0", dist: "7" })
  const of = async (dist?: string) =>
    newest(await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "3.0", dist })))
      ?.filename
  expect(await of("7")).toBe("./src/seven.js")
  expect(await of("8")).toBe("./src/any.js")
  expect(await of()).toBe("./src/any.js")
})

test("an indexed map, and one that stands in the file itself", async () => {
  const indexed = JSON.stringify({
    version: 3,
    sections: [{ offset: { line: 0, column: 0 }, map: JSON.parse(mapOf()) }],
  })
  await upload({ "a.js": script(), "a.js.map": map(indexed) }, { version: "4.0" })
  const embedded = `${MINIFIED}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(mapOf()).toString("base64")}`
  await upload({ "a.js": script({}, embedded) }, { version: "4.1" })
  for (const release of ["4.0", "4.1"]) {
    const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release }))
    expect([release, newest(event)?.function]).toEqual([release, "addToBasket"])
  }
})

test("bytecode of Hermes, which is uploaded as a file without a byte, has Metro's names", async () => {
  const debugId = crypto.randomUUID()
  const hermes = mapOf("src/basket.js", {
    x_facebook_sources: [[{ names: ["<global>", "addToBasket"], mappings: "AAA,OC;CDE" }]],
  })
  await upload({
    "main.jsbundle": script({ "debug-id": debugId }, ""),
    "main.map": map(hermes, { "debug-id": debugId }),
  })
  const path = "app:///main.jsbundle"
  const event = await stored(minifiedEvent({ abs_path: path }, sourceMapImage(path, debugId)))
  expect(newest(event)).toMatchObject({ function: "addToBasket", lineno: 2 })
  expect(rawest(event)?.context_line).toBeUndefined()
  expect(errorsOf(event)).toBeUndefined()
})

test("a position that the map does not know", async () => {
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE, line: 2 }, { release: "1.0" }))
  expect(errorsOf(event)).toContainEqual({
    type: "js_invalid_sourcemap_location",
    source: URL_OF_FILE,
    sourcemap: "https://till.example/static/basket.js.map",
    row: 2,
    column: 15,
  })
  expect(newest(event)).toMatchObject({ lineno: 2 })
})

test("a map that is none costs the frames, not the event", async () => {
  await upload({ "a.js": script(), "a.js.map": map("<html>") }, { version: "5.0" })
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "5.0" }))
  expect(event.errors).toEqual([
    {
      type: "js_invalid_source",
      name: "exception.values.0.stacktrace.frames.1",
      reason: "it is not JSON",
      data: { url: "https://till.example/static/basket.js.map" },
    },
  ])
  expect(newest(event)).toMatchObject({ lineno: 1, colno: 15 })
})

test("a file that names a map which is not there", async () => {
  await upload({ "a.js": script() }, { version: "5.1" })
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "5.1" }))
  expect(errorsOf(event)).toEqual([
    { type: "js_no_source", url: "https://till.example/static/basket.js.map" },
  ])
})

test("a file without a map is its own source", async () => {
  await upload({ "a.js": script({}, ORIGINAL) }, { version: "6.0" })
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE, line: 2 }, { release: "6.0" }))
  expect(newest(event)).toMatchObject({
    lineno: 2,
    context_line: '  throw new RangeError("no such " + item)',
  })
  expect([rawest(event), errorsOf(event)]).toEqual([undefined, undefined])
})

test("parts of Node are nobody's upload", async () => {
  const event = await stored(
    minifiedEvent({ abs_path: "node:fs" }, { platform: "node", release: "1.0" }),
  )
  expect(newest(event)).toMatchObject({ abs_path: "node:fs", in_app: false })
  expect(errorsOf(event)).toBeUndefined()
})

test("code of packages is not the program's, code of the program only when the client says so", async () => {
  await upload(
    { "a.js": script(), "a.js.map": map(mapOf("webpack:///./node_modules/till/index.js")) },
    { version: "7.0" },
  )
  const inApp = async (release: string, in_app: boolean) =>
    newest(await stored(minifiedEvent({ abs_path: URL_OF_FILE, in_app }, { release })))?.in_app
  expect(await inApp("7.0", true)).toBe(false)
  expect(await inApp("1.0", true)).toBe(true)
  expect(await inApp("1.0", false)).toBe(false)
})

test("sources that the map does not bring come from a file beside it, or are told as missing", async () => {
  const bare = mapOf("../src/basket.js", { sourcesContent: undefined })
  const source = { type: "source", url: "~/src/basket.js", body: ORIGINAL }
  await upload({ "a.js": script(), "a.js.map": map(bare), "s.js": source }, { version: "8.0" })
  await upload({ "a.js": script(), "a.js.map": map(bare) }, { version: "8.1" })
  const whole = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "8.0" }))
  expect(newest(whole)?.context_line).toBe('  throw new RangeError("no such " + item)')
  expect(errorsOf(whole)).toBeUndefined()
  const missing = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "8.1" }))
  expect(newest(missing)).toMatchObject({ lineno: 2, filename: "../src/basket.js" })
  expect(errorsOf(missing)).toEqual([
    {
      type: "js_missing_sources_content",
      source: "https://till.example/src/basket.js",
      sourcemap: "https://till.example/static/basket.js.map",
    },
  ])
})

test("the word that old clients wrote in front of the address", async () => {
  const event = await stored(
    minifiedEvent({ abs_path: `async ${URL_OF_FILE}` }, { release: "1.0" }),
  )
  expect(newest(event)).toMatchObject({ function: "addToBasket" })
})

test("two builds with other names are one issue once they are mapped", async () => {
  const build = async (name: string, version: string) => {
    const files = {
      "a.js": { ...script({ sourcemap: `${name}.map` }), url: `~/static/${name}` },
      "a.js.map": { ...map(), url: `~/static/${name}.map` },
    }
    await upload(files, { version })
    const path = `https://till.example/static/${name}`
    return givenEvents(app, shop, [minifiedEvent({ abs_path: path }, { release: version })])
  }
  const first = await build("basket-11aa22bb.js", "9.0")
  const second = await build("basket-33cc44dd.js", "9.1")
  expect(second.issueId).toBe(first.issueId)
})

test("threads and bare stack traces are mapped, too", async () => {
  const frames = minifiedEvent({ abs_path: URL_OF_FILE }).exception.values[0]?.stacktrace.frames
  const event = await stored({
    platform: "javascript",
    release: "1.0",
    message: "hello",
    stacktrace: { frames },
    threads: { values: [{ id: 1, stacktrace: { frames } }] },
  })
  const mapped = { function: "addToBasket" }
  expect(event.stacktrace?.frames.at(-1)).toMatchObject(mapped)
  expect(event.threads?.values[0]?.stacktrace?.frames.at(-1)).toMatchObject(mapped)
  expect(event.threads?.values[0]?.raw_stacktrace?.frames.at(-1)).toMatchObject({ function: "a" })
})

test("a bundle that events need is remembered as used", async () => {
  await app.sql`update artifact_bundles set used_on = '2026-01-01'`
  await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "1.0" }))
  const used = await app.sql`
    select distinct p.release from artifact_bundles b join artifact_projects p on p.bundle_id = b.id
    where b.used_on = current_date`
  expect([...used]).toEqual([{ release: "1.0" }])
})

test("a project without any upload hears nothing of source maps", async () => {
  const bare = await givenShop(app, "bare")
  const event = await stored(minifiedEvent({ abs_path: URL_OF_FILE }, { release: "1.0" }), bare)
  expect(errorsOf(event)).toBeUndefined()
})

import { beforeAll, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { applyUploads } from "#maintenance/remap/apply-uploads.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { createSymbolication } from "#symbolication/symbolication.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import { crashDump } from "../support/crash-dump.ts"
import { BREAKPAD, BREAKPAD_ID, elfFile } from "../support/debug-files.ts"
import { givenEnvelope } from "../support/envelopes.ts"
import { type GivenProject, givenEvents, givenShop } from "../support/issues.ts"
import { givenDebugFile } from "../support/uploads.ts"
import { bundleOf } from "../support/zip.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient

const MAPPING_ID = "5db7294d-87fc-5726-a5c0-4a90679657a5"
const MAPPING = [
  "shop.Cart -> a.a:",
  '# {"id":"sourceFile","fileName":"Cart.kt"}',
  "    1:3:void add():10:12 -> b",
  "    5:5:int shop.Price.parse(java.lang.String):30 -> b",
  "    5:5:void add():12:12 -> b",
  "shop.NoSuchItem -> a.x:",
].join("\n")
const SOURCES_ID = "0f0f0f0f-1111-5222-8333-444444444444"
const CART = Array.from({ length: 20 }, (_, n) => `line ${n + 1} of the cart`).join("\n")

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const organization = { id: shop.organizationId, slug: shop.slug }
  client = apiClient(app, await givenOrganizationToken(app, organization, ["org:ci"]))
  const sources = bundleOf(
    { "a.jvm": { type: "source", url: "~/shop/Cart.jvm", body: CART } },
    { debug_id: SOURCES_ID },
  )
  await upload(`/proguard/${MAPPING_ID}.txt`, Buffer.from(MAPPING))
  await upload("sources.zip", sources)
  await upload("till.sym", Buffer.from(BREAKPAD))
})

async function upload(name: string, bytes: Buffer) {
  const answer = await givenDebugFile(app, client, "shop/shop", name, bytes)
  if (answer.state !== "ok") throw new Error(answer.detail ?? answer.state)
  return answer
}

async function readEvent(eventId: string): Promise<NormalizedEvent> {
  const [row] = await app.sql<{ payload: Uint8Array }[]>`
    select payload from events where event_id = ${eventId}::uuid`
  return decodePayload(row?.payload ?? new Uint8Array()) as NormalizedEvent
}
const stored = async (event: object, project = shop) =>
  readEvent((await givenEvents(app, project, [event])).eventId)
const framesOf = (event: NormalizedEvent) => event.exception?.values[0]?.stacktrace?.frames ?? []
const errorsOf = (event: NormalizedEvent): object[] | undefined =>
  event.errors?.map(({ type, data }) => ({ type, ...data }))

const mapping = (uuid = MAPPING_ID) => ({ type: "proguard", uuid })
const jvmEvent = (images: object[], frame: object = {}, more: object = {}) => ({
  platform: "java",
  exception: {
    values: [
      {
        type: "x",
        module: "a",
        value: "at a.a.b",
        stacktrace: {
          frames: [{ module: "a.a", function: "b", lineno: 2, filename: "SourceFile", ...frame }],
        },
      },
    ],
  },
  debug_meta: { images },
  ...more,
})

test("a JVM event has the names, lines and files that were written", async () => {
  const event = await stored(jvmEvent([mapping()], { in_app: undefined }, { release: "shop@1.0" }))
  expect(framesOf(event)).toEqual([
    {
      module: "shop.Cart",
      function: "add",
      filename: "Cart.kt",
      abs_path: "Cart.kt",
      lineno: 11,
      in_app: true,
      data: { symbolicated: true },
    },
  ])
  const [exception] = event.exception?.values ?? []
  expect(exception).toMatchObject({
    module: "shop",
    type: "NoSuchItem",
    value: "at shop.Cart.add",
    raw_stacktrace: { frames: [{ module: "a.a", function: "b", lineno: 2 }] },
  })
  expect(event.errors).toBeUndefined()
})

test("calls that were put into each other are frames of their own, the innermost the newest", async () => {
  const event = await stored(jvmEvent([mapping()], { lineno: 5 }))
  expect(framesOf(event)).toMatchObject([
    { module: "shop.Cart", function: "add", lineno: 12 },
    { module: "shop.Price", function: "parse", lineno: 30, filename: "Price.java" },
  ])
})

test("a mapping that nobody uploaded is told, and the frame stays", async () => {
  const uuid = crypto.randomUUID()
  const event = await stored(jvmEvent([mapping(uuid)]))
  expect(framesOf(event)).toMatchObject([{ module: "a.a", function: "b", lineno: 2 }])
  expect(errorsOf(event)).toEqual([{ type: "proguard_missing_mapping", mapping_uuid: uuid }])
})

test("a mapping of another project is not there", async () => {
  const other = await givenShop(app, "other")
  const event = await stored(jvmEvent([mapping()]), other)
  expect(errorsOf(event)).toEqual([{ type: "proguard_missing_mapping", mapping_uuid: MAPPING_ID }])
})

test("a mapping without lines is told", async () => {
  const uuid = crypto.randomUUID()
  await upload(`/proguard/${uuid}.txt`, Buffer.from("shop.Cart -> a.a:\n    void add() -> b\n"))
  const event = await stored(jvmEvent([mapping(uuid)]))
  expect(framesOf(event)).toMatchObject([{ module: "shop.Cart", function: "add" }])
  expect(errorsOf(event)).toEqual([{ type: "proguard_missing_lineno", mapping_uuid: uuid }])
})

test("lines around a place come from a source bundle, with a mapping or without", async () => {
  const sources = { type: "jvm", debug_id: SOURCES_ID }
  const mapped = await stored(jvmEvent([mapping(), sources]))
  const plain = await stored(jvmEvent([sources], { module: "shop.Cart$Inner", lineno: 3 }))
  expect(framesOf(mapped)[0]).toMatchObject({
    context_line: "line 11 of the cart",
    pre_context: [6, 7, 8, 9, 10].map((n) => `line ${n} of the cart`),
  })
  expect(framesOf(plain)[0]?.context_line).toBe("line 3 of the cart")
})

test("two builds whose names were changed differently are one issue", async () => {
  const uuid = crypto.randomUUID()
  await upload(
    `/proguard/${uuid}.txt`,
    Buffer.from(MAPPING.replaceAll("a.a", "q.q").replaceAll("a.x", "q.x")),
  )
  const first = await givenEvents(app, shop, [jvmEvent([mapping()])])
  const renamed = jvmEvent([mapping(uuid)], { module: "q.q" })
  renamed.exception.values[0]!.module = "q"
  const second = await givenEvents(app, shop, [renamed])
  expect(second.issueId).toBe(first.issueId)
})

const image = (more: object = {}) => ({
  type: "elf",
  code_file: "/opt/till",
  debug_id: BREAKPAD_ID,
  image_addr: "0x7f0000000000",
  image_size: 65536,
  arch: "x86_64",
  ...more,
})
const nativeEvent = (images: object[], ...frames: object[]) => ({
  platform: "native",
  exception: { values: [{ type: "SIGSEGV", value: "x", stacktrace: { frames } }] },
  debug_meta: { images },
})
const at = (address: number, more: object = {}) => ({
  instruction_addr: `0x7f000000${address.toString(16)}`,
  ...more,
})

test("native frames have names, files and lines; a caller's is that of the call", async () => {
  const event = await stored(nativeEvent([image()], at(0x2010), at(0x101f)))
  expect(framesOf(event)).toMatchObject([
    { function: "shared name(int, long)", lineno: 99 },
    { function: "main", filename: "main.c", abs_path: "/src/till/main.c", lineno: 12 },
    { function: "charge(int, char const*)", lineno: 7 },
    {
      function: "parse",
      filename: "charge.c",
      lineno: 31,
      package: "/opt/till",
      image_addr: "0x7f0000000000",
      symbol_addr: "0x7f0000001000",
      data: { symbolicator_status: "symbolicated" },
    },
  ])
  expect(event.exception?.values[0]?.raw_stacktrace?.frames).toHaveLength(2)
  expect(event.debug_meta?.images?.[0]?.debug_status).toBe("found")
})

test("an address may be told from the start of an image", async () => {
  const frame = { instruction_addr: "0x1005", addr_mode: "rel:0" }
  expect(framesOf(await stored(nativeEvent([image()], frame)))).toMatchObject([
    { function: "main", lineno: 10 },
  ])
})

test("an ELF file gives names; what a client knows better stays", async () => {
  const buildId = "0102030405060708090a0b0c0d0e0f10"
  const answer = await upload("libtill.so", elfFile({ buildId, symbols: [["charge", 0x1000, 64]] }))
  const images = [image({ debug_id: answer.dif?.debugId })]
  const known = at(0x1008, { function: "own", filename: "own.c", lineno: 3 })
  expect(framesOf(await stored(nativeEvent(images, known, at(0x1008))))).toMatchObject([
    { function: "own", filename: "own.c", lineno: 3 },
    { function: "charge" },
  ])
})

test("what is missing is told with the id to look for, the system's own files are not", async () => {
  const debug_id = crypto.randomUUID()
  const libc = { image_addr: "0x7f0000100000", code_file: "/lib/x86_64-linux-gnu/libc.so.6" }
  const event = await stored(
    nativeEvent(
      [image({ debug_id }), image({ ...libc, debug_id: crypto.randomUUID() })],
      { instruction_addr: "0x7f0000100010" },
      at(0x1005),
    ),
  )
  expect(errorsOf(event)).toEqual([
    {
      type: "native_missing_dsym",
      image_uuid: debug_id,
      image_path: "/opt/till",
      image_arch: "x86_64",
    },
  ])
  expect(framesOf(event)[1]?.data?.symbolicator_status).toBe("missing")
  expect(event.debug_meta?.images?.[0]?.debug_status).toBe("missing")
})

test("a crash that is only a dump is named, and called by what it died of", async () => {
  const identity = Buffer.concat([
    Buffer.from("LEpB"),
    Buffer.from("f1c3bcc0279865fe3058404b2831d9e6", "hex"),
  ])
  const dump = crashDump({
    threads: [{ id: 7 }],
    modules: [{ base: 0x400000, size: 0x10000, file: "/opt/till", identity }],
    crash: { threadId: 7, code: 11, flags: 1, address: 0x45n, at: 0x401005n },
  })
  const label = { attachment_type: "event.minidump", filename: "till.dmp" }
  const event = await readEvent(await givenEnvelope(app, shop, [["attachment", dump, label]]))
  expect(event.exception?.values[0]).toMatchObject({
    type: "SIGSEGV / SEGV_MAPERR",
    stacktrace: { frames: [{ function: "main", filename: "main.c", lineno: 10 }] },
  })
})

test("a late upload is applied to events that are stored", async () => {
  const uuid = crypto.randomUUID()
  const event = jvmEvent([mapping(uuid)], { module: "l.l" }, { platform: "java" })
  const { eventId } = await givenEvents(app, shop, [event])
  await upload(`/proguard/${uuid}.txt`, Buffer.from(MAPPING.replaceAll("a.a", "l.l")))
  const symbolication = createSymbolication(app)
  await applyUploads({ ...app, symbolication }, shop.projectId, () => undefined)
  await symbolication.stop()
  const again = await readEvent(eventId)
  expect(framesOf(again)).toMatchObject([{ module: "shop.Cart", function: "add", lineno: 11 }])
  expect(again.errors).toBeUndefined()
})

test("files that events need are remembered as used", async () => {
  await app.sql`update artifact_bundles set used_on = '2026-01-01'`
  await stored(nativeEvent([image({ debug_id: BREAKPAD_ID })], at(0x1005)))
  const used = await app.sql`
    select f.name from debug_files f join artifact_bundles b on b.id = f.bundle_id where b.used_on = current_date`
  expect([...used]).toEqual([{ name: "till.sym" }])
})

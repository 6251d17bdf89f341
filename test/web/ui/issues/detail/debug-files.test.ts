import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../../../support/api.ts"
import { testApp } from "../../../../support/app.ts"
import { BREAKPAD, BREAKPAD_ID, elfFile } from "../../../../support/debug-files.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
} from "../../../../support/issues.ts"
import { signIn } from "../../../../support/pages.ts"
import { givenDebugFile } from "../../../../support/uploads.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
let ann: Awaited<ReturnType<typeof signIn>>

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const organization = { id: shop.organizationId, slug: shop.slug }
  client = apiClient(app, await givenOrganizationToken(app, organization, ["org:ci"]))
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "owner" }))
  await upload("till.sym", Buffer.from(BREAKPAD))
})

const upload = (name: string, bytes: Buffer) =>
  givenDebugFile(app, client, "shop/shop", name, bytes)
const plain = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&gt;", ">")
    .replaceAll(/\s+/g, " ")

async function given(event: object) {
  const { issueId, eventId } = await givenEvents(app, shop, [event])
  const path = `/organizations/shop/issues/${issueId}/events/${eventId}/`
  const page = async () => plain(await (await ann.get(`${path}source-maps/`)).text())
  return { event: await (await ann.get(path)).text(), path, page }
}

const image = (debug_id: string | undefined, more: object = {}) => ({
  type: "elf",
  image_addr: "0x7f0000000000",
  image_size: 0x10000,
  code_file: "/opt/till",
  arch: "x86_64",
  ...(debug_id && { debug_id }),
  ...more,
})
const nativeEvent = (images: object[], address = "0x7f0000001005") => ({
  platform: "native",
  exception: {
    values: [
      { type: "SIGSEGV", value: "x", stacktrace: { frames: [{ instruction_addr: address }] } },
    ],
  },
  debug_meta: { images },
})
const jvmEvent = (images: object[]) => ({
  platform: "java",
  exception: {
    values: [{ type: "x", stacktrace: { frames: [{ module: "a.a", function: "b", lineno: 2 }] } }],
  },
  debug_meta: { images },
})

test("a native frame without a name leads to the id to look for and the lines to upload it", async () => {
  const id = crypto.randomUUID()
  const { event, path, page } = await given(nativeEvent([image(id)]))
  expect(event).toContain(`href="${path}source-maps/"`)
  expect(plain(event)).toContain("Not named: why?")
  expect(plain(event)).toContain("Debug files")
  const told = await page()
  expect(told).toContain("/opt/till not uploaded")
  expect(told).toContain(`Nothing of this project has the id ${id}`)
  expect(told).toContain("elf, x86_64")
  expect(told).toContain("SENTRY_ORG=shop SENTRY_PROJECT=shop")
  expect(told).toContain("dump_syms build/till > symbols/till.sym")
  expect(told).toContain(`debug-files upload --type breakpad --id ${id} symbols`)
})

test("each reason has its words", async () => {
  const found = await (await given(nativeEvent([image(BREAKPAD_ID)]))).page()
  expect(found).toContain("Its names were found.")
  expect(found).not.toContain("dump_syms build")
  expect(await (await given(nativeEvent([image(BREAKPAD_ID)], "0x7f0000000005"))).page()).toContain(
    "knows no function at these addresses",
  )
  expect(await (await given(nativeEvent([image(undefined)]))).page()).toContain(
    "names no debug id for it",
  )
  const libc = image(crypto.randomUUID(), { code_file: "/lib/x86_64-linux-gnu/libc.so.6" })
  expect(await (await given(nativeEvent([libc]))).page()).toContain("It belongs to the system")
  const windows = image(crypto.randomUUID(), { type: "pe", code_file: "C:\\till\\till.exe" })
  expect(await (await given(nativeEvent([windows]))).page()).toContain("dump_syms build/till.pdb")
  const odd = image(crypto.randomUUID(), { code_file: "/opt/$(rm -rf x)" })
  expect(await (await given(nativeEvent([odd]))).page()).toContain("dump_syms build/PROGRAM")
})

test("what came after the event is told apart, and leads to where it is applied", async () => {
  const buildId = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
  const { page, path } = await given(nativeEvent([image("d4c3b2a1-f6e5-1807-293a-4b5c6d7e8f90")]))
  expect(await page()).toContain("not uploaded")
  await upload("libtill.so", elfFile({ buildId, symbols: [["pay", 0x1000, 64]] }))
  expect(await page()).toContain("came after the event")
  expect(await (await ann.get(`${path}source-maps/`)).text()).toContain("/debug-symbols/#apply")
})

test("a program of the JVM is told of its mapping and its sources", async () => {
  const [mapping, sources] = [crypto.randomUUID(), crypto.randomUUID()]
  const images = [
    { type: "proguard", uuid: mapping },
    { type: "jvm", debug_id: sources },
  ]
  const { page, event } = await given(jvmEvent(images))
  expect(plain(event)).toContain("Debug files")
  const told = await page()
  expect(told).toContain("ProGuard or R8 mapping not uploaded")
  expect(told).toContain(`upload-proguard --uuid ${mapping} app`)
  expect(told).toContain(`bundle-jvm --debug-id ${sources}`)
  await upload(`/proguard/${mapping}.txt`, Buffer.from("shop.Cart -> a.a:\n    void add() -> b\n"))
  expect(await page()).toContain("came after the event")
  const later = await given(jvmEvent(images))
  expect(await later.page()).toContain("knows names, but no lines")
})

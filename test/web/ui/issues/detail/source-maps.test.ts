import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenOrganizationToken } from "../../../../support/api.ts"
import { testApp } from "../../../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
} from "../../../../support/issues.ts"
import { MINIFIED, mapOf, minifiedEvent, sourceMapImage } from "../../../../support/minified.ts"
import { signIn } from "../../../../support/pages.ts"
import { givenBundle } from "../../../../support/uploads.ts"
import { bundleOf } from "../../../../support/zip.ts"

const app = await testApp()
const FILE = "https://till.example/static/basket.js"
const id = "0f0e0d0c-0b0a-4908-8706-050403020100"
let shop: GivenProject
let client: ApiClient
let ann: Awaited<ReturnType<typeof signIn>>

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  client = apiClient(
    app,
    await givenOrganizationToken(app, { id: shop.organizationId, slug: shop.slug }, [
      "org:ci",
      "project:read",
    ]),
  )
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "owner" }))
})

const script = (more: object = {}) => ({
  type: "minified_source",
  url: "~/static/basket.js",
  headers: { sourcemap: "basket.js.map" },
  body: MINIFIED,
  ...more,
})
const map = (body = mapOf()) => ({ type: "source_map", url: "~/static/basket.js.map", body })
const upload = (files: Parameters<typeof bundleOf>[0], version: string) =>
  givenBundle(app, client, "shop", bundleOf(files, { note: crypto.randomUUID() }), {
    projects: ["shop"],
    version,
  })

const plain = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll(/\s+/g, " ")

async function given(more: object) {
  const { issueId, eventId } = await givenEvents(app, shop, [
    minifiedEvent({ abs_path: FILE }, more),
  ])
  const event = `/organizations/shop/issues/${issueId}/events/${eventId}/`
  const debug = `/projects/shop/shop/events/${eventId}/source-map-debug/`
  return {
    event,
    page: plain(await (await ann.get(`${event}source-maps/`)).text()),
    debug: (await (await client.get(debug)).json()) as {
      errors: { type: string; message: string }[]
      files: { verdict: string; candidates: string[]; similar: object[] }[]
    },
  }
}

test("before anything is uploaded, the page says so, and the trace leads there without alarm", async () => {
  const { page, event, debug } = await given({ release: "1" })
  expect(page).toContain("No source map was ever uploaded for this project.")
  const html = await (await ann.get(event)).text()
  expect(html).toContain(`href="${event}source-maps/"`)
  expect(html).not.toContain("Not mapped: why?")
  expect(debug).toMatchObject({ errors: [], files: [{ verdict: "no-uploads" }] })
})

test("each reason has its words", async () => {
  await upload({ "a.js": script(), "a.js.map": map() }, "whole")
  await upload({ "a.js": script() }, "mapless")
  await upload({ "a.js": script(), "a.js.map": map("<html>") }, "broken")
  await upload({ "a.js": script({ url: "~/other/basket.js" }), "a.js.map": map() }, "elsewhere")

  expect((await given({ release: "whole" })).page).toContain("Its map was found and read.")
  expect((await given({})).page).toContain("neither a debug id for this file nor a release")
  const unknown = await given({ release: "none" })
  expect(unknown.page).toContain("Nothing was uploaded for the release none.")
  expect(unknown.page).toContain("Uploaded under the same name:")
  expect(unknown.page).toContain("~/static/basket.js release whole")
  const lost = await given({ release: "elsewhere" })
  expect(lost.page).toContain("none under the address of this one")
  expect(lost.page).toContain("~/other/basket.js release elsewhere")
  expect(lost.debug.files[0]).toMatchObject({ candidates: [FILE, "~/static/basket.js"] })
  expect((await given({ release: "mapless" })).page).toContain(
    "its map (https://till.example/static/basket.js.map) was not",
  )
  const broken = await given({ release: "broken" })
  expect(broken.page).toContain("cannot be used: it is not JSON")
  expect(broken.debug.errors).toMatchObject([
    { type: "js_invalid_source", message: "Source map is invalid" },
  ])
  const ids = await given({ release: "none", ...sourceMapImage(FILE, id) })
  expect(ids.page).toContain(`No upload of this project has the debug id ${id}`)
})

test("what came after the event is told apart", async () => {
  const { event, page } = await given({ release: "late" })
  expect(page).toContain("Nothing was uploaded for the release late.")
  await upload({ "a.js": script(), "a.js.map": map() }, "late")
  expect(plain(await (await ann.get(`${event}source-maps/`)).text())).toContain(
    "came after the event",
  )
})

test("frames that ought to be mapped lead to the page, and the trace shows both kinds of code", async () => {
  const lost = await given({ release: "none" })
  expect(await (await ann.get(lost.event)).text()).toContain("Not mapped: why?")

  const { event } = await given({ release: "whole" })
  const original = await (await ann.get(event)).text()
  expect(plain(original)).toContain("./src/basket.js in addToBasket at line 2")
  expect(original).toContain("Minified code")
  const minified = await (await ann.get(`${event}?code=minified`)).text()
  expect(plain(minified)).toContain(`${FILE} in a at line 1:15`)
  expect(minified).toContain("Original code")
})

test("an event that has no business with source maps", async () => {
  const { issueId, eventId } = await givenEvents(app, shop, [{ platform: "python", message: "no" }])
  const event = `/organizations/shop/issues/${issueId}/events/${eventId}/`
  expect(await (await ann.get(`${event}source-maps/`)).text()).toContain(
    "No frame of this event can have a source map or a debug file",
  )
})

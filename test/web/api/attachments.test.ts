import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { givenEnvelope } from "../../support/envelopes.ts"
import { type GivenProject, givenMember, givenShop, zeroDivision } from "../../support/issues.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
let eventId: string
const path = () => `/projects/${shop.slug}/${shop.slug}/events/${eventId}/attachments/`

beforeAll(async () => {
  shop = await givenShop(app)
  const ann = await givenMember(app, shop, { name: "Ann" })
  client = apiClient(app, await givenUserToken(app, ann, ["project:read"]))
  eventId = await givenEnvelope(app, shop, [
    ["event", zeroDivision()],
    ["attachment", "a log", { filename: "log.txt", content_type: "text/plain" }],
    ["attachment", "another", { filename: "b.bin" }],
  ])
})

type Listed = { id: string; name: string }

test("an event's attachments are listed as Sentry lists them", async () => {
  const listed = (await (await client.get(path())).json()) as Listed[]
  expect(listed.map(({ name }) => name)).toEqual(["log.txt", "b.bin"])
  expect(listed[0]).toEqual({
    id: expect.stringMatching(/^\d+$/),
    event_id: eventId,
    type: "event.attachment",
    name: "log.txt",
    mimetype: "text/plain",
    dateCreated: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
    size: 5,
    headers: { "Content-Type": "text/plain" },
    sha1: new Bun.CryptoHasher("sha1").update("a log").digest("hex"),
  } as never)
  const page = await client.get(`${path()}?per_page=1`)
  expect((await page.json()) as Listed[]).toHaveLength(1)
  expect(page.headers.get("link")).toContain('rel="next"; results="true"')
})

test("one is described, and downloaded with `download`", async () => {
  const [first] = (await (await client.get(path())).json()) as Listed[]
  expect(await (await client.get(`${path()}${first!.id}/`)).json()).toMatchObject({ size: 5 })
  const answer = await client.get(`${path()}${first!.id}/?download=1`)
  expect(answer.headers.get("content-type")).toBe("application/octet-stream")
  expect(answer.headers.get("content-security-policy")).toContain("sandbox")
  expect(await answer.text()).toBe("a log")
})

test("an event without attachments has an empty list, an event that is not there has none", async () => {
  const bare = await givenEnvelope(app, shop, [["event", zeroDivision()]])
  const of = (id: string) => `/projects/${shop.slug}/${shop.slug}/events/${id}/attachments/`
  expect(await (await client.get(of(bare))).json()).toEqual([])
  for (const id of ["0".repeat(32), "nonsense", "latest"]) {
    expect((await client.get(of(id))).status).toBe(404)
  }
  expect((await client.get(`${path()}999999/`)).status).toBe(404)
  expect((await client.get(`${path()}x/`)).status).toBe(404)
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import { followMerge } from "#maintenance/follow-merge.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let client: ApiClient
let reader: ApiClient
let [first, second] = ["", ""]

beforeAll(async () => {
  shop = await givenShop(app)
  const ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
  reader = apiClient(app, await givenUserToken(app, ann, ["event:write"]))
})
beforeEach(async () => {
  const send = async (fingerprint: string) => {
    const event = { platform: "other", logentry: { formatted: "hi" }, fingerprint: [fingerprint] }
    return (await givenEvents(app, shop, [event])).issueId
  }
  first = await send(crypto.randomUUID())
  second = await send(crypto.randomUUID())
})

const list = () => `/organizations/${shop.slug}/issues/`

test("issues are merged by id, and their hashes taken apart", async () => {
  const merged = await client.put(`${list()}?id=${second}&id=${first}`, { merge: 1 })
  expect([merged.status, await merged.json()]).toEqual([
    200,
    { merge: { parent: first, children: [second] } },
  ])
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  const redirected = (await (await client.get(`/issues/${second}/`)).json()) as {
    id: string
    count: string
  }
  expect(redirected).toMatchObject({ id: first, count: "2" })

  const hashes = (await (await client.get(`/issues/${first}/hashes/`)).json()) as { id: string }[]
  expect(hashes).toMatchObject([{ events: 1 }, { events: 1 }])
  const path = `${list()}${first}/hashes/`
  expect((await client.send("DELETE", `${path}?id=unknown`)).status).toBe(400)
  expect((await client.send("DELETE", `${path}?id=${hashes[1]?.id}`)).status).toBe(202)
  expect(await (await client.get(path)).json()).toHaveLength(1)
})

test("without ids nothing is merged or deleted", async () => {
  for (const query of ["", "?query=is:unresolved", "?id=abc"]) {
    expect((await client.put(`${list()}${query}`, { merge: 1 })).status).toBe(400)
    expect((await client.send("DELETE", `${list()}${query}`)).status).toBe(400)
  }
  expect((await client.put(`${list()}?id=${first}`, { merge: 1 })).status).toBe(400)
})

test("issues are deleted one by one and several at once, by whoever has the right", async () => {
  expect((await reader.send("DELETE", `/issues/${first}/`)).status).toBe(403)
  expect((await reader.put(`${list()}?id=${first}`, { discard: true })).status).toBe(403)
  expect((await client.send("DELETE", `/issues/${first}/`)).status).toBe(202)
  expect((await client.get(`/issues/${first}/`)).status).toBe(404)
  expect((await client.send("DELETE", `${list()}?id=${second}`)).status).toBe(204)
  expect((await client.get(`/issues/${second}/`)).status).toBe(404)
})

test("a discarded issue leaves a tombstone", async () => {
  expect((await client.put(`${list()}?id=${first}`, { discard: true })).status).toBe(204)
  const [hash] = await app.sql`
    select is_discarded from issue_hashes where project_id = ${shop.projectId} and tombstone_id is not null`
  expect(hash).toEqual({ isDiscarded: true })
})

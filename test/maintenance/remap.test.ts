import { beforeAll, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { applyUploads } from "#maintenance/remap/apply-uploads.ts"
import { mapLateEvents, remapEvents, startRemapping } from "#maintenance/remap/remap.ts"
import { listRemappings } from "#maintenance/remap/remap-store.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { utcDay } from "#platform/clock.ts"
import { createSymbolication } from "#symbolication/symbolication.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import { type GivenProject, givenEvents, givenShop, zeroDivision } from "../support/issues.ts"
import { batchOf, messageOf, recordOf } from "../support/line.ts"
import { MINIFIED, mapOf, minifiedEvent } from "../support/minified.ts"
import { givenBundle } from "../support/uploads.ts"
import { bundleOf } from "../support/zip.ts"

const base = await testApp()
const symbolication = createSymbolication(base)
const app = { ...base, symbolication }
const { signal } = new AbortController()
const FILE = "https://till.example/static/basket.js"
let shop: GivenProject
let client: ApiClient

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const organization = { id: shop.organizationId, slug: shop.slug }
  client = apiClient(app, await givenOrganizationToken(app, organization, ["org:ci"]))
})

const event = (release: string, more: object = {}) =>
  minifiedEvent({ abs_path: FILE }, { release, ...more })
async function upload(version: string) {
  const script = {
    type: "minified_source",
    url: "~/static/basket.js",
    headers: { sourcemap: "basket.js.map" },
    body: MINIFIED,
  }
  const map = { type: "source_map", url: "~/static/basket.js.map", body: mapOf() }
  const bundle = bundleOf({ "a.js": script, "a.js.map": map }, { note: version })
  await givenBundle(app, client, "shop", bundle, { projects: ["shop"], version })
}
async function stored(eventId: string) {
  const [row] = await app.sql<{ payload: Uint8Array; issueId: string }[]>`
    select payload, issue_id from events where event_id = ${eventId}::uuid`
  const { exception, errors } = decodePayload(row?.payload ?? new Uint8Array()) as NormalizedEvent
  const name = exception?.values[0]?.stacktrace?.frames.at(-1)?.function
  return { issueId: row?.issueId ?? "", name, errors: errors?.map(({ type }) => type) }
}
const issue = async (id: string) => {
  const [row] =
    await app.sql`select status, times_seen::int as times_seen, title, culprit from issues where id = ${id}`
  return row
}
async function remap() {
  const id = await startRemapping(app, shop.projectId, null)
  await remapEvents(app, { projectId: shop.projectId, remappingId: id }, signal)
  const [run] = await app.sql`
    select status, total::int as total, looked_at::int as looked_at, mapped::int as mapped, moved::int as moved
    from remappings where id = ${id}`
  return run
}

test("events that came before their maps get them, and go to the issue where they belong", async () => {
  await givenEvents(app, shop, [event("1", { user: { id: "7" } })])
  const before = await givenEvents(app, shop, [event("1")])
  const python = await givenEvents(app, shop, [zeroDivision()])
  expect(await stored(before.eventId)).toMatchObject({ name: "a" })
  await upload("1")
  const mapped = await givenEvents(app, shop, [event("1")])
  // An upload is noticed within seconds; a new event tells whether it was.
  expect(await stored(mapped.eventId)).toMatchObject({ name: "addToBasket", errors: undefined })
  expect(mapped.issueId).not.toBe(before.issueId)

  expect(await remap()).toEqual({ status: "done", total: 4, lookedAt: 4, mapped: 2, moved: 2 })
  expect(await stored(before.eventId)).toEqual({
    issueId: mapped.issueId,
    name: "addToBasket",
    errors: undefined,
  })
  expect(await issue(mapped.issueId)).toMatchObject({ timesSeen: 3 })
  expect((await stored(python.eventId)).issueId).toBe(python.issueId)
  const [redirect] =
    await app.sql`select issue_id from issue_redirects where old_issue_id = ${before.issueId}`
  expect(redirect).toEqual({ issueId: mapped.issueId })
  await followMerge(app, { projectId: shop.projectId, issueId: mapped.issueId }, signal)
  expect(await issue(before.issueId)).toBeUndefined()
})

test("an issue that keeps its events is named by the place that was written", async () => {
  const own = { fingerprint: ["basket"] }
  const { eventId, issueId } = await givenEvents(app, shop, [event("3", own)])
  expect((await issue(issueId))?.culprit).toStartWith("a(")
  await upload("3")
  const fresh = { ...app, symbolication: createSymbolication(app) }
  expect(await applyUploads(fresh, shop.projectId, () => {})).toMatchObject({ mapped: 1, moved: 0 })
  expect(await stored(eventId)).toMatchObject({ issueId, name: "addToBasket" })
  expect((await issue(issueId))?.culprit).toStartWith("addToBasket(")
  const [found] = await app.sql`select search_text from issue_texts where issue_id = ${issueId}`
  expect(found?.searchText).toContain("addToBasket")
})

test("a second time there is nothing to do; without the upload nothing gets worse", async () => {
  expect(await remap()).toMatchObject({ mapped: 0, moved: 0 })
  const { eventId } = await givenEvents(app, shop, [event("1")])
  await app.sql`delete from artifact_bundles`
  const fresh = { ...app, symbolication: createSymbolication(app) }
  const run = await applyUploads(fresh, shop.projectId, () => {})
  expect(run).toMatchObject({ mapped: 0 })
  expect(await stored(eventId)).toMatchObject({ name: "addToBasket" })
})

test("one run at a time, until it does not get on any more", async () => {
  const id = await startRemapping(app, shop.projectId, null)
  await expect(startRemapping(app, shop.projectId, null)).rejects.toMatchObject({
    code: "conflict",
  })
  await app.sql`update remappings set created_at = now() - interval '2 days'`
  await expect(startRemapping(app, shop.projectId, null)).rejects.toMatchObject({
    code: "conflict",
  })
  await app.sql`update remappings set progressed_at = now() - interval '11 minutes'`
  expect(await listRemappings(app.sql, shop.projectId, 1)).toMatchObject([{ status: "failed" }])
  await startRemapping(app, shop.projectId, null)
  const [run] = await app.sql`select status from remappings where id = ${id}`
  expect(run).toEqual({ status: "failed" })
  await app.sql`delete from remappings`
})

test("an event whose map was not read in time is stored as it came, and mapped by a task", async () => {
  await upload("2")
  await symbolication.learn(app.sql, [shop.projectId])
  // The same line, with no patience at all.
  const own = createSymbolication(app)
  const hasty = { ...own, map: ((db, events) => own.map(db, events, 0)) as typeof own.map }
  const message = messageOf(shop, event("2"), {
    receivedAt: Date.now(),
    receivedDay: utcDay(new Date()),
  })
  await processBatch(createLine(app, hasty), batchOf([recordOf(message)]), signal)
  const eventId = message.eventId ?? ""
  expect(await stored(eventId)).toMatchObject({ name: "a", errors: undefined })

  const tasks = await app.sql`select data from pgboss.job where name = 'map-late-events'`
  expect(tasks.map(({ data }) => data)).toEqual([
    { projectId: shop.projectId, day: message.receivedDay, eventIds: [eventId] },
  ])
  const fresh = { ...app, symbolication: createSymbolication(app) }
  await mapLateEvents(fresh, tasks[0]?.data)
  expect(await stored(eventId)).toMatchObject({ name: "addToBasket" })
})

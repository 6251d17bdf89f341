import { afterAll, expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { mapLateEvents } from "#maintenance/remap/remap.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { utcDay } from "#platform/clock.ts"
import { updateProjectSettings } from "#projects/store.ts"
import { explainEvent } from "#symbolication/explain.ts"
import { createSymbolication } from "#symbolication/symbolication.ts"
import { testApp } from "../support/app.ts"
import { givenShop } from "../support/issues.ts"
import { batchOf, messageOf, recordOf } from "../support/line.ts"
import { MINIFIED, mapOf, minifiedEvent } from "../support/minified.ts"

/** What was asked for. */
const asked: string[] = []
const site = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    const { pathname } = new URL(request.url)
    asked.push(pathname)
    if (pathname.endsWith("/basket.js")) {
      return new Response(`${MINIFIED}\n//# sourceMappingURL=basket.js.map`)
    }
    if (pathname.endsWith("/header.js")) {
      return new Response(MINIFIED, { headers: { sourcemap: "/maps/basket.js.map" } })
    }
    if (pathname.endsWith("/plain.js")) return new Response(MINIFIED)
    if (pathname.endsWith("/broken.js")) {
      return new Response(`${MINIFIED}\n//# sourceMappingURL=broken.map`)
    }
    if (pathname.endsWith("/broken.map")) return new Response("<html>Log in first</html>")
    if (pathname.endsWith("basket.js.map")) return new Response(mapOf())
    return new Response("gone", { status: 404 })
  },
})
afterAll(() => site.stop(true))

const { signal } = new AbortController()
const ORIGIN = `http://127.0.0.1:${site.port}`
const allowing = {
  "outbound.allowed-ips": ["127.0.0.1"],
  "outbound.allowed-ports": [`${site.port}`],
}
const app = await testApp({ "sourcemaps.scrape": true, ...allowing })
const fresh = (values = {}) => {
  const own = { ...app, config: { ...app.config, ...values } }
  const symbolication = createSymbolication(own)
  afterAll(() => symbolication.stop())
  return { ...own, symbolication }
}

let projects = 0
async function givenScrapingShop(settings: object = {}) {
  const shop = await givenShop(app, `shop-${++projects}`)
  const scraping = { isOn: true, sealedToken: "" }
  await updateProjectSettings(app.sql, shop.projectId, { scraping, ...settings })
  return shop
}

/** Stores an event the way a batch does, then does what is waiting for it. */
async function stored(
  shop: Awaited<ReturnType<typeof givenScrapingShop>>,
  event: object,
  worker = fresh(),
) {
  const message = messageOf(shop, event, {
    receivedAt: Date.now(),
    receivedDay: utcDay(new Date()),
  })
  const before = asked.length
  await processBatch(createLine(worker, worker.symbolication), batchOf([recordOf(message)]), signal)
  const askedByBatch = asked.length - before
  const tasks = await app.sql`
    select data from pgboss.job where name = 'map-late-events' and data ->> 'projectId' = ${shop.projectId}`
  for (const { data } of tasks) await mapLateEvents(worker, data)
  await app.sql`delete from pgboss.job where name = 'map-late-events'`
  const [row] = await app.sql<{ payload: Uint8Array }[]>`
    select payload from events where event_id = ${message.eventId ?? ""}::uuid`
  const found = decodePayload(row?.payload ?? new Uint8Array()) as NormalizedEvent
  const [explained] = await explainEvent(app, shop.projectId, found)
  return {
    askedByBatch,
    tasks: tasks.length,
    asked: asked.slice(before),
    frame: found.exception?.values[0]?.stacktrace?.frames.at(-1),
    errors: found.errors?.map(({ type, data }): object => ({ type, ...data })),
    verdict: explained?.verdict,
    reason: explained?.reason,
  }
}
const eventOf = (path: string) => minifiedEvent({ abs_path: `${ORIGIN}${path}` })

test("a script and its map are fetched by a task, and the event is mapped", async () => {
  const shop = await givenScrapingShop()
  const result = await stored(shop, eventOf("/a/basket.js"))
  expect(result).toMatchObject({
    askedByBatch: 0,
    asked: ["/a/basket.js", "/a/basket.js.map"],
    frame: {
      function: "addToBasket",
      filename: "./src/basket.js",
      context_line: '  throw new RangeError("no such " + item)',
      data: { resolved_with: "scraping", sourcemap: `${ORIGIN}/a/basket.js.map` },
    },
    verdict: "mapped",
  })
  expect(result.errors).toBeUndefined()
  const other = await stored(shop, eventOf("/b/header.js"))
  expect(other.asked).toEqual(["/b/header.js", "/maps/basket.js.map"])
  expect(other.frame?.function).toBe("addToBasket")
})

test("what was fetched, and what was not there, is not asked for again", async () => {
  const shop = await givenScrapingShop()
  const worker = fresh()
  await stored(shop, eventOf("/c/basket.js"), worker)
  await stored(shop, eventOf("/c/gone.js"), worker)
  expect(await stored(shop, eventOf("/c/basket.js"), worker)).toMatchObject({
    asked: [],
    frame: { function: "addToBasket" },
  })
  expect(await stored(shop, eventOf("/c/gone.js"), worker)).toMatchObject({
    asked: [],
    verdict: "not-fetched",
  })
})

test("what could not be fetched is told, and why", async () => {
  const shop = await givenScrapingShop()
  const url = `${ORIGIN}/d/gone.js`
  const gone = await stored(shop, eventOf("/d/gone.js"))
  expect(gone.errors).toEqual([{ type: "fetch_invalid_http_code", url, source: url, value: 404 }])
  expect(gone).toMatchObject({ verdict: "not-fetched", reason: `the server answered 404 (${url})` })
  const plain = await stored(shop, eventOf("/d/plain.js"))
  expect(plain).toMatchObject({
    verdict: "not-fetched",
    reason: "the file was found, and names no map",
  })
  expect((await stored(shop, eventOf("/d/broken.js"))).verdict).toBe("map-unreadable")
  const tight = fresh({ "outbound.max-bytes": 10 })
  expect((await stored(shop, eventOf("/d/basket.js"), tight)).errors).toMatchObject([
    { type: "fetch_too_large" },
  ])
})

test("nothing is fetched from addresses that the operator did not allow", async () => {
  const shop = await givenScrapingShop()
  const result = await stored(shop, eventOf("/e/basket.js"), fresh({ "outbound.allowed-ips": [] }))
  expect(result).toMatchObject({
    asked: [],
    errors: [{ type: "fetch_generic_error" }],
    reason: expect.stringContaining("its address is not the public internet's"),
  })
  const port = fresh({ "outbound.allowed-ports": ["443"] })
  expect(await stored(shop, eventOf("/e/basket.js"), port)).toMatchObject({
    asked: [],
    reason: expect.stringContaining("is not allowed"),
  })
})

test("nothing is fetched from others than the project's allowed domains", async () => {
  const shop = await givenScrapingShop({ allowedDomains: ["*.shop.example"] })
  expect(await stored(shop, eventOf("/f/basket.js"))).toMatchObject({
    asked: [],
    reason: expect.stringContaining("not an allowed domain"),
  })
})

test("nothing is fetched unless both the installation and the project want it", async () => {
  const off = await givenScrapingShop({ scraping: { isOn: false, sealedToken: "" } })
  expect(await stored(off, eventOf("/g/basket.js"))).toMatchObject({ asked: [], tasks: 0 })
  const on = await givenScrapingShop()
  const worker = fresh({ "sourcemaps.scrape": false })
  expect(await stored(on, eventOf("/g/basket.js"), worker)).toMatchObject({ asked: [], tasks: 0 })
})

test("one event has thirty fetches", async () => {
  const shop = await givenScrapingShop()
  const frames = Array.from({ length: 40 }, (_, n) => ({
    abs_path: `${ORIGIN}/h/${n}/basket.js`,
    lineno: 1,
    colno: 15,
    function: "a",
  }))
  const values = [{ type: "E", value: "x", stacktrace: { frames } }]
  const { asked: all } = await stored(shop, { platform: "javascript", exception: { values } })
  expect(all.length).toBe(30)
})

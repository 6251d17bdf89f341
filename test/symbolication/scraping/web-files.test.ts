import { expect, test } from "bun:test"
import { OutboundFailure } from "#platform/outbound/failure.ts"
import type { Outbound } from "#platform/outbound/outbound.ts"
import { createFetchFile } from "#symbolication/scraping/web-files.ts"

const site = (projectId: string) => ({ projectId, permits: () => true, headersFor: () => ({}) })
const MINUTE_MS = 60_000

/** A web that tells what it was asked; a path says how it answers. */
function givenWeb() {
  const asked: string[] = []
  let now = 0
  const outbound: Outbound = async (address) => {
    asked.push(address)
    const url = new URL(address)
    if (url.pathname === "/silent") throw new OutboundFailure("timeout", "it took too long")
    if (url.pathname === "/slow") now += 4_000
    if (url.pathname === "/gone") throw new OutboundFailure("status", "404", 404)
    return { url, headers: {}, body: Buffer.from("x") }
  }
  const clock = { now: () => new Date(now) }
  const fetchFile = createFetchFile(outbound, clock, 1000)
  const get = (address: string, { project = "1", bytes = 1000 } = {}) =>
    fetchFile(site(project), address, { bytes })
  return { get, asked, pass: (minutes: number) => (now += minutes * MINUTE_MS) }
}

test("a file is remembered for an hour, its absence for ten minutes, for each project by itself", async () => {
  const { get, asked, pass } = givenWeb()
  const both = async () => [
    await get("https://a.example/a.js"),
    await get("https://a.example/gone"),
  ]
  await both()
  await both()
  expect(asked).toEqual(["https://a.example/a.js", "https://a.example/gone"])
  await get("https://a.example/a.js", { project: "2" })
  expect(asked.length).toBe(3)
  pass(11)
  await both()
  expect(asked.slice(3)).toEqual(["https://a.example/gone"])
  pass(50)
  await both()
  expect(asked.slice(4)).toEqual(["https://a.example/a.js", "https://a.example/gone"])
})

test("a server that does not answer is left alone, whatever file is wanted", async () => {
  const { get, asked, pass } = givenWeb()
  await get("https://a.example/silent")
  expect(await get("https://a.example/a.js")).toMatchObject({ kind: "timeout" })
  expect(asked.length).toBe(1)
  await get("https://b.example/a.js")
  pass(11)
  expect(await get("https://a.example/a.js")).toMatchObject({ body: Buffer.from("x") })
  expect(asked.length).toBe(3)
})

test("a task that has no room left fetches nothing more", async () => {
  const { get, asked } = givenWeb()
  expect(await get("https://a.example/a.js", { bytes: 0 })).toMatchObject({ kind: "timeout" })
  expect(asked).toEqual([])
})

test("a project waits for slow servers a minute of ten, and others go on", async () => {
  const { get, asked, pass } = givenWeb()
  for (let n = 0; n < 30; n++) await get(`https://h${n}.example/slow`)
  expect(asked.length).toBe(16)
  expect(await get("https://a.example/a.js")).toMatchObject({ kind: "timeout" })
  expect(await get("https://a.example/a.js", { project: "2" })).not.toMatchObject({
    kind: "timeout",
  })
  pass(10)
  expect(await get("https://a.example/a.js")).not.toMatchObject({ kind: "timeout" })
})

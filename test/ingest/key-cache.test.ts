import { expect, test } from "bun:test"
import { createKeyCache } from "#ingest/key-cache.ts"
import type { KeyAccess } from "#projects/key-access-store.ts"

const access = (publicKey: string, keyId = "1"): KeyAccess => ({
  publicKey,
  keyId,
  projectId: "1",
  organizationId: "1",
  allowedDomains: ["*"],
  rateLimitCount: null,
  rateLimitWindowSeconds: null,
  keyLimits: {},
  projectLimits: {},
  organizationLimits: {},
})

/** A cache over a source that can be changed, counted, held up and switched off. */
function givenCache(capacity = 100) {
  const source = {
    keys: new Map<string, KeyAccess>(),
    requests: [] as string[][],
    isAway: false,
    gate: Promise.resolve(),
  }
  const time = { now: 1_000_000 }
  const cache = createKeyCache({
    async load(publicKeys) {
      source.requests.push(publicKeys)
      await source.gate
      if (source.isAway) throw new Error("away")
      return publicKeys.flatMap((key) => source.keys.get(key) ?? [])
    },
    capacity,
    now: () => time.now,
    onFailure: () => {},
  })
  return { cache, source, time }
}

test("a known key is asked for once a minute", async () => {
  const { cache, source, time } = givenCache()
  source.keys.set("a", access("a"))
  expect(await cache.find("a")).toEqual([access("a")])
  time.now += 59_000
  expect(await cache.find("a")).toEqual([access("a")])
  expect(source.requests).toHaveLength(1)
})

test("past a minute the old answer serves while the new one is fetched", async () => {
  const { cache, source, time } = givenCache()
  source.keys.set("a", access("a", "1"))
  await cache.find("a")
  source.keys.set("a", access("a", "2"))
  time.now += 70_000
  expect(await cache.find("a")).toEqual([access("a", "1")])
  while (cache.revision() === 1) await Bun.sleep(1)
  expect(await cache.find("a")).toEqual([access("a", "2")])
  expect(source.requests).toHaveLength(2)
})

test("a key that was switched off long before its next use is refused at once", async () => {
  const { cache, source, time } = givenCache()
  source.keys.set("a", access("a"))
  await cache.find("a")
  source.keys.clear()
  time.now += 120_000
  expect(await cache.find("a")).toEqual([])
})

test("an unknown key is asked for again after ten seconds", async () => {
  const { cache, source, time } = givenCache()
  expect(await cache.find("a")).toEqual([])
  source.keys.set("a", access("a"))
  time.now += 9000
  expect(await cache.find("a")).toEqual([])
  time.now += 2000
  expect(await cache.find("a")).toEqual([access("a")])
  expect(source.requests).toHaveLength(2)
})

test("a thousand requests at once with one key are one question", async () => {
  const { cache, source } = givenCache()
  source.keys.set("a", access("a"))
  const answers = await Promise.all(Array.from({ length: 1000 }, () => cache.find("a")))
  expect(answers.every((answer) => answer.length === 1)).toBe(true)
  expect(source.requests).toEqual([["a"]])
})

test("a flood of invented keys is a few questions, and pushes no real key out", async () => {
  const { cache, source } = givenCache(50)
  source.keys.set("real", access("real"))
  await cache.find("real")
  await Promise.all(Array.from({ length: 2000 }, (_, i) => cache.find(`invented ${i}`)))
  expect(source.requests.length).toBeLessThanOrEqual(6)
  source.requests.length = 0
  expect(await cache.find("real")).toHaveLength(1)
  expect(source.requests).toEqual([])
})

test("while the source is away known keys serve however old, unknown ones cannot be judged", async () => {
  const { cache, source, time } = givenCache()
  source.keys.set("a", access("a"))
  await cache.find("a")
  source.isAway = true
  time.now += 10 * 3_600_000
  expect(await cache.find("a")).toEqual([access("a")])
  expect(await cache.find("b")).toBe("away")
})

test("a source that does not answer holds a request up once, not each of them", async () => {
  const { cache, source, time } = givenCache()
  source.keys.set("a", access("a"))
  await cache.find("a")
  const { promise, resolve } = Promise.withResolvers<void>()
  source.gate = promise
  time.now += 3_600_000
  const started = performance.now()
  expect(await cache.find("a")).toEqual([access("a")])
  expect(performance.now() - started).toBeLessThan(3000)
  const again = performance.now()
  expect(await cache.find("a")).toEqual([access("a")])
  expect(performance.now() - again).toBeLessThan(50)
  resolve()
})

test("what was restored serves only while nobody can tell better", async () => {
  const away = givenCache()
  away.source.isAway = true
  away.cache.restore([access("a")])
  expect(await away.cache.find("a")).toEqual([access("a")])

  const there = givenCache()
  there.cache.restore([access("a")])
  expect(await there.cache.find("a")).toEqual([])
  expect(there.cache.remembered()).toEqual([])
})

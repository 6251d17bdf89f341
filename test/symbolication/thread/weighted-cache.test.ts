import { expect, test } from "bun:test"
import { WeightedCache } from "#symbolication/thread/weighted-cache.ts"

test("what was used longest ago goes when all of it gets too heavy", () => {
  const cache = new WeightedCache<string>(10)
  cache.set("a", "a", 4)
  cache.set("b", "b", 4)
  cache.get("a")
  cache.set("c", "c", 4)
  expect(["a", "b", "c"].map((key) => cache.get(key))).toEqual(["a", undefined, "c"])
  expect(cache.bytes).toBe(8)
})

test("what is too heavy alone is not kept, and pushes nothing out", () => {
  const cache = new WeightedCache<string>(10)
  cache.set("a", "a", 4)
  cache.set("huge", "huge", 11)
  expect([cache.get("huge"), cache.get("a"), cache.bytes]).toEqual([undefined, "a", 4])
})

test("the same again replaces itself", () => {
  const cache = new WeightedCache<string>(10)
  cache.set("a", "old", 6)
  cache.set("a", "new", 7)
  expect([cache.get("a"), cache.bytes]).toEqual(["new", 7])
})

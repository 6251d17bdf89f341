import { expect, test } from "bun:test"
import { createGate } from "#platform/gate.ts"

test("so many are inside at once, and the others come in their order, whatever becomes of those before", async () => {
  const gate = createGate(2)
  const order: number[] = []
  let inside = 0
  let most = 0
  const done = Array.from({ length: 7 }, (_, n) =>
    gate(async () => {
      most = Math.max(most, ++inside)
      order.push(n)
      await Bun.sleep(0)
      inside--
      if (n === 3) throw new Error("three fails")
      return n
    }),
  )
  const results = await Promise.allSettled(done)
  expect(results.map(({ status }) => status)).toEqual(
    [0, 1, 2, 3, 4, 5, 6].map((n) => (n === 3 ? "rejected" : "fulfilled")),
  )
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(most).toBe(2)
  expect(await gate(async () => "free again")).toBe("free again")
})

import { expect, test } from "bun:test"
import { createMemoryQuota } from "#platform/quota/memory-quota.ts"
import type { Quota, QuotaRequest } from "#platform/quota/quota.ts"
import { rememberRefusals } from "#platform/quota/remember-refusals.ts"

const noon = new Date("2026-05-01T12:00:15Z")
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000)
const request = (given: Partial<QuotaRequest> = {}): QuotaRequest => ({
  organizationId: "1",
  limit: "key:1",
  max: 1,
  windowSeconds: 60,
  quantity: 1,
  ...given,
})

/** A quota that counts how often it is asked. */
function givenQuota() {
  const counter = createMemoryQuota()
  let asked = 0
  const counted: Quota = {
    take(requests, now) {
      asked++
      return counter.take(requests, now)
    },
  }
  return { quota: rememberRefusals(counted), asked: () => asked }
}

test("once a limit is reached nobody is asked until its window ends", async () => {
  const { quota, asked } = givenQuota()
  await quota.take([request()], noon)
  await quota.take([request()], noon)
  expect(asked()).toBe(2)
  for (let n = 0; n < 50; n++) {
    expect(await quota.take([request({ limit: "project:1" }), request()], later(n % 40))).toEqual({
      allowed: false,
      retryAfterSeconds: 45 - (n % 40),
      limitedBy: "key:1",
    })
  }
  expect(asked()).toBe(2)
  expect((await quota.take([request()], later(45))).allowed).toBe(true)
})

test("what is smaller than the refused quantity is asked for, and whoever raises a limit is not held to the old one", async () => {
  const { quota } = givenQuota()
  const megabytes = (quantity: number, max = 10) =>
    request({ limit: "project:1:attachment", max, quantity })
  expect((await quota.take([megabytes(6)], noon)).allowed).toBe(true)
  expect((await quota.take([megabytes(6)], noon)).allowed).toBe(false)
  expect((await quota.take([megabytes(4)], noon)).allowed).toBe(true)
  expect((await quota.take([megabytes(6, 20)], noon)).allowed).toBe(true)
})

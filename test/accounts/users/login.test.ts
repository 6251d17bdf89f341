import { expect, test } from "bun:test"
import { waitOf } from "#accounts/users/login.ts"
import type { FailureCounts } from "#accounts/users/login-failures-store.ts"
import { configWith } from "#config.ts"

const now = new Date("2026-11-24T12:00:00Z")
const config = configWith({ "auth.ip-rate-limit": 20, "auth.user-rate-limit": 10 })
const wait = (failures: Partial<FailureCounts>) =>
  waitOf(
    config,
    { pair: 0, pairLastAt: now, address: 0, account: 0, isKnownAddress: false, ...failures },
    now,
  )

test("the first tries are free, then the wait doubles up to a quarter of an hour", () => {
  expect([4, 5, 6, 7, 20].map((pair) => wait({ pair }))).toEqual([0, 2, 4, 8, 900])
})

test("the wait runs from the last failure", () => {
  expect(wait({ pair: 7, pairLastAt: new Date(now.getTime() - 5000) })).toBe(3)
  expect(wait({ pair: 7, pairLastAt: new Date(now.getTime() - 9000) })).toBe(0)
})

test("one address that tries many accounts waits a minute", () => {
  expect(wait({ address: 19 })).toBe(0)
  expect(wait({ address: 20 })).toBe(60)
})

test("an account under attack is open to addresses its owner is known from", () => {
  expect(wait({ account: 10 })).toBe(60)
  expect(wait({ account: 10, isKnownAddress: true })).toBe(0)
})

test("0 switches a limit off", () => {
  const off = configWith({ "auth.ip-rate-limit": 0, "auth.user-rate-limit": 0 })
  const failures = { pair: 0, pairLastAt: null, address: 99, account: 99, isKnownAddress: false }
  expect(waitOf(off, failures, now)).toBe(0)
})

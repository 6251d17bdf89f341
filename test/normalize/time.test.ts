import { describe, expect, test } from "bun:test"
import { NOW, NOW_SECONDS, normalized, remarksOf } from "./given.ts"

const HOUR = 3600

describe("timestamp", () => {
  test.each([
    [NOW_SECONDS - 10.123456, NOW_SECONDS - 10.123456],
    ["2026-03-01T11:00:00.1234567+00:00", NOW_SECONDS - HOUR + 0.123457],
    ["2026-03-01T11:00:00", NOW_SECONDS - HOUR],
    ["2026-03-01 12:30:00.5+01:30", NOW_SECONDS - HOUR + 0.5],
    ["2026-03-01T11:00:00.132514327Z", NOW_SECONDS - HOUR + 0.132514],
    ["2026-02-28", NOW_SECONDS - 36 * HOUR],
    ["2026-03-01T11:00Z", NOW_SECONDS - HOUR],
    ["2026-03-01T10:00:00-0100", NOW_SECONDS - HOUR],
  ])("%p is read to the microsecond", (timestamp, expected) => {
    const event = normalized({ timestamp })
    expect(event.timestamp).toBeCloseTo(expected as number, 6)
    expect(event.errors).toBeUndefined()
  })

  test("agrees with Date over leap years and centuries", () => {
    for (let day = 0; day < 47_500; day += 13) {
      const text = new Date(day * 86_400_000).toISOString()
      const receivedAt = new Date(day * 86_400_000)
      expect(normalized({ timestamp: text }, { receivedAt }).timestamp).toBe(day * 86_400)
    }
  })

  test.each([
    ["x", "invalid_data timestamp"],
    ["2026-13-01T00:00:00", "invalid_data timestamp"],
    ["2026-03-01T25:00:00", "invalid_data timestamp"],
    ["2026-03-01T11:00:00+", "invalid_data timestamp"],
    [-1, "invalid_data timestamp"],
    [1e300, "invalid_data timestamp"],
    [NOW_SECONDS + 600, "future_timestamp timestamp"],
    [NOW_SECONDS - 31 * 24 * HOUR, "past_timestamp timestamp"],
  ])("%p gives way to the time of receiving", (timestamp, remark) => {
    const event = normalized({ timestamp })
    expect(event.timestamp).toBe(NOW_SECONDS)
    expect(remarksOf(event)).toEqual([remark])
  })
})

describe("a client's clock", () => {
  const crumbs = [{ timestamp: NOW_SECONDS - 2 * HOUR - 5, message: "a" }, { message: "b" }]
  const raw = { timestamp: NOW_SECONDS - 2 * HOUR, breadcrumbs: crumbs }

  test("that is two hours slow is corrected everywhere", () => {
    const event = normalized(raw, { sentAt: new Date(NOW.getTime() - 2 * HOUR * 1000) })
    expect(event.timestamp).toBe(NOW_SECONDS)
    expect(event.breadcrumbs?.values[0]?.timestamp).toBe(NOW_SECONDS - 5)
    expect(remarksOf(event)).toEqual(["clock_drift timestamp"])
  })

  test("that is 54 minutes off is left alone", () => {
    const event = normalized(raw, { sentAt: new Date(NOW.getTime() - 54 * 60_000) })
    expect(event.timestamp).toBe(raw.timestamp)
    expect(event.errors).toBeUndefined()
  })
})

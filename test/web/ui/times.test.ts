import { expect, test } from "bun:test"
import { localTime } from "#web/ui/times.ts"

const iso = (text: string, zone: string) => localTime(text, zone)?.toISOString()

test("a time from a form is one of the reader's zone, in summer and in winter", () => {
  expect(iso("2026-07-01T09:30", "Europe/Berlin")).toBe("2026-07-01T07:30:00.000Z")
  expect(iso("2026-12-01T09:30", "Europe/Berlin")).toBe("2026-12-01T08:30:00.000Z")
  expect(iso("2026-12-01T09:30:15", "Asia/Kathmandu")).toBe("2026-12-01T03:45:15.000Z")
  expect(iso("2026-12-01T00:00", "UTC")).toBe("2026-12-01T00:00:00.000Z")
})

test("the days on which clocks change have no wrong hours", () => {
  expect(iso("2026-03-29T01:59", "Europe/Berlin")).toBe("2026-03-29T00:59:00.000Z")
  expect(iso("2026-03-29T03:00", "Europe/Berlin")).toBe("2026-03-29T01:00:00.000Z")
  expect(iso("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z")
  expect(iso("2026-10-25T03:00", "Europe/Berlin")).toBe("2026-10-25T02:00:00.000Z")
})

test("what is no time is none", () => {
  for (const text of ["", "2026-13-01T00:00", "2026-02-30", "x".repeat(1e5), "2026-01-01T25:00"]) {
    expect(localTime(text, "UTC")).toBeNull()
  }
})

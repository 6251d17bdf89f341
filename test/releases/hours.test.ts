import { expect, test } from "bun:test"
import { hoursAround, openingHours } from "#releases/hours.ts"

const at = (time: string) => new Date(`2026-11-24T${time}Z`)

test("the hours around a moment are whole ones that it is not in", () => {
  expect(hoursAround(at("10:40:00"))).toEqual({ before: at("09:00:00"), after: at("11:00:00") })
  expect(hoursAround(at("10:00:00"))).toEqual({ before: at("09:00:00"), after: at("10:00:00") })
})

test("releases are compared over as many hours as the youngest has had, a day at most", () => {
  expect(openingHours([at("09:30:00"), at("01:00:00")], at("11:10:00"))).toBe(3)
  expect(openingHours([new Date("2026-01-01"), at("11:05:00")], at("11:10:00"))).toBe(1)
  expect(openingHours([new Date("2026-01-01")], at("11:10:00"))).toBe(24)
  expect(openingHours([], at("11:10:00"))).toBe(24)
})

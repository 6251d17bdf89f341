import { expect, test } from "bun:test"
import { forecastOf, type HourPoint, usualOf } from "#issues/status/forecast.ts"

const DAY = new Date("2026-11-24T00:00:00Z")
/** Hours backwards from the day. */
const hours = (counts: number[]): HourPoint[] =>
  counts.map((events, index) => ({
    hour: new Date(DAY.getTime() - (index + 1) * 3_600_000),
    events,
  }))
const week = (countOf: (index: number) => number) =>
  hours(Array.from({ length: 168 }, (_, index) => countOf(index)))

test("less than a week of hours foresees ten times the busiest of them, on each of 14 days", () => {
  expect(forecastOf(hours([3, 7, 2]), DAY)).toEqual(Array(14).fill(70))
  expect(new Set(forecastOf(week(() => 10).slice(1), DAY))).toEqual(new Set([100]))
})

test("a week of equal hours foresees the hour and five times as much above it", () => {
  expect(
    new Set(
      forecastOf(
        week(() => 10),
        DAY,
      ),
    ),
  ).toEqual(new Set([60]))
})

test("hours that vary much bring the forecast nearer to the busiest one, never below twice it", () => {
  const steady = forecastOf(
    week((index) => 90 + (index % 2) * 20),
    DAY,
  )[0]!
  expect(steady).toBeGreaterThan(110 * 4)
  const spiky = forecastOf(
    week((index) => (index === 5 ? 10_000 : 1)),
    DAY,
  )[0]!
  expect(spiky).toBe(20_000)
})

test("a day foresees more when hours of the same weekday had more", () => {
  // Small numbers let the average decide, not the busiest hour.
  const monday = (point: HourPoint) => point.hour.getUTCDay() === 1
  const points = week(() => 10).map((point) => (monday(point) ? { ...point, events: 12 } : point))
  const byDay = forecastOf(points, DAY)
  const ofWeekday = (weekday: number) =>
    byDay.find((_, index) => new Date(DAY.getTime() + index * 86_400_000).getUTCDay() === weekday)!
  expect(ofWeekday(1)).toBeGreaterThanOrEqual(ofWeekday(2))
  expect(byDay.slice(0, 7)).toEqual(byDay.slice(7))
})

test("without hours there is no forecast, and nothing is usual", () => {
  expect([forecastOf([], DAY), usualOf([])]).toEqual([[], 0])
  expect(usualOf(hours([3, 7, 2]))).toBe(4)
})

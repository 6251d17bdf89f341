/** Events of one hour in which there were some. */
export type HourPoint = { hour: Date; events: number }

const FORECAST_DAYS = 14
/** A week of hours. Fewer say little about what is usual. */
const FULL_WEEK = 24 * 7
const DAY_MS = 86_400_000

/**
 * For a day and the 13 after it the events of one hour beyond which an issue escalates, from the hours of the last week: high above
 * the busiest hour when hours vary little, nearer to it when they vary much anyway. Without hours there is no forecast.
 */
export function forecastOf(points: readonly HourPoint[], day: Date): number[] {
  if (points.length === 0) return []
  const most = Math.max(...points.map(({ events }) => events))
  if (points.length < FULL_WEEK) return Array(FORECAST_DAYS).fill(most * 10)
  const average = mean(points)
  const deviation = deviationOf(points, average)
  const spike = most * clamp(5 * Math.exp(-0.65 * (deviation / average)), 2, 5)
  const margin = clamp((average + 5 * deviation) / average, 5, 8) * average
  return Array.from({ length: FORECAST_DAYS }, (_, index) => {
    const weekday = new Date(day.getTime() + index * DAY_MS).getUTCDay()
    return Math.floor(Math.max(spike, weightedMean(points, weekday) + margin))
  })
}

/** What an hour with events has of them. */
export function usualOf(points: readonly HourPoint[]): number {
  return points.length === 0 ? 0 : Math.round(mean(points))
}

function mean(points: readonly HourPoint[]): number {
  return points.reduce((sum, { events }) => sum + events, 0) / points.length
}

/** Of a sample: what happened is not all that can happen. */
function deviationOf(points: readonly HourPoint[], average: number): number {
  const squares = points.reduce((sum, { events }) => sum + (events - average) ** 2, 0)
  return Math.sqrt(squares / (points.length - 1))
}

/** Hours of the same day of the week count twice. */
function weightedMean(points: readonly HourPoint[], weekday: number): number {
  let sum = 0
  let weights = 0
  for (const { hour, events } of points) {
    const weight = hour.getUTCDay() === weekday ? 2 : 1
    sum += weight * events
    weights += weight
  }
  return sum / weights
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}

import type { Reader } from "./read.ts"
import { refuse } from "./remarks.ts"

const SECONDS_PER_DAY = 86_400
/** The end of year 9999: the last second that four-digit years can write. */
const LAST_SECOND = 253_402_300_799

/** Seconds since 1970 with microseconds, from a number of seconds or an ISO 8601 text; no zone means UTC. */
export const timestamp: Reader<number> = (value, remarks) => {
  const seconds =
    typeof value === "number" ? value : typeof value === "string" ? secondsOf(value) : undefined
  if (seconds === undefined || !(seconds >= 0 && seconds <= LAST_SECOND)) {
    return refuse(remarks, value, "invalid timestamp")
  }
  return toMicroseconds(seconds)
}

export function toMicroseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6
}

export function secondsOfDate(date: Date): number {
  return date.getTime() / 1000
}

/**
 * Date and time as SDKs write them, read digit by digit: a breadcrumb list has hundreds, and `Date` keeps only
 * milliseconds and takes a text without zone for local time. A blank may stand for the T, the time may be missing.
 */
function secondsOf(text: string): number | undefined {
  if (text.length < 10 || text.length > 40) return undefined
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return undefined
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return undefined
  const midnight = daysFromEpoch(digits(text, 0, 4), month, day) * SECONDS_PER_DAY
  if (text.length === 10) return midnight
  const time = timeOfDay(text)
  return time === undefined ? undefined : midnight + time
}

const DASH = 45
const PLUS = 43
const POINT = 46
const COLON = 58
const BLANK = 32

function timeOfDay(text: string): number | undefined {
  const separator = text.charCodeAt(10)
  if ((!isLetter(separator, "T") && separator !== BLANK) || text.charCodeAt(13) !== COLON) {
    return undefined
  }
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const hasSeconds = text.charCodeAt(16) === COLON
  const second = hasSeconds ? digits(text, 17, 2) : 0
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined
  let end = hasSeconds ? 19 : 16
  let fraction = 0
  if (hasSeconds && text.charCodeAt(end) === POINT) {
    const start = end + 1
    end = endOfDigits(text, start)
    if (end === start) return undefined
    const count = Math.min(end - start, EXACT_DIGITS)
    fraction = digits(text, start, count) / 10 ** count
  }
  const offset = zoneOffset(text, end)
  return offset === undefined ? undefined : hour * 3600 + minute * 60 + second + fraction - offset
}

/** More digits of a second than a double holds beside them. */
const EXACT_DIGITS = 9

function endOfDigits(text: string, start: number): number {
  let end = start
  while (isDigit(text.charCodeAt(end))) end++
  return end
}

/** Seconds east of UTC for "", "Z", "+hh", "+hhmm" or "+hh:mm" at the end of the text. */
function zoneOffset(text: string, start: number): number | undefined {
  const rest = text.length - start
  if (rest === 0) return 0
  const sign = text.charCodeAt(start)
  if (rest === 1) return isLetter(sign, "Z") ? 0 : undefined
  if (sign !== PLUS && sign !== DASH) return undefined
  const hours = digits(text, start + 1, 2)
  const colon = text.charCodeAt(start + 3) === COLON ? 1 : 0
  const minutes = rest === 3 ? 0 : digits(text, start + 3 + colon, 2)
  const isWhole = rest === 3 || rest === 5 + colon
  if (!isWhole || !(hours <= 23 && minutes <= 59)) return undefined
  return (hours * 3600 + minutes * 60) * (sign === DASH ? -1 : 1)
}

/** Whether a code is the capital letter or its small form. */
function isLetter(code: number, capital: string): boolean {
  return (code & ~32) === capital.charCodeAt(0)
}

/** The number in `count` digits, NaN when one is something else. */
function digits(text: string, start: number, count: number): number {
  let number = 0
  for (let index = start; index < start + count; index++) {
    const code = text.charCodeAt(index)
    if (!isDigit(code)) return Number.NaN
    number = number * 10 + code - 48
  }
  return number
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Days since 1970-01-01 in the Gregorian calendar; years begin in March here, so that the leap day comes last. */
function daysFromEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year
  const monthIndex = (month + 9) % 12
  const dayOfYear = Math.floor((153 * monthIndex + 2) / 5) + day - 1
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  return marchYear * 365 + leapDays + dayOfYear - 719_468
}

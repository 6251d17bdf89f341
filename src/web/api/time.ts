/** Sentry's form of a moment: six digits of fraction and always `Z` (some clients refuse `+00:00`). */
export function apiTime(at: Date): string {
  return at.toISOString().replace(/(\.\d{3})Z$/, "$1000Z")
}

/** The same from seconds since 1970, to the microsecond. */
export function apiTimeOfSeconds(seconds: number): string {
  const micros = Math.round(seconds * 1_000_000)
  const whole = new Date(Math.floor(micros / 1000)).toISOString()
  return `${whole.slice(0, 23)}${String(micros % 1000).padStart(3, "0")}Z`
}

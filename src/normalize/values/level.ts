import type { Level } from "../event.ts"
import type { Reader } from "./read.ts"
import { refuse } from "./remarks.ts"

/** Sentry's levels, their numbers, and the spellings of loggers that SDKs pass on. */
const LEVELS = new Map<unknown, Level>([
  ["debug", "debug"],
  ["info", "info"],
  ["warning", "warning"],
  ["error", "error"],
  ["fatal", "fatal"],
  ["log", "info"],
  ["critical", "fatal"],
  ["warn", "warning"],
  ["trace", "debug"],
  ["sample", "debug"],
  [10, "debug"],
  [20, "info"],
  [30, "warning"],
  [40, "error"],
  [50, "fatal"],
])

export const level: Reader<Level> = (value, remarks) => {
  const known = LEVELS.get(value)
  if (known) return known
  const lower = typeof value === "string" && value.length <= 10 ? value.toLowerCase() : undefined
  return LEVELS.get(lower) ?? refuse(remarks, value, "expected a level")
}

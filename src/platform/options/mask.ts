import type { Option } from "./option.ts"

const MASK = "********"

/** A value as it may be shown to somebody who should not learn secrets. */
export function maskedValue(option: Option<unknown>, value: unknown): unknown {
  if (!option.secret || value === "") return value
  if (typeof value === "object" && value !== null) return maskedMap(value)
  if (typeof value === "string" && URL.canParse(value) && value.includes("://"))
    return maskedUrl(value)
  return MASK
}

/** Host and database are what one looks for when something does not connect; the password is not. */
function maskedUrl(value: string): string {
  const url = new URL(value)
  if (url.password) url.password = MASK
  for (const name of url.searchParams.keys()) {
    if (isSecretName(name)) url.searchParams.set(name, MASK)
  }
  return url.toString()
}

function maskedMap(value: object): object {
  const entries = Object.entries(value).map(([key, each]) => [key, isSecretName(key) ? MASK : each])
  return Object.fromEntries(entries)
}

function isSecretName(name: string): boolean {
  return /key|secret|password|token/i.test(name)
}

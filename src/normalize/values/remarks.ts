import type { ProcessingError } from "../event.ts"
import { jsonText } from "./json-text.ts"

/** Enough to explain an event; a hostile one could otherwise make more remarks than content. */
const MAX_REMARKS = 100
const MAX_VALUE_CHARACTERS = 120

export type Remarks = ProcessingError[]

/** Notes that a value was dropped, cut or corrected. Its name is completed by `nameUnder` on the way up. */
export function remark(
  remarks: Remarks,
  type: ProcessingError["type"],
  detail: { name?: string; value?: unknown; reason?: string } = {},
): undefined {
  if (remarks.length >= MAX_REMARKS) return
  const error: ProcessingError = { type, name: detail.name ?? "" }
  const value = shown(detail.value)
  if (value !== undefined) error.value = value
  if (detail.reason !== undefined) error.reason = detail.reason
  remarks.push(error)
}

/** Notes a value of the wrong kind; returns undefined so that a reader can end with it. */
export function refuse(remarks: Remarks, value: unknown, reason: string): undefined {
  return remark(remarks, "invalid_data", { value, reason })
}

/** Puts `key` before the names of all remarks made since there were `from`: paths cost nothing while all is well. */
export function nameUnder(remarks: Remarks, from: number, key: string | number): void {
  for (let index = from; index < remarks.length; index++) {
    const error = remarks[index]
    if (error) error.name = error.name === "" ? String(key) : `${key}.${error.name}`
  }
}

function shown(value: unknown): ProcessingError["value"] {
  if (value === undefined || value === null) return undefined
  if (typeof value === "boolean") return value
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined
  return jsonText(value, MAX_VALUE_CHARACTERS)
}

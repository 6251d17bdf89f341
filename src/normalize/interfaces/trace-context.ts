import type { Context } from "../event.ts"
import { nameUnder, type Remarks, refuse } from "../values/remarks.ts"

const IDS = { trace_id: 32, span_id: 16, parent_span_id: 16 } as const

/** The context with its ids in lower case; what cannot be one is left out: pages and searches lead to other events by it. */
export function traceContext(context: Context, remarks: Remarks): Context {
  let copy: Context | null = null
  for (const key of ["trace_id", "span_id", "parent_span_id"] as const) {
    const value = context[key]
    if (value === undefined || value === null) continue
    const id = hexId(value, IDS[key])
    if (id === value) continue
    copy ??= { ...context }
    if (id !== undefined) {
      copy[key] = id
      continue
    }
    const before = remarks.length
    refuse(remarks, value, `expected ${IDS[key]} hexadecimal digits`)
    nameUnder(remarks, before, key)
    delete copy[key]
  }
  return copy ?? context
}

const HEX = /^[0-9a-f]{16,32}$/
const ZEROS = /^0+$/

/** An id of so many hexadecimal digits, also with the dashes of a UUID; all zeros mean none. */
export function hexId(value: unknown, digits: number): string | undefined {
  if (typeof value !== "string" || value.length > 36) return undefined
  const id = value.length > digits ? value.replaceAll("-", "") : value
  const lower = id.toLowerCase()
  return id.length === digits && HEX.test(lower) && !ZEROS.test(lower) ? lower : undefined
}

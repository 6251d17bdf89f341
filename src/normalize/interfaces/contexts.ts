import type { Bag, Context } from "../event.ts"
import { bag, largeBag } from "../values/bag.ts"
import { isEmpty, isRecord, type Reader } from "../values/read.ts"
import { nameUnder, type Remarks, refuse } from "../values/remarks.ts"
import { cleanText, headOf } from "../values/text.ts"
import { described } from "./described.ts"
import { traceContext } from "./trace-context.ts"

const MAX_CONTEXTS = 100
/** Feature flags are a list of everything the program asked for. */
const flagsBag = { characters: 132_072, depth: 7 }
/** The name that would be a prototype, and one that only the server may write. */
const UNFIT_NAMES = new Set(["__proto__", "reprocessing"])
const readContext = bag(largeBag)
const readFlags = bag(flagsBag)

/** Contexts by name, each an object with a type: its own, else its name. */
export const contexts: Reader<Record<string, Context>> = (value, remarks) => {
  if (!isRecord(value)) {
    if (Array.isArray(value) && value.length === 0) return undefined
    return refuse(remarks, value, "expected an object")
  }
  const result: Record<string, Context> = {}
  let count = 0
  for (const key in value) {
    const member = value[key]
    const name = cleanText(headOf(key, 200))
    if (member === null || UNFIT_NAMES.has(name)) continue
    if (++count > MAX_CONTEXTS) break
    const before = remarks.length
    const context = contextOf(member, name, remarks)
    if (remarks.length > before) nameUnder(remarks, before, name)
    if (context) result[name] = context
  }
  return isEmpty(result) ? undefined : result
}

function contextOf(value: unknown, name: string, remarks: Remarks): Context | undefined {
  const context = (name === "flags" ? readFlags : readContext)(value, remarks)
  const made = context && typed(context, name)
  return made?.type === "trace" ? traceContext(made, remarks) : made
}

function typed(context: Bag, name: string): Context {
  const type = typeof context.type === "string" && context.type !== "" ? context.type : name
  const withType = (context.type === type ? context : { ...context, type }) as Context
  const parts = described(type, context)
  return parts ? { ...withType, ...parts } : withType
}

import type { Bag, Context } from "../event.ts"
import { bag, largeBag } from "../values/bag.ts"
import { isEmpty, isRecord, type Reader } from "../values/read.ts"
import { nameUnder, refuse } from "../values/remarks.ts"
import { cleanText, headOf } from "../values/text.ts"

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
    const context = (name === "flags" ? readFlags : readContext)(member, remarks)
    nameUnder(remarks, before, name)
    if (context) result[name] = typed(context, name)
  }
  return isEmpty(result) ? undefined : result
}

function typed(context: Bag, name: string): Context {
  const type = typeof context.type === "string" && context.type !== "" ? context.type : name
  const withType = (context.type === type ? context : { ...context, type }) as Context
  if (typeof context.raw_description !== "string" || context.name || context.version)
    return withType
  const parts =
    type === "os" ? osOf(context.raw_description) : runtimeOf(type, context.raw_description)
  return parts ? { ...withType, ...parts } : withType
}

type Described = { name: string; version?: string; build?: string; kernel_version?: string }

function osOf(description: string): Described | undefined {
  const windows = /^(?:Microsoft )?Windows (?:NT )?(\d[\d.]{0,30})/.exec(description)
  if (windows?.[1]) return { name: "Windows", version: windows[1] }
  const mac = /^Mac OS X (\d[\d.]{0,30})(?: \((\w{1,20})\))?/.exec(description)
  if (mac?.[1]) return { name: "macOS", version: mac[1], ...(mac[2] && { build: mac[2] }) }
  const unix = /^([A-Za-z]{3,20}) (\d[^\s]{0,60})/.exec(description)
  if (unix?.[1] && unix[2]) return { name: unix[1], kernel_version: unix[2] }
  return undefined
}

function runtimeOf(type: string, description: string): Described | undefined {
  if (type !== "runtime") return undefined
  const dotnet = /^(\.NET(?: [A-Z][a-z]{1,20})?|Mono) (\d[\w.-]{0,40})/.exec(description)
  return dotnet?.[1] && dotnet[2] ? { name: dotnet[1], version: dotnet[2] } : undefined
}

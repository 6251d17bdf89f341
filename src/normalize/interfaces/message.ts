import type { Bag, LogEntry } from "../event.ts"
import { anything, mediumBag } from "../values/bag.ts"
import { jsonOrText } from "../values/coerce.ts"
import { jsonText } from "../values/json-text.ts"
import { isRecord, type Reader, record } from "../values/read.ts"
import { refuse, remark } from "../values/remarks.ts"
import { cutText } from "../values/text.ts"

const MAX_CHARACTERS = 8192
const message = jsonOrText(MAX_CHARACTERS, 200)

const params: Reader<unknown[] | Bag> = (value, remarks) =>
  typeof value === "object"
    ? (anything(mediumBag)(value, remarks) as unknown[] | Bag)
    : refuse(remarks, value, "expected a list or an object")

const readEntry = record<LogEntry>({ message, formatted: message, params })

/** A message as `{message, formatted, params}`, plain text, or any JSON; the template is kept when it differs. */
export const logEntry: Reader<LogEntry> = (value, remarks) => {
  // Ruby's SDK sends an empty text with every exception.
  if (value === false || value === "") return undefined
  const entry = isMessageObject(value)
    ? readEntry(value, remarks)
    : { formatted: message(value, remarks) ?? "" }
  if (!entry) return undefined
  const formatted = entry.formatted || fill(entry.message ?? "", entry.params)
  if (!formatted) return remark(remarks, "missing_attribute", { reason: "no message present" })
  const template = entry.message && entry.message !== formatted ? entry.message : undefined
  if (formatted === entry.formatted && template === entry.message) return entry
  return {
    ...(template !== undefined && { message: template }),
    formatted: cutText(formatted, MAX_CHARACTERS + 200),
    ...(entry.params && { params: entry.params }),
  }
}

function isMessageObject(value: unknown): boolean {
  if (!isRecord(value)) return false
  return ["message", "formatted", "params"].some((name) => Object.hasOwn(value, name))
}

/** The template with its parameters in place: Python's % forms when there is a %, else curly ones. */
function fill(template: string, params: LogEntry["params"]): string {
  if (!params) return template
  let next = 0
  const parameter = (name: string): string | undefined => {
    const value = Array.isArray(params)
      ? params[name === "" ? next++ : Number(name)]
      : Object.hasOwn(params, name)
        ? params[name]
        : undefined
    return value === undefined ? undefined : jsonText(value, MAX_CHARACTERS)
  }
  // Thousands of placeholders for one long parameter must not multiply: the result stops growing at the limit.
  let length = template.length
  const replace = (match: string, name = ""): string => {
    const value = length > MAX_CHARACTERS ? undefined : parameter(name)
    length += value?.length ?? 0
    return value ?? match
  }
  if (template.includes("%")) {
    return template.replace(/%%|%(?:\((\w{1,64})\))?[sdirfxu]/g, (match, name?: string) =>
      match === "%%" ? "%" : replace(match, name),
    )
  }
  return template.replace(/\{(\w{0,64})\}/g, replace)
}

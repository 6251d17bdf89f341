import { isJsonObject, type JsonLimits, parseJson } from "./json.ts"

type Json = Record<string, unknown>

/** A text field of a crash reporter's form. */
export type FormField = { name: string; text: string }

/** `sentry[user][id]`: names in brackets lead into the event. */
const NESTED = /^sentry((?:\[[^[\]]{1,100}\]){1,16})$/
/** `sentry__1`, `sentry__2`, …: an event in pieces, where fields may not be long. */
const PIECE = /^sentry__(\d{1,4})$/
const WHOLE = /^sentry(?:___.*)?$/

/**
 * What the fields of a crash report's form say of the event: `sentry` and its variants are parts of the event itself, all others
 * are its extra data. Of two that say the same thing the first counts; what is no JSON is left out.
 */
export function eventInForm(fields: readonly FormField[], limits: JsonLimits): Json {
  const pieces = fields
    .flatMap(({ name, text }) => {
      const number = PIECE.exec(name)?.[1]
      return number === undefined ? [] : [{ number: Number(number), text }]
    })
    .sort((a, b) => a.number - b.number)
  const wholes = [
    ...fields.filter(({ name }) => WHOLE.test(name)).map(({ text }) => text),
    pieces.map(({ text }) => text).join(""),
  ]
  const event: Json = {}
  for (const text of wholes) mergeMissing(event, jsonIn(text, limits))
  for (const { name, text } of fields) {
    if (WHOLE.test(name) || PIECE.test(name)) continue
    const path = NESTED.exec(name)?.[1]?.slice(1, -1).split("][")
    mergeMissing(event, nested(path ?? ["extra", name], text))
  }
  return event
}

/** Adds to `target` what it does not say yet, objects member by member. */
export function mergeMissing(target: Json, source: Json): void {
  for (const [name, value] of Object.entries(source)) {
    if (name === "__proto__") continue
    const known = Object.hasOwn(target, name) ? target[name] : undefined
    if (known === undefined || known === null) target[name] = value
    else if (isJsonObject(known) && isJsonObject(value)) mergeMissing(known, value)
  }
}

function jsonIn(text: string, limits: JsonLimits): Json {
  const parsed = parseJson(Buffer.from(text), limits)
  return "value" in parsed && isJsonObject(parsed.value) ? parsed.value : {}
}

function nested(path: readonly string[], text: string): Json {
  return path.reduceRight<unknown>((value, name) => ({ [name]: value }), text) as Json
}

import type { NormalizedEvent, ProcessingError } from "../../event.ts"
import { MetaNotes } from "../../meta.ts"
import { isKnownContext } from "../known-contexts.ts"
import { FILTERED } from "../patterns.ts"
import { contextField, EVENT_FIELD, type Field } from "./fields.ts"
import { Place } from "./place.ts"
import { redactValue } from "./redact-value.ts"
import type { Effort, RuleSet } from "./rule-set.ts"
import { bitOfType, bitOfValue } from "./value-types.ts"

/** Normalized data is less deep; beyond this nothing is looked at and so nothing may be shown. */
const MAX_DEPTH = 30
/** About a third of a second at worst. A large event and many rules take a hundredth. */
const EFFORT_OF_EVENT = 100_000_000

/**
 * The event after the rules, with a note in `_meta` on each value that they changed; the event itself when they changed
 * none. Never throws, and never changes what it is given.
 */
export function applyRules(event: NormalizedEvent, set: RuleSet): NormalizedEvent {
  return new Walk(set, event).result()
}

type Json = Record<string, unknown>
const GONE = undefined

class Walk {
  readonly #event: NormalizedEvent
  readonly #place: Place
  readonly #effort: Effort = { left: EFFORT_OF_EVENT }
  #notes: MetaNotes | null = null
  /** Of the user's address, which is gone. */
  #hashedAddress: string | null = null

  constructor(set: RuleSet, event: NormalizedEvent) {
    this.#event = event
    this.#place = new Place(set)
  }

  result(): NormalizedEvent {
    const event = this.#event
    const scrubbed = this.#members(event, EVENT_FIELD) as NormalizedEvent
    const errors = event.errors && this.#errors(event.errors)
    if (scrubbed === event && errors === event.errors) return event
    const result = { ...scrubbed, ...(errors && { errors }) }
    this.#placeHash(result)
    const meta = this.#notes?.tree()
    if (meta) result._meta = meta
    return result
  }

  /** Without anything else to tell users apart by, their hashed addresses do. */
  #placeHash(event: NormalizedEvent): void {
    const { user } = event
    if (this.#hashedAddress === null || user?.id || user?.username || user?.email) return
    event.user = { id: this.#hashedAddress, ...user }
  }

  /** `parts`: the way to the value in the event; `name`: what sources call it. */
  #visit(value: unknown, field: Field, parts: readonly (string | number)[], name: string): unknown {
    if (field.reach === "never" && typeof value !== "object") return value
    if (this.#place.depth >= MAX_DEPTH) return typeof value === "boolean" ? value : FILTERED
    const types = bitOfValue(value) | (field.type ? bitOfType(field.type) : 0)
    this.#place.enter(parts, { key: name.toLowerCase(), types, isSilent: field.isSilent ?? false })
    const result = this.#redact(value, field, name)
    this.#place.leave(parts.length)
    return result
  }

  #redact(value: unknown, field: Field, name: string): unknown {
    if (field.reach !== "never") {
      const rules = this.#place.rules(field.reach === "always")
      const redacted =
        rules.length > 0 ? redactValue(value, rules, { name, field }, this.#effort) : null
      if (redacted) {
        this.#note(value, redacted.remarks)
        if (redacted.hash) this.#hashedAddress = redacted.hash
        return redacted.value
      }
    }
    if (typeof value !== "object" || value === null) return value
    if (!this.#place.leadsBelow(field)) return value
    if (!Array.isArray(value)) return this.#members(value as Json, field)
    return field.pairs ? this.#pairs(value, field.pairs) : this.#elements(value, field)
  }

  #note(value: unknown, remarks: Parameters<MetaNotes["note"]>[1][]): void {
    this.#notes ??= new MetaNotes(this.#event._meta)
    const length = typeof value === "string" ? value.length : undefined
    for (const remark of remarks) this.#notes.note(this.#place.path, remark, length)
  }

  #members(object: Json, field: Field): unknown {
    let copy: Json | null = null
    for (const name in object) {
      const inner = memberField(field, name, object[name])
      if (!inner) continue
      const result = this.#visit(object[name], inner, [name], name)
      if (result === object[name]) continue
      copy ??= { ...object }
      if (result !== GONE) copy[name] = result
      else if (field.isBag) copy[name] = null
      else delete copy[name]
    }
    if (copy === null) return object
    const isEmpty = !field.isBag && Object.keys(copy).length === 0
    return isEmpty || (field.needs && copy[field.needs] === undefined) ? GONE : copy
  }

  #elements(list: unknown[], { each, isBag }: Field): unknown {
    if (!each) return list
    let isChanged = false
    const result: unknown[] = []
    for (const element of list) {
      const after = this.#visit(element, each, [result.length], String(result.length))
      if (after !== element) isChanged = true
      if (after !== GONE) result.push(after)
      else if (isBag) result.push(null)
    }
    if (!isChanged) return list
    return result.length === 0 && !isBag ? GONE : result
  }

  #pairs(list: [string, unknown][], field: Field): unknown {
    let isChanged = false
    const result = list.map((pair, index) => {
      const [name, value] = pair
      const after = this.#visit(value, field, [index, 1], name)
      if (after === value) return pair
      isChanged = true
      return [name, after ?? ""]
    })
    return isChanged ? result : list
  }

  /** What did not fit its field says which one it was. */
  #errors(errors: ProcessingError[]): ProcessingError[] {
    const notes = this.#notes
    this.#notes = new MetaNotes()
    const result = errors.map((error) => {
      if (typeof error.value === "boolean" || error.value === undefined) return error
      const value = this.#atPath(error.value, EVENT_FIELD, error.name.split("."))
      if (value === error.value) return error
      const { value: _value, ...rest } = error
      return typeof value === "string" ? { ...rest, value } : rest
    })
    this.#notes = notes
    return result.every((error, index) => error === errors[index]) ? errors : result
  }

  #atPath(value: unknown, field: Field, path: readonly string[]): unknown {
    const [name = "", ...rest] = path
    const inner = memberField(field, name, undefined) ?? field.each ?? field.pairs ?? field
    if (rest.length === 0 || this.#place.depth >= MAX_DEPTH) {
      return this.#visit(value, asText(inner), [name], name)
    }
    const types = bitOfType("object") | (inner.type ? bitOfType(inner.type) : 0)
    const isSilent = inner.isSilent ?? false
    this.#place.enter([name], { key: name.toLowerCase(), types, isSilent })
    const result = this.#atPath(value, inner, rest)
    this.#place.leave(1)
    return result
  }
}

/** A value that was dropped may be of any kind and about anybody. */
function asText({ isProse }: Field): Field {
  return { reach: "always", ...(isProse && { isProse }) }
}

function memberField(field: Field, name: string, value: unknown): Field | undefined {
  const { members } = field
  if (members && Object.hasOwn(members, name)) return members[name]
  if (field.type === "contexts")
    return contextField(isKnownContext((value as Json | undefined)?.type))
  return field.rest
}

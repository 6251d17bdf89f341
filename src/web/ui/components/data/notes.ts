import type { NormalizedEvent } from "#normalize/event.ts"
import { LIMIT_RULE, type Meta, type MetaNote, metaAt, noteOf } from "#normalize/meta.ts"
import { SENSITIVE_FIELDS_RULE } from "#normalize/scrub/default-notes.ts"

/** What `_meta` says of the members of each object and list of an event. */
export type ValueNotes = ReadonlyMap<object, Meta>

/** Finds the values that the event's `_meta` is about; its paths may also lead nowhere. */
export function notesOf(event: NormalizedEvent): ValueNotes {
  const notes = new Map<object, Meta>()
  if (event._meta) collect(event, event._meta, notes)
  return notes
}

function collect(value: unknown, meta: Meta, notes: Map<object, Meta>): void {
  if (typeof value !== "object" || value === null) return
  notes.set(value, meta)
  for (const key in meta) {
    const below = metaAt(meta, key)
    if (below && Object.hasOwn(value, key)) {
      collect((value as Record<string, unknown>)[key], below, notes)
    }
  }
}

/** The note on a member, where there is one. */
export function noteOn(meta: Meta | undefined, key: string | number): MetaNote | undefined {
  return noteOf(metaAt(meta, key))
}

/** Members that are gone, each with the reason. */
export function removedMembers(
  meta: Meta | undefined,
  isThere: (key: string) => boolean,
): [key: string, note: MetaNote][] {
  return Object.keys(meta ?? {}).flatMap((key) => {
    const note = key === "" || isThere(key) ? undefined : noteOn(meta, key)
    return note ? [[key, note] as [string, MetaNote]] : []
  })
}

/** All notes with their paths, in the order of the event's members. */
export function listNotes(meta: Meta | undefined, path = ""): [path: string, note: MetaNote][] {
  const own = noteOf(meta)
  const below = Object.keys(meta ?? {}).flatMap((key) =>
    listNotes(metaAt(meta, key), path === "" ? key : `${path}.${key}`),
  )
  return own ? [[path, own], ...below] : below
}

const DONE_BY_RULE = {
  a: "marked",
  x: "removed",
  s: "replaced",
  m: "masked",
  p: "hashed",
  e: "encrypted",
}

/** "cut, was 9,000 characters": what happened to a value and why, as words. */
export function noteText({ rem = [], err = [], len }: MetaNote): string {
  const rules = rem.map(([rule, type, start]) =>
    rule === LIMIT_RULE
      ? cutText(len, start !== undefined)
      : `${DONE_BY_RULE[type]} by ${ruleWords(rule)}`,
  )
  return [...new Set([...rules, ...err.map(errorText)])].join("; ")
}

function cutText(length: number | undefined, isText: boolean): string {
  if (length === undefined) return "cut"
  return `cut, ${isText ? "was" : "had"} ${length.toLocaleString("en")} ${isText ? "characters" : "entries"}`
}

function errorText(error: NonNullable<MetaNote["err"]>[number]): string {
  const [type, reason] = typeof error === "string" ? [error] : [error[0], error[1].reason]
  return [type.replaceAll("_", " "), reason].filter(Boolean).join(": ")
}

const BUILT_IN = /^@([a-z]{1,20}):[a-z]{1,20}$/

/** What the page calls a rule: those of the built-in list and of clients have names for programs. */
export function ruleWords(rule: string): string {
  if (rule === SENSITIVE_FIELDS_RULE) return "the sensitive fields of the settings"
  const [, type] = BUILT_IN.exec(rule) ?? []
  if (type === "ip") return "the wish to keep no IP addresses"
  return type ? `the built-in list (${type})` : rule
}

/** Which rules of data scrubbing had to do with a value. */
export function scrubRules({ rem = [] }: MetaNote): string[] {
  return [...new Set(rem.flatMap(([rule]) => (rule === LIMIT_RULE ? [] : [ruleWords(rule)])))]
}

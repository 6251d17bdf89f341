import { FILTERED, scrubAddresses, scrubProse, scrubValue } from "./patterns.ts"
import { compileRules, type OwnedRule, type RuleSet } from "./rules/rule-set.ts"
import { isSecretName } from "./words.ts"

/** What a project wants hidden. */
export type ScrubSettings = {
  /** The main switch; without it only `scrubIp` has an effect. */
  scrubData: boolean
  /** The built-in list of names and patterns. */
  scrubDefaults: boolean
  scrubIp: boolean
  /** Parts of names, any case, whose values are hidden. */
  sensitiveFields: readonly string[]
  /** Whole names, any case, whose values neither the built-in list nor `sensitiveFields` hide. */
  safeFields: readonly string[]
  /** They come first, and also without `scrubData`. */
  rules: readonly OwnedRule[]
  /** Secret: makes hashes that nobody else can repeat. */
  hashKey: string
}

export const defaultScrubSettings: ScrubSettings = {
  scrubData: true,
  scrubDefaults: true,
  scrubIp: false,
  sensitiveFields: [],
  safeFields: [],
  rules: [],
  hashKey: "",
}

/** Settings made ready: what to do with a name and with a text. */
export type Scrubber = {
  settings: ScrubSettings
  /** Decides by the name alone: hide the value, leave it, or look at it. */
  verdict(name: string): Verdict
  value(text: string): string
  prose(text: string): string
  /** A value that its name makes safe: from words and patterns, not from the wish to keep no addresses. */
  kept(value: unknown): unknown
  isSensitive(name: string): boolean
  rules: RuleSet | null
}
type Verdict = "hide" | "keep" | "look"

/** Names repeat from event to event; the bound keeps a client that invents them from filling the memory. */
const MAX_REMEMBERED_NAMES = 5000
const MAX_REMEMBERED_CHARACTERS = 64

const scrubbers = new WeakMap<ScrubSettings, Scrubber>()

/** Made once for a settings object and kept as long as that lives. */
export function scrubberOf(settings: ScrubSettings): Scrubber {
  const known = scrubbers.get(settings)
  if (known) return known
  const scrubber = createScrubber(settings)
  scrubbers.set(settings, scrubber)
  return scrubber
}

function createScrubber(settings: ScrubSettings): Scrubber {
  const usesDefaults = settings.scrubData && settings.scrubDefaults
  const verdicts = new Map<string, Verdict>()
  const judge = judgeOf(settings)
  const verdict = (name: string): Verdict => {
    const known = verdicts.get(name)
    if (known) return known
    const result = judge(name)
    if (verdicts.size >= MAX_REMEMBERED_NAMES) verdicts.clear()
    if (name.length <= MAX_REMEMBERED_CHARACTERS) verdicts.set(name, result)
    return result
  }
  const withAddresses = (scrub: (text: string) => string) =>
    settings.scrubIp ? (text: string) => scrubAddresses(scrub(text)) : scrub
  const same = (text: string) => text
  return {
    settings,
    verdict,
    value: withAddresses(usesDefaults ? scrubValue : same),
    prose: withAddresses(usesDefaults ? scrubProse : same),
    kept: keeperOf(settings),
    isSensitive: sensitiveIn(settings),
    rules: settings.rules.length > 0 ? compileRules(settings.rules, settings.hashKey) : null,
  }
}

function keeperOf(settings: ScrubSettings): Scrubber["kept"] {
  if (!settings.scrubIp || settings.safeFields.length === 0) return (value) => value
  const addressesOnly = createScrubber({ ...settings, scrubData: false, safeFields: [], rules: [] })
  return (value) => scrubBag(value, addressesOnly)
}

function judgeOf(settings: ScrubSettings): (name: string) => Verdict {
  if (!settings.scrubData) return () => "look"
  const safe = new Set(settings.safeFields.map((field) => field.toLowerCase()))
  const isSensitive = sensitiveIn(settings)
  return (name) => {
    if (safe.has(name.toLowerCase())) return "keep"
    if (isSensitive(name)) return "hide"
    return settings.scrubDefaults && isSecretName(name) ? "hide" : "look"
  }
}

function sensitiveIn({ sensitiveFields }: ScrubSettings): (name: string) => boolean {
  const parts = sensitiveFields.map((field) => field.toLowerCase()).filter(Boolean)
  return (name) => {
    const lower = name.toLowerCase()
    return parts.some((part) => lower.includes(part))
  }
}

export const NEVER_SECRET = new Set(["", "true", "false", "null", "undefined"])

/** In place of a hidden value: a text says that it was hidden, another kind is gone; a boolean tells nothing. */
export function hidden(value: unknown): unknown {
  if (typeof value === "boolean") return value
  if (typeof value !== "string") return null
  return NEVER_SECRET.has(value) ? value : FILTERED
}

/** Normalized data is less deep; beyond this nothing is looked at and so nothing may be shown. */
const MAX_DEPTH = 20

/** Free-form data without secrets; what need not change is not copied. */
export function scrubBag(value: unknown, scrubber: Scrubber, depth = 0): unknown {
  if (typeof value === "string") return scrubber.value(value)
  if (typeof value === "number") return scrubNumber(value, scrubber)
  if (typeof value !== "object" || value === null) return value
  if (depth >= MAX_DEPTH) return FILTERED
  return Array.isArray(value)
    ? mapped(value, (element) => scrubBag(element, scrubber, depth + 1))
    : scrubObject(value as Record<string, unknown>, scrubber, depth)
}

const MIN_SECRET_NUMBER = 1e14

/** A card number may come as a number. */
function scrubNumber(value: number, scrubber: Scrubber): unknown {
  if (value < MIN_SECRET_NUMBER) return value
  const text = String(value)
  return scrubber.value(text) === text ? value : FILTERED
}

function scrubObject(
  object: Record<string, unknown>,
  scrubber: Scrubber,
  depth: number,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null
  for (const name in object) {
    const member = object[name]
    const verdict = scrubber.verdict(name)
    const result =
      verdict === "look"
        ? scrubBag(member, scrubber, depth + 1)
        : verdict === "hide"
          ? hidden(member)
          : scrubber.kept(member)
    if (result === member) continue
    copy ??= { ...object }
    copy[name] = result
  }
  return copy ?? object
}

/** The list with `change` applied to its elements; the list itself when none changed. */
export function mapped<T>(list: T[], change: (element: T) => T): T[] {
  let copy: T[] | null = null
  for (let index = 0; index < list.length; index++) {
    const element = list[index] as T
    const result = change(element)
    if (result === element) continue
    copy ??= [...list]
    copy[index] = result
  }
  return copy ?? list
}

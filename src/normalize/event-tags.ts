import type { Context, NormalizedEvent, Pair } from "./event.ts"
import { userOf } from "./event-user.ts"
import { MAX_TAG_CHARACTERS } from "./interfaces/tags.ts"
import { charactersUpTo } from "./values/text.ts"

/**
 * Every tag an event can be found by: those that its attributes and contexts stand for, then the client's own; one
 * value per key. Values have 1 to 200 characters and no line break.
 */
export function tagsOf(event: NormalizedEvent): Pair[] {
  const tags = new Map<string, string>()
  addAttributes(event, tags)
  addMechanism(event, tags)
  addReport(event, tags)
  for (const [key, value] of event.tags ?? []) if (!tags.has(key)) tags.set(key, value)
  for (const name in event.contexts) {
    const context = event.contexts[name]
    if (context) addContext(name, context, tags)
  }
  return [...tags]
}

/** Counted and searched like a tag, and not listed among them. */
export const SDK_KEY = "sdk.name"

/** What is counted and searched: the tags, and the SDK, which is no tag of the event but found like one. */
export function searchTagsOf(event: NormalizedEvent, tags: readonly Pair[]): Pair[] {
  const sdk = new Map<string, string>()
  add(sdk, SDK_KEY, event.sdk?.name)
  const [pair] = sdk
  return pair && !tags.some(([key]) => key === pair[0]) ? [...tags, pair] : [...tags]
}

/** The same for tags of events and terms of a search: 32 bits of "key=value", signed as PostgreSQL's int4. */
export function termOf(key: string, value: string): number {
  return Bun.hash.xxHash32(`${key}=${value}`) | 0
}

/** The distinct terms of tags, as `events.terms` holds them. */
export function termsOf(tags: readonly Pair[]): number[] {
  return [...new Set(tags.map(([key, value]) => termOf(key, value)))]
}

function addAttributes(event: NormalizedEvent, tags: Map<string, string>): void {
  tags.set("level", event.level)
  add(tags, "logger", event.logger)
  add(tags, "server_name", event.server_name)
  add(tags, "site", event.site)
  add(tags, "environment", event.environment)
  add(tags, "release", event.release)
  add(tags, "dist", event.dist)
  add(tags, "transaction", event.transaction)
  add(tags, "url", event.request?.url)
  add(tags, "user", userOf(event)?.tag)
}

/** How the thrown exception, the last, came to us. */
function addMechanism(event: NormalizedEvent, tags: Map<string, string>): void {
  const exceptions = event.exception?.values ?? []
  for (let index = exceptions.length - 1; index >= 0; index--) {
    const mechanism = exceptions[index]?.mechanism
    if (!mechanism) continue
    if (!tags.has("mechanism")) add(tags, "mechanism", mechanism.type)
    if (!tags.has("handled") && mechanism.handled !== undefined) {
      tags.set("handled", mechanism.handled ? "yes" : "no")
    }
  }
}

function addReport(event: NormalizedEvent, tags: Map<string, string>): void {
  if (!event.csp) return
  add(tags, "effective-directive", event.csp.effective_directive)
  add(tags, "blocked-uri", event.csp.blocked_uri)
}

function addContext(name: string, context: Context, tags: Map<string, string>): void {
  const has = (key: string, value: unknown) => {
    if (!tags.has(key)) add(tags, key, value)
  }
  switch (context.type) {
    case "os":
    case "client_os":
      has(name, named(context))
      has(`${name}.name`, context.name)
      if (typeof context.rooted === "boolean") has(`${name}.rooted`, context.rooted ? "yes" : "no")
      break
    case "runtime":
    case "browser":
      has(name, named(context))
      has(`${name}.name`, context.name)
      break
    case "device":
      has(name, context.model)
      has(`${name}.family`, context.family)
      break
    case "gpu":
      has(`${name}.name`, context.name)
      has(`${name}.vendor`, context.vendor_name)
      break
    case "app":
      has(`${name}.device`, context.device_app_hash)
      break
    case "monitor":
      has(`${name}.id`, context.id)
      has(`${name}.slug`, context.slug)
      break
  }
}

/** "name version", only when both are known. */
function named(context: Context): string | undefined {
  const { name, version } = context
  return typeof name === "string" && (typeof version === "string" || typeof version === "number")
    ? `${name} ${version}`
    : undefined
}

const KEY = /^[A-Za-z0-9_.:-]{1,200}$/

/** A derived value is made to fit: dropping the URL of an event because it is long would help nobody. */
function add(tags: Map<string, string>, key: string, value: unknown): void {
  if (typeof value !== "string" || value === "") return
  const short = charactersUpTo(value, MAX_TAG_CHARACTERS)
  const line =
    short.includes("\n") || short.includes("\r") ? short.replaceAll(/[\r\n]+/g, " ") : short
  const fit = line.trim()
  if (fit !== "" && KEY.test(key)) tags.set(key, fit)
}

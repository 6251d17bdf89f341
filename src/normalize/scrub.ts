import type {
  Breadcrumb,
  Context,
  Exception,
  Frame,
  LogEntry,
  Mechanism,
  NormalizedEvent,
  Pair,
  ProcessingError,
  Request,
  Sdk,
  Stacktrace,
  Thread,
  User,
  Values,
} from "./event.ts"
import { noted } from "./scrub/default-notes.ts"
import { isKnownContext } from "./scrub/known-contexts.ts"
import { applyRules } from "./scrub/rules/apply.ts"
import {
  hidden,
  mapped,
  type Scrubber,
  type ScrubSettings,
  scrubBag,
  scrubberOf,
} from "./scrub/scrubber.ts"
import { isSecretCookie } from "./scrub/words.ts"

export { defaultScrubSettings, type ScrubSettings } from "./scrub/scrubber.ts"

/**
 * The event without passwords, keys, card numbers and the like, in the fields where SDKs put data of the program and
 * its users. Tags, file names and contexts of known types stay as they are. Never changes the event it is given;
 * what need not change is shared with it. Keep one settings object per project: what is derived from it is kept.
 */
export function scrubEvent(event: NormalizedEvent, settings: ScrubSettings): NormalizedEvent {
  const scrubber = scrubberOf(settings)
  const ruled = scrubber.rules ? applyRules(event, scrubber.rules) : event
  if (!settings.scrubData && !settings.scrubIp) return ruled
  const scrubbed = scrubAttributes(ruled, scrubber)
  return scrubbed === ruled ? ruled : noted(ruled, scrubbed, scrubber)
}

type Scrub<T> = (value: T, scrubber: Scrubber) => T | undefined
type Scrubs<T> = { [K in keyof T]?: Scrub<NonNullable<T[K]>> }

const asBag = <T>(value: T, scrubber: Scrubber): T => scrubBag(value, scrubber) as T
const asValue: Scrub<string> = (text, scrubber) => scrubber.value(text)
const asProse: Scrub<string> = (text, scrubber) => scrubber.prose(text)

/** Applies a table of members; the object itself when none changed, without those of which nothing is left. */
function scrubMembers<T extends object>(scrubs: Scrubs<T>): (object: T, scrubber: Scrubber) => T {
  const entries = Object.entries(scrubs) as [keyof T, Scrub<unknown>][]
  return (object, scrubber) => {
    let copy: T | null = null
    for (const [name, scrub] of entries) {
      const member = object[name]
      if (member === undefined) continue
      const result = scrub(member, scrubber)
      if (result === member) continue
      copy ??= { ...object }
      if (result === undefined) delete copy[name]
      else copy[name] = result as T[typeof name]
    }
    return copy ?? object
  }
}

function eachOf<T>(scrub: (element: T, scrubber: Scrubber) => T): Scrub<T[]> {
  return (list, scrubber) => mapped(list, (element) => scrub(element, scrubber))
}

function valuesOf<T>(scrub: (element: T, scrubber: Scrubber) => T): Scrub<Values<T>> {
  const scrubList = eachOf(scrub)
  return (owner, scrubber) => {
    const values = scrubList(owner.values, scrubber) ?? []
    return values === owner.values ? owner : { values }
  }
}

function pairsWith(isSecret: (name: string) => boolean): Scrub<Pair[]> {
  return eachOf((pair, scrubber) => {
    const [name, value] = pair
    const verdict = scrubber.verdict(name)
    if (verdict === "keep") {
      const kept = String(scrubber.kept(value))
      return kept === value ? pair : [name, kept]
    }
    const hide =
      verdict === "hide" ||
      (scrubber.settings.scrubData && scrubber.settings.scrubDefaults && isSecret(name))
    const result = hide ? String(hidden(value)) : scrubber.value(value)
    return result === value ? pair : [name, result]
  })
}

const unlessScrubbingAddresses: Scrub<string> = (address, scrubber) =>
  scrubber.settings.scrubIp ? undefined : address

/** Members of an object whose names are the protocol's, but which a project may still name as sensitive. */
function named<T extends object>(scrub: (object: T, scrubber: Scrubber) => T) {
  return (object: T, scrubber: Scrubber): T => {
    const scrubbed = scrub(object, scrubber)
    let copy: Record<string, unknown> | null = null
    for (const name in scrubbed) {
      if (scrubber.verdict(name) !== "hide") continue
      copy ??= { ...scrubbed } as Record<string, unknown>
      copy[name] = hidden(scrubbed[name])
    }
    return copy === null ? scrubbed : withoutNulls<T>(copy)
  }
}

function withoutNulls<T>(object: Record<string, unknown>): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null)) as T
}

const scrubFrame = scrubMembers<Frame>({ vars: asBag })
const scrubStacktrace = scrubMembers<Stacktrace>({ frames: eachOf(scrubFrame) })

const isHiddenHeader = (name: string) => /^(?:set-)?cookie$/i.test(name)
const FORWARDED = /^(?:x-forwarded-for|x-real-ip|forwarded|cf-connecting-ip|true-client-ip)$/i
const scrubHeaders: Scrub<Pair[]> = (headers, scrubber) => {
  const kept = scrubber.settings.scrubIp
    ? headers.filter(([name]) => !FORWARDED.test(name))
    : headers
  return pairsWith(isHiddenHeader)(kept.length === headers.length ? headers : kept, scrubber)
}

/** The browser's name is of use and full of digits; nobody puts a secret there. */
const scrubHeadersButAgent: Scrub<Pair[]> = (headers, scrubber) => {
  const result = scrubHeaders(headers, scrubber)
  const agent = headers.find(([name]) => name === "User-Agent")
  if (!agent || !result) return result
  return mapped(result, (pair) => (pair[0] === "User-Agent" ? agent : pair))
}

const scrubEnvironment: Scrub<Record<string, unknown>> = (env, scrubber) => {
  if (!scrubber.settings.scrubIp || env.REMOTE_ADDR === undefined) return asBag(env, scrubber)
  const { REMOTE_ADDR: _address, ...rest } = env
  return asBag(rest, scrubber)
}

const never = () => false

const scrubRequest = scrubMembers<Request>({
  url: asProse,
  query_string: pairsWith(never),
  fragment: asValue,
  data: asBag,
  cookies: pairsWith(isSecretCookie),
  headers: scrubHeadersButAgent,
  env: scrubEnvironment,
})

/** An id is often "auth0|…" or the like; hiding it would make one user of all. */
const scrubUser = scrubMembers<User>({
  id: asProse,
  username: asValue,
  email: asValue,
  name: asValue,
  ip_address: unlessScrubbingAddresses,
  data: asBag,
})

const scrubContexts: Scrub<Record<string, Context>> = (contexts, scrubber) => {
  let copy: Record<string, Context> | null = null
  for (const name in contexts) {
    const context = contexts[name]
    if (!context || isKnownContext(context.type)) continue
    const result = asBag(context, scrubber)
    if (result === context) continue
    copy ??= { ...contexts }
    // The type is the protocol's word even when it looks like a secret.
    copy[name] = { ...result, type: context.type }
  }
  return copy ?? contexts
}

const scrubErrors: Scrub<ProcessingError[]> = eachOf((error, scrubber) => {
  if (typeof error.value !== "string") return error
  const name = error.name.slice(error.name.lastIndexOf(".") + 1)
  const value =
    scrubber.verdict(name) === "hide" ? String(hidden(error.value)) : scrubber.value(error.value)
  return value === error.value ? error : { ...error, value }
})

const scrubMessage = scrubMembers<LogEntry>({
  message: asProse,
  formatted: asProse,
  params: asBag,
})

const scrubAttributes = scrubMembers<NormalizedEvent>({
  logentry: scrubMessage,
  server_name: asValue,
  user: named(scrubUser),
  request: scrubRequest,
  contexts: scrubContexts,
  breadcrumbs: valuesOf(scrubMembers<Breadcrumb>({ message: asValue, data: asBag })),
  exception: valuesOf(
    scrubMembers<Exception>({
      value: asProse,
      mechanism: scrubMembers<Mechanism>({ description: asValue, data: asBag }),
      stacktrace: scrubStacktrace,
      raw_stacktrace: scrubStacktrace,
    }),
  ),
  stacktrace: scrubStacktrace,
  threads: valuesOf(scrubMembers<Thread>({ stacktrace: scrubStacktrace })),
  extra: asBag,
  sdk: scrubMembers<Sdk>({ client_ip: unlessScrubbingAddresses }),
  csp: asBag,
  hpkp: asBag,
  expectct: asBag,
  expectstaple: asBag,
  errors: scrubErrors,
})

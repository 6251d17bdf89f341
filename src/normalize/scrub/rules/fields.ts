import { bitOfType, GENERAL_TYPES, type ValueType } from "./value-types.ts"

/**
 * What rules may do to a part of an event. `never`: it says when, where or what kind, not who. `asked`: only a source
 * that names it reaches it. `always`: whatever SDKs put in there may be about people.
 */
export type Field = {
  reach: "never" | "asked" | "always"
  type?: ValueType
  /** Members that the protocol names. */
  members?: Readonly<Record<string, Field>>
  /** All other members. */
  rest?: Field
  /** Elements of a list. */
  each?: Field
  /** A list of [name, value]. */
  pairs?: Field
  /** Free-form data: what is taken away leaves null. */
  isBag?: boolean
  /** Left out of Sentry's paths. */
  isSilent?: boolean
  /** Without this member the whole is gone. */
  needs?: string
  /** People read it and issues are grouped by it: passwords are cut out of it, not it for them. */
  isProse?: boolean
  /** What is no address any more is gone. */
  isAddress?: boolean
}

const never: Field = { reach: "never" }
const asked: Field = { reach: "asked" }
const always: Field = { reach: "always" }
const askedProse: Field = { reach: "asked", isProse: true }
const prose: Field = { reach: "always", isProse: true }

function bagOf(reach: Field["reach"], type?: ValueType): Field {
  const inner: { -readonly [K in keyof Field]: Field[K] } = { reach, isBag: true }
  inner.rest = inner
  inner.each = inner
  return type ? { ...inner, type } : inner
}
const bag = bagOf("always")
const askedBag = bagOf("asked")

/** `{ values: [...] }`, which is but a list in Sentry's paths. */
function valuesOf(each: Field): Field {
  const values: Field = { reach: "asked", isSilent: true, each: { isSilent: true, ...each } }
  return { reach: "asked", members: { values }, needs: "values" }
}

function named(names: string, field: Field): Record<string, Field> {
  return Object.fromEntries(names.split(" ").map((name) => [name, field]))
}

const lines: Field = { reach: "asked", each: asked }

const frame: Field = {
  reach: "asked",
  type: "frame",
  members: {
    ...named("filename abs_path function raw_function symbol module package context_line", asked),
    ...named("pre_context post_context", lines),
    vars: bag,
    ...named("data lock", askedBag),
  },
  rest: never,
}
const stacktrace: Field = {
  reach: "asked",
  type: "stacktrace",
  members: { frames: { reach: "asked", each: frame }, registers: askedBag },
  rest: never,
  needs: "frames",
}
const exception: Field = {
  reach: "asked",
  type: "exception",
  members: {
    ...named("type module", asked),
    value: prose,
    mechanism: {
      reach: "asked",
      type: "mechanism",
      members: { description: always, help_link: asked, data: bag, meta: askedBag },
      rest: never,
    },
    ...named("stacktrace raw_stacktrace", stacktrace),
  },
  rest: never,
}
const user: Field = {
  reach: "always",
  type: "user",
  members: { ip_address: { reach: "always", isAddress: true }, geo: bag, data: bag },
  rest: always,
}
const request: Field = {
  reach: "asked",
  type: "http",
  members: {
    ...named("url", askedProse),
    ...named("query_string cookies headers", { reach: "always", pairs: always }),
    fragment: always,
    ...named("data env", bag),
    api_target: asked,
  },
  rest: never,
}
const breadcrumb: Field = {
  reach: "asked",
  type: "breadcrumb",
  members: { category: asked, message: always, data: bag },
  rest: never,
}
const thread: Field = {
  reach: "asked",
  type: "thread",
  members: { name: asked, stacktrace, held_locks: askedBag },
  rest: never,
}
const image: Field = {
  reach: "asked",
  members: named("type debug_id code_id image_addr image_size image_vmaddr arch", never),
  rest: askedBag,
}

const context = (reach: Field["reach"]): Field => ({
  ...bagOf(reach),
  members: { type: never },
})
const knownContext = context("asked")
const otherContext = context("always")

const typesBelow = new WeakMap<Field, number>()

/** Bits of all types that may stand in a field. */
export function typesIn(field: Field): number {
  const known = typesBelow.get(field)
  if (known !== undefined) return known
  // Free-form data holds more of itself.
  typesBelow.set(field, GENERAL_TYPES)
  const { members = {}, rest, each, pairs } = field
  const below = [...Object.values(members), rest, each, pairs].filter(
    (inner) => inner !== undefined,
  )
  const bits = below.reduce(
    (sum, inner) => sum | typesIn(inner) | (inner.type ? bitOfType(inner.type) : 0),
    GENERAL_TYPES,
  )
  typesBelow.set(field, bits)
  return bits
}

/** Contexts of the kinds that the protocol names are about machines. */
export function contextField(isKnown: boolean): Field {
  return isKnown ? knownContext : otherContext
}

export const EVENT_FIELD: Field = {
  reach: "never",
  type: "event",
  members: {
    logentry: {
      reach: "asked",
      type: "message",
      members: { ...named("message formatted", prose), params: bag },
    },
    ...named("logger site", asked),
    ...named("transaction culprit", askedProse),
    server_name: always,
    user,
    request,
    contexts: { reach: "asked", type: "contexts" },
    breadcrumbs: valuesOf(breadcrumb),
    exception: valuesOf(exception),
    stacktrace,
    threads: valuesOf(thread),
    template: {
      reach: "asked",
      type: "template",
      members: {
        ...named("filename abs_path", always),
        context_line: asked,
        ...named("pre_context post_context", lines),
      },
      rest: never,
    },
    tags: { reach: "asked", type: "tags", pairs: asked },
    extra: bag,
    modules: { reach: "asked", rest: asked },
    fingerprint: lines,
    sdk: {
      reach: "never",
      type: "sdk",
      members: { client_ip: { reach: "always", isAddress: true } },
      rest: never,
    },
    debug_meta: {
      reach: "never",
      members: { images: { reach: "asked", each: image } },
      rest: never,
    },
    ...named("csp hpkp expectct expectstaple", bag),
    attachments: {
      reach: "never",
      type: "attachments",
      each: { reach: "never", members: { filename: always }, rest: never },
    },
  },
  rest: never,
}

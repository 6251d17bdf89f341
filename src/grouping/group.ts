import { type Component, contributionsOf, hashOf, hashOfComponent } from "./component.ts"
import type { GroupingEvent, GroupingException } from "./event.ts"
import { type FingerprintKind, kindOf, resolveFingerprint } from "./fingerprint.ts"
import type { Marks } from "./rules/judge-stacks.ts"
import { type Chosen, chooseStrategy, type Strategy } from "./strategies.ts"

/** One way of grouping an event, with its explanation. */
type Variant = {
  name: "app" | "system" | "default" | "checksum" | "custom-fingerprint" | "fallback"
  contributes: boolean
  /** Why it does not contribute. */
  hint?: string
  hash: string | null
  /** The texts of a checksum or fingerprint. */
  values?: readonly string[]
  component?: Component
}

export type Grouping = {
  /** One or two of 32 lower-case hex digits. Events with a common one belong together; the first is tried first. */
  hashes: string[]
  method: "checksum" | "custom-fingerprint" | Strategy | "fallback"
  fingerprint: FingerprintKind
  variants: Variant[]
  /** The exception that names the issue when that is not the last. */
  mainException: GroupingException | null
}

/**
 * Decides which events are the same problem: a checksum says it, or a fingerprint, else the stack trace of the
 * application and of everything, the exception, the message.
 * Rules come before: see decide.ts. `marks` is what stack trace rules said about frames.
 */
export function groupEvent(event: GroupingEvent, marks?: Marks): Grouping {
  const chosen = chooseStrategy(event, marks)
  const kind = kindOf(event.fingerprint)
  if (event.checksum) return byChecksum(event.checksum, chosen, kind)
  if (kind === "custom") return byFingerprint(event, chosen)
  return byStrategy(event, chosen, kind)
}

const HASH = /^[0-9a-f]{32}$/

function byChecksum(checksum: string, chosen: Chosen, fingerprint: FingerprintKind): Grouping {
  const hash = HASH.test(checksum) ? checksum : hashOf(["checksum", checksum])
  const variant: Variant = { name: "checksum", contributes: true, hash, values: [checksum] }
  return {
    hashes: [hash],
    method: "checksum",
    fingerprint,
    variants: [variant, ...unused(chosen, "the checksum takes precedence")],
    mainException: chosen.mainException,
  }
}

function byFingerprint(event: GroupingEvent, chosen: Chosen): Grouping {
  const values = resolveFingerprint(event.fingerprint ?? [], event)
  const hash = hashOf(["fingerprint", ...values])
  const variant: Variant = { name: "custom-fingerprint", contributes: true, hash, values }
  return {
    hashes: [hash],
    method: "custom-fingerprint",
    fingerprint: "custom",
    variants: [variant, ...unused(chosen, "the fingerprint takes precedence")],
    mainException: chosen.mainException,
  }
}

function byStrategy(event: GroupingEvent, chosen: Chosen, kind: FingerprintKind): Grouping {
  const variants = chosen.variants.map(([name, component]) => ({
    ...variantOf(name, component),
    hash: kind === "hybrid" ? hybridHash(event, component) : hashOfComponent(component),
  }))
  withoutEqualSystem(variants)
  const hashes = variants.flatMap(({ contributes, hash }) => (contributes && hash ? [hash] : []))
  const base = { fingerprint: kind, mainException: chosen.mainException }
  if (hashes.length > 0 && chosen.strategy) {
    return { ...base, hashes, method: chosen.strategy, variants }
  }
  const values = kind === "hybrid" ? resolveFingerprint(event.fingerprint ?? [], event) : []
  const hash = hashOf(["fallback", ...values])
  const fallback: Variant = { name: "fallback", contributes: true, hash, values }
  return { ...base, hashes: [hash], method: "fallback", variants: [...variants, fallback] }
}

/** What a variant's hash is made of, one text a value. */
export function textsOf({ values, component }: Variant): string[] {
  return [...(values ?? []), ...(component ? contributionsOf(component) : [])]
}

function variantOf(name: Variant["name"], component: Component): Variant {
  const { contributes, hint } = component
  return { name, contributes, ...(hint !== undefined && { hint }), hash: null, component }
}

/** The parts of the fingerprint in their order, each `{{ default }}` as what the variant would be grouped by. */
function hybridHash(event: GroupingEvent, component: Component): string | null {
  if (!component.contributes) return null
  const defaults = contributionsOf(component)
  return hashOf(["hybrid", ...resolveFingerprint(event.fingerprint ?? [], event, defaults)])
}

function withoutEqualSystem(variants: Variant[]): void {
  const [app, system] = variants
  if (!app?.contributes || !system?.contributes || app.hash !== system.hash) return
  system.contributes = false
  system.hint = "groups as the app variant does"
}

function unused(chosen: Chosen, hint: string): Variant[] {
  return chosen.variants.map(([name, component]) => ({
    ...variantOf(name, component),
    contributes: false,
    hint,
  }))
}

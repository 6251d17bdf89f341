import { addressList } from "#platform/network.ts"
import type { NormalizedEvent } from "../event.ts"
import { addressRuleFault } from "./address-rule.ts"
import { findBrowserExtension } from "./browser-extensions.ts"
import type { FilterId } from "./catalogue.ts"
import { cspSources, findCspSource } from "./csp-sources.ts"
import { compileGlobs } from "./globs.ts"
import { isHealthCheck } from "./health-checks.ts"
import { findChunkLoadError, findHydrationError } from "./known-errors.ts"
import { findLegacyBrowser, legacyLines } from "./legacy-browsers.ts"
import { findLocalhost } from "./localhost.ts"
import { messagesOf } from "./messages.ts"
import type { FilterSettings } from "./settings.ts"
import { findWebCrawler } from "./web-crawlers.ts"

/** Why an event is dropped. */
export type FilterVerdict = {
  filter: FilterId
  /** The line of the settings that matched, of filters that have lines. */
  rule?: string
  /** What of the event it matched. */
  found: string
}

/** What is known of an event besides itself. */
export type Sender = {
  /** Where the connection came from; absent when unknown. */
  clientAddress?: string | null
  /** Transactions have a filter of their own; what is normalized today is none. */
  isTransaction?: boolean
}

type Check = (event: NormalizedEvent, sender: Sender) => FilterVerdict | null

/** Settings made ready. */
export type Filters = readonly Check[]

/**
 * The first filter that drops the event, null when it may stay. Asks only filters that are on: with the settings that a project begins
 * with, an event of a program costs two look-ups.
 */
export function judge(
  event: NormalizedEvent,
  filters: Filters,
  sender: Sender = {},
): FilterVerdict | null {
  for (const check of filters) {
    const verdict = check(event, sender)
    if (verdict) return verdict
  }
  return null
}

/** Made once for a project's settings. Lines that make no sense have no effect. */
export function filtersOf(settings: FilterSettings): Filters {
  const { legacyBrowsers } = settings
  return [
    settings.chunkLoadErrors && plain("chunk-load-error", findChunkLoadError),
    settings.reactHydrationErrors && plain("react-hydration-errors", findHydrationError),
    cspCheck(settings),
    addressCheck(settings.clientAddresses),
    globCheck("release-version", settings.releases, ({ release }) => (release ? [release] : [])),
    globCheck("error-message", settings.errorMessages, messagesOf),
    settings.localhost && plain("localhost", findLocalhost),
    settings.browserExtensions && plain("browser-extensions", findBrowserExtension),
    legacyBrowsers.length > 0 && legacyCheck(legacyBrowsers),
    settings.webCrawlers && plain("web-crawlers", findWebCrawler),
    settings.healthChecks && healthCheck,
  ].filter((check) => check !== false)
}

function plain(filter: FilterId, find: (event: NormalizedEvent) => string | null): Check {
  return (event) => {
    const found = find(event)
    return found === null ? null : { filter, found }
  }
}

function cspCheck({ cspSources: own, cspDefaults }: FilterSettings): Check | false {
  const sources = cspSources(own, cspDefaults)
  if (sources.length === 0) return false
  return (event) => {
    const match = findCspSource(event, sources)
    return match && { filter: "invalid-csp", ...match }
  }
}

function addressCheck(rules: readonly string[]): Check | false {
  const sound = rules.filter((rule) => addressRuleFault(rule) === null)
  if (sound.length === 0) return false
  const all = addressList(sound)
  return (_event, { clientAddress }) => {
    if (!clientAddress || !all.has(clientAddress)) return null
    const rule = sound.find((each) => addressList([each]).has(clientAddress)) ?? ""
    return { filter: "ip-address", rule, found: clientAddress }
  }
}

function globCheck(
  filter: FilterId,
  patterns: readonly string[],
  textsOf: (event: NormalizedEvent) => string[],
): Check | false {
  if (patterns.length === 0) return false
  const globs = compileGlobs(patterns)
  return (event) => {
    for (const found of textsOf(event)) {
      const rule = globs.find(found)
      if (rule !== null) return { filter, rule, found }
    }
    return null
  }
}

function legacyCheck(ids: readonly string[]): Check {
  const lines = legacyLines(ids)
  return plain("legacy-browsers", (event) => findLegacyBrowser(event, lines))
}

const healthCheck: Check = ({ transaction = "" }, { isTransaction = false }) =>
  isTransaction && isHealthCheck(transaction)
    ? { filter: "filtered-transaction", found: transaction }
    : null

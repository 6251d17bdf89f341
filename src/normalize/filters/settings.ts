/** What a project wants dropped before anything is made of it. */
export type FilterSettings = {
  chunkLoadErrors: boolean
  reactHydrationErrors: boolean
  /** The built-in list of sources. */
  cspDefaults: boolean
  /** Sources of reports about a content security policy: `[scheme://]domain[:port]`, `*` for any part. */
  cspSources: readonly string[]
  /** Addresses and CIDR ranges that events come from. */
  clientAddresses: readonly string[]
  /** Globs for the whole name of a release. */
  releases: readonly string[]
  /** Globs for a whole message, and for `Type: value` of an exception. */
  errorMessages: readonly string[]
  localhost: boolean
  browserExtensions: boolean
  /** Names of LEGACY_BROWSERS. */
  legacyBrowsers: readonly string[]
  webCrawlers: boolean
  /** Of transactions. */
  healthChecks: boolean
}

export const defaultFilterSettings: FilterSettings = {
  chunkLoadErrors: false,
  reactHydrationErrors: false,
  cspDefaults: true,
  cspSources: [],
  clientAddresses: [],
  releases: [],
  errorMessages: [],
  localhost: false,
  browserExtensions: false,
  legacyBrowsers: [],
  webCrawlers: false,
  healthChecks: true,
}

export const MAX_FILTER_LINES = 200
export const MAX_FILTER_LINE_CHARACTERS = 200

import { defaultFilterSettings, type FilterSettings } from "./settings.ts"

/** Sentry's words: the reason of the outcome, and the filter's name in the API. */
export type FilterId = (typeof FILTERS)[number]["id"]

export type Filter = {
  id: string
  /** What turns it on: a switch, or a list with something in it. */
  setting: keyof FilterSettings
  label: string
  help: string
}

/** In the order in which they are asked: the first that matches gives the reason. */
export const FILTERS = [
  {
    id: "chunk-load-error",
    setting: "chunkLoadErrors",
    label: "Scripts of a version that is gone",
    help: "ChunkLoadError: a page that was open while a new version was put in place asks for a part of the old one.",
  },
  {
    id: "react-hydration-errors",
    setting: "reactHydrationErrors",
    label: "React hydration errors",
    help: "React finds another page than the server rendered (418, 419, 421, 422, 423, 425), mostly because an extension changed it.",
  },
  {
    id: "invalid-csp",
    setting: "cspSources",
    label: "Sources of CSP reports",
    help: "Reports that name one of these as what was blocked, or as the script at fault: example.com, *.example.com, scheme://*.",
  },
  {
    id: "ip-address",
    setting: "clientAddresses",
    label: "Addresses of senders",
    help: "Where events come from: an address or a network a line, such as 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32.",
  },
  {
    id: "release-version",
    setting: "releases",
    label: "Releases",
    help: "Names of releases, one a line: shop@1.*, *-beta.",
  },
  {
    id: "error-message",
    setting: "errorMessages",
    label: "Error messages",
    help: "Whole messages, or “Type: value” of exceptions, one a line: TypeError: *, *Script error*.",
  },
  {
    id: "localhost",
    setting: "localhost",
    label: "Local development",
    help: "Events from localhost, from 127.0.0.1 and of pages opened as files.",
  },
  {
    id: "browser-extensions",
    setting: "browserExtensions",
    label: "Browser extensions",
    help: "Errors in scripts that extensions, toolbars and virus scanners bring into pages.",
  },
  {
    id: "legacy-browsers",
    setting: "legacyBrowsers",
    label: "Old browsers",
    help: "Events of browsers for which nobody will mend anything any more.",
  },
  {
    id: "web-crawlers",
    setting: "webCrawlers",
    label: "Web crawlers",
    help: "Events of search engines, monitors and other programs that say in their user agent what they are.",
  },
  {
    id: "filtered-transaction",
    setting: "healthChecks",
    label: "Health checks",
    help: "Transactions that only ask whether a program is alive: /health, /ping, /ready and the like.",
  },
] as const satisfies readonly Filter[]

export function filterNamed(id: FilterId): Filter {
  return FILTERS.find((filter) => filter.id === id) ?? FILTERS[0]
}

/** Those that are on or off; the others have lines. */
export const SWITCHES = FILTERS.filter(
  ({ setting }) => typeof defaultFilterSettings[setting] === "boolean",
)

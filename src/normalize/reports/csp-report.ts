import type { Json, ReportEvent } from "./report-event.ts"

/** Directives that a policy can have; a report about anything else is not about a policy. */
const DIRECTIVES = new Set(
  (
    "base-uri child-src connect-src default-src fenced-frame-src font-src form-action frame-ancestors frame-src " +
    "img-src manifest-src media-src object-src plugin-types prefetch-src referrer script-src script-src-attr " +
    "script-src-elem style-src style-src-elem style-src-attr upgrade-insecure-requests worker-src sandbox " +
    "navigate-to report-uri report-to block-all-mixed-content require-sri-for require-trusted-types-for trusted-types"
  ).split(" "),
)

/** The members under the name they are kept by, and the names browsers have for them. */
const MEMBERS: [name: string, ...spellings: string[]][] = [
  ["blocked_uri", "blocked-uri", "blockedURL", "blockedURI"],
  ["document_uri", "document-uri", "documentURL", "documentURI"],
  ["effective_directive", "effective-directive", "effectiveDirective"],
  ["violated_directive", "violated-directive", "violatedDirective"],
  ["original_policy", "original-policy", "originalPolicy"],
  ["referrer", "referrer"],
  ["status_code", "status-code", "statusCode"],
  ["source_file", "source-file", "sourceFile"],
  ["line_number", "line-number", "lineNumber"],
  ["column_number", "column-number", "columnNumber"],
  ["script_sample", "script-sample", "sample"],
  ["disposition", "disposition"],
]

/** Beyond this no browser goes; what is longer is cut when the event is read. */
const MAX_SOURCES = 100
/** The one service that carries secrets of its customers' customers in a blocked address. */
const WITH_SECRETS = "https://api.stripe.com/"

export function cspEvent(report: unknown): ReportEvent | "broken" {
  if (typeof report !== "object" || report === null || Array.isArray(report)) return "broken"
  const csp = membersOf(report as Json)
  const violated = textOf(csp.violated_directive)
  const directive = firstWord(textOf(csp.effective_directive)) || firstWord(violated)
  if (!DIRECTIVES.has(directive)) return "broken"

  const documentUri = textOf(csp.document_uri)
  const referrer = textOf(csp.referrer)
  const blocked = withoutSecrets(textOf(csp.blocked_uri) || "self")
  const host = hostOf(blocked)
  return {
    attributes: {
      csp: { ...csp, effective_directive: directive, blocked_uri: blocked },
      logger: "csp",
      culprit: culpritOf(violated || directive, documentUri),
      ...(host && { tags: { "blocked-host": host } }),
    },
    request: {
      ...(documentUri && { url: documentUri }),
      ...(referrer && { headers: { Referer: referrer } }),
    },
  }
}

function membersOf(report: Json): Json {
  const members: Json = {}
  for (const [name, ...spellings] of MEMBERS) {
    const spelling = spellings.find((each) => Object.hasOwn(report, each))
    if (spelling !== undefined && report[spelling] !== null) members[name] = report[spelling]
  }
  return members
}

const textOf = (value: unknown) => (typeof value === "string" ? value.trim() : "")

const firstWord = (text: string) => text.split(/\s/, 1)[0] ?? ""

function withoutSecrets(uri: string): string {
  return uri.startsWith(WITH_SECRETS) ? (uri.split(/[?#]/, 1)[0] ?? uri) : uri
}

/** Of web addresses alone. */
function hostOf(uri: string): string {
  const [, host = ""] = /^https?:\/\/([^/?#]{1,255})/i.exec(uri) ?? []
  return host.toLowerCase()
}

const WITH_SCHEME = /^(?:data|mediastream|blob|filesystem|https?|file):/i

/** The violated directive with its sources; the page's own host is `'self'`, so that an installation has one name for itself. */
function culpritOf(violated: string, documentUri: string): string {
  const own = hostOf(documentUri)
  const scheme = /^([a-z][a-z0-9+.-]{0,20}):/i.exec(documentUri)?.[1]?.toLowerCase() ?? ""
  const [directive = "", ...sources] = violated.split(/\s+/, MAX_SOURCES)
  const named = sources.map((source) => {
    if (source.startsWith("'")) return source
    if (WITH_SCHEME.test(source)) return own !== "" && hostOf(source) === own ? "'self'" : source
    if (own !== "" && source.toLowerCase() === own) return "'self'"
    return scheme === "" || scheme === "http" || scheme === "https"
      ? source
      : `${scheme}://${source}`
  })
  return [directive, ...named].join(" ")
}

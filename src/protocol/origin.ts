export type Origin = { scheme: string; host: string; port: string }

const DEFAULT_PORTS: Record<string, string> = { http: "80", https: "443" }

/**
 * Whether a request from this page may be taken. `origin` is the Origin header, else the Referer. What is not a web page
 * (servers, apps, `null`) has no origin and always may.
 */
export function isOriginAllowed(allowedDomains: readonly string[], origin: string | null): boolean {
  const from = origin === null ? null : originOf(origin)
  return (
    from === null || allowedDomains.some((pattern) => matchesOrigin(originPattern(pattern), from))
  )
}

/** `https://shop.test`: a Referer's path and query are the visitor's own. "" when it is no web page. */
export function siteOf(origin: string | null): string {
  const url = origin === null ? null : pageUrl(origin)
  return url?.origin ?? ""
}

function originOf(text: string): Origin | null {
  const url = pageUrl(text)
  if (!url) return null
  const scheme = url.protocol.slice(0, -1)
  const port = url.port || (DEFAULT_PORTS[scheme] ?? "")
  return { scheme, host: url.hostname.toLowerCase(), port }
}

function pageUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return Object.hasOwn(DEFAULT_PORTS, url.protocol.slice(0, -1)) ? url : null
}

/** `[scheme://]domain[:port][/path]` in parts: one that is missing or `*` matches anything, the path is nobody's matter. */
export function originPattern(text: string): Origin {
  const pattern = text.trim().toLowerCase()
  const at = pattern.indexOf("://")
  const scheme = at === -1 ? "*" : pattern.slice(0, at)
  const [authority = ""] = (at === -1 ? pattern : pattern.slice(at + 3)).split("/")
  // The colon of a port stands behind an IPv6 address's bracket.
  const colon = authority.lastIndexOf(":")
  if (colon === -1 || colon < authority.lastIndexOf("]")) {
    return { scheme, host: authority, port: "*" }
  }
  return { scheme, host: authority.slice(0, colon), port: authority.slice(colon + 1) }
}

export function matchesOrigin({ scheme, host, port }: Origin, origin: Origin): boolean {
  return (
    (scheme === "*" || scheme === origin.scheme) &&
    (port === "*" || port === origin.port) &&
    matchesHost(host, origin.host)
  )
}

/** `*.example.com` is example.com and everything below it. */
function matchesHost(pattern: string, host: string): boolean {
  if (pattern === "*") return true
  if (!pattern.startsWith("*.")) return pattern === host
  const domain = pattern.slice(2)
  return host === domain || host.endsWith(`.${domain}`)
}

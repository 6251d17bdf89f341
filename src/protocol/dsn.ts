export type Dsn = {
  scheme: "http" | "https"
  publicKey: string
  /** With the port, when one is named. */
  host: string
  /** Path in front of the project id, without a slash at its end; "" at the root. */
  pathPrefix: string
  projectId: string
}

/** Longer than any DSN ever issued; the text comes from strangers. */
const MAX_DSN_CHARS = 2048
/** raven-python named its transport in front of the scheme, as in `gevent+https://`. */
const SCHEME = /^(?:[a-z]{1,20}\+)?(https?):$/

/**
 * Reads `scheme://public[:secret]@host[:port][/prefix]/project`, secret and query ignored; null when it is not one.
 * The project id is opaque here: whether it is a number is the caller's question.
 */
export function parseDsn(text: string): Dsn | null {
  if (text.length > MAX_DSN_CHARS) return null
  const [transport = "", ...rest] = text.trim().split("//")
  const scheme = SCHEME.exec(transport.toLowerCase())?.[1]
  if (scheme !== "http" && scheme !== "https") return null
  const url = parseUrl(`${scheme}://${rest.join("//")}`)
  if (!url?.username) return null

  const segments = url.pathname.split("/").filter((segment) => segment !== "")
  const projectId = segments.pop()
  if (!projectId) return null
  const pathPrefix = segments.map((segment) => `/${segment}`).join("")
  return { scheme, publicKey: url.username, host: url.host, pathPrefix, projectId }
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

export type Credentials = {
  publicKey: string
  /** What the client calls itself, as `sentry.javascript.node/9.0.0`; "" when it does not say. */
  client: string
}

/** The places of a request in which credentials may stand. Values as they arrived, null when absent. */
export type CredentialSources = {
  sentryAuth: string | null
  authorization: string | null
  /** The query string, with or without its question mark; "" when absent. */
  query: string
  /** The key that is a part of the path; null where paths have none. */
  path?: string | null
}

export type CredentialsFault =
  | "missing"
  | "several_keys"
  | "no_public_key"
  | "bad_version"
  | "unsupported_version"

/** The newest protocol version there is; also what a client speaks that does not say. */
const PROTOCOL_VERSION = 7
const MAX_CLIENT_CHARS = 128

type Claim = { publicKey: string; version: string | null; client: string }

/**
 * Who sends. Header, Authorization, query and path may all be used as long as they name the same key: clients behind a
 * proxy that adds one of its own exist. `missing` still leaves the `dsn` of an envelope's first line.
 */
export function readCredentials(sources: CredentialSources): Credentials | CredentialsFault {
  let found: Claim | null = null
  for (const claim of claimsOf(sources)) {
    if (claim.publicKey === "") return "no_public_key"
    if (found && found.publicKey !== claim.publicKey) return "several_keys"
    found ??= claim
  }
  if (!found) return "missing"

  const version = versionOf(found.version)
  if (version === null) return "bad_version"
  if (version > PROTOCOL_VERSION) return "unsupported_version"
  return { publicKey: found.publicKey, client: found.client.slice(0, MAX_CLIENT_CHARS) }
}

function claimsOf({ sentryAuth, authorization, query, path }: CredentialSources): Claim[] {
  const claims: Claim[] = []
  for (const header of [sentryAuth, authorization]) {
    const claim = header === null ? null : (sentryClaim(header) ?? basicClaim(header))
    if (claim) claims.push(claim)
  }
  if (query.includes("sentry_")) {
    const claim = queryClaim(query)
    if (claim) claims.push(claim)
  }
  if (path) claims.push({ publicKey: path, version: null, client: "" })
  return claims
}

/** `Sentry name=value, name=value`: names in any case, blanks anywhere, what is unknown ignored. */
function sentryClaim(header: string): Claim | null {
  const [scheme = "", ...rest] = header.trim().split(" ")
  if (scheme.toLowerCase() !== "sentry") return null
  const pairs = new Map<string, string>()
  for (const part of rest.join(" ").split(",")) {
    const at = part.indexOf("=")
    if (at > 0) pairs.set(part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim())
  }
  return claimOf((name) => pairs.get(name) ?? null)
}

/** `Basic base64(public_key:anything)`. */
function basicClaim(header: string): Claim | null {
  const [scheme = "", token = ""] = header.trim().split(" ")
  if (scheme.toLowerCase() !== "basic") return null
  const [publicKey = ""] = Buffer.from(token, "base64").toString("latin1").split(":")
  return { publicKey, version: null, client: "" }
}

/** A query with other `sentry_` parameters only, such as a report URL's sentry_release, claims nothing. */
function queryClaim(query: string): Claim | null {
  const parameters = new URLSearchParams(query)
  const speaks = ["sentry_key", "sentry_version", "sentry_client", "sentry_secret"]
  if (!speaks.some((name) => parameters.has(name))) return null
  return claimOf((name) => parameters.get(name))
}

function claimOf(read: (name: string) => string | null): Claim {
  return {
    publicKey: read("sentry_key") ?? "",
    version: read("sentry_version"),
    client: read("sentry_client") ?? "",
  }
}

/** "2.0" is 2: whatever follows the point is ignored. */
function versionOf(text: string | null): number | null {
  if (text === null || text === "") return PROTOCOL_VERSION
  const [whole = ""] = text.split(".")
  return /^\d{1,9}$/.test(whole) ? Number(whole) : null
}

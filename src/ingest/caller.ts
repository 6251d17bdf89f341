import type { KeyAccess } from "#projects/key-access-store.ts"
import type { Dsn } from "#protocol/dsn.ts"
import { isOriginAllowed } from "#protocol/origin.ts"
import type { Loaded } from "./batch-loader.ts"
import type { KeyCache } from "./key-cache.ts"
import { type Refusal, refuse } from "./refusal.ts"

/** Who sends, as far as the door could tell. */
export type Caller = {
  publicKey: string
  client: string
  /** Null when PostgreSQL was away and the key is not remembered: the worker judges. */
  access: KeyAccess | null
}

type Claim = { publicKey: string; client: string }
type Place = { projectId: string | null; origin: string | null }

const KEY_CHARS = 32
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/
/** What our own keys look like; anything else is unknown without asking. */
const OWN_KEY = /^[0-9a-f]{32}$/

/** `projectId` as the path names it; null when it names none. `origin` is checked against the project's domains. */
export function identify(
  keys: KeyCache,
  claim: Claim,
  request: Place,
): Caller | Refusal | Promise<Caller | Refusal> {
  const { publicKey } = claim
  if (publicKey.length !== KEY_CHARS || !PRINTABLE_ASCII.test(publicKey)) {
    return refuse("invalid_key", "invalid project key")
  }
  if (!OWN_KEY.test(publicKey)) return refuse("unknown_key")
  const known = keys.find(publicKey)
  // Nearly every key is remembered: then nobody waits.
  return known instanceof Promise
    ? known.then((found) => callerWith(found, claim, request))
    : callerWith(known, claim, request)
}

function callerWith(
  known: Loaded<readonly KeyAccess[]>,
  { publicKey, client }: Claim,
  request: Place,
): Caller | Refusal {
  if (known === "away") return { publicKey, client, access: null }
  // One answer for an unknown key and for a key of another project: strangers must not probe for project ids.
  const access = known.find(
    (each) => request.projectId === null || each.projectId === request.projectId,
  )
  if (!access) return refuse("unknown_key")
  if (!isOriginAllowed(access.allowedDomains, request.origin)) return { ...refuse("cors"), access }
  return { publicKey, client, access }
}

/** A DSN in an envelope's header has to name the key and project that the request itself names. */
export function mismatchOf(
  dsn: Dsn | null,
  request: { publicKey: string; projectId: string | null },
): Refusal | null {
  if (!dsn) return null
  if (dsn.publicKey !== request.publicKey) return mismatch("public key")
  if (request.projectId !== null && dsn.projectId !== request.projectId) {
    return mismatch("project id")
  }
  return null
}

function mismatch(what: string): Refusal {
  return refuse("header_mismatch", `${what} header mismatch between envelope and request`)
}

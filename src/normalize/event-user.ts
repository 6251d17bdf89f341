import type { NormalizedEvent } from "./event.ts"
import { FILTERED } from "./scrub/patterns.ts"

const KINDS = ["id", "username", "email"] as const

/**
 * Who was hit: the first of id, username, email and address that says something (a scrubbed one does not).
 * `tag` is how it is shown and searched, "id:42"; `hash` a decimal from 0 to 2^63 - 1, fit for a signed bigint.
 */
export function userOf(event: Pick<NormalizedEvent, "user">): { hash: string; tag: string } | null {
  const { user } = event
  if (!user) return null
  const tag = identityOf(user)
  if (tag === null) return null
  const digest = new Uint8Array(Bun.CryptoHasher.hash("sha256", tag))
  const first = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  return { hash: String(first >> 1n), tag }
}

function identityOf(user: NonNullable<NormalizedEvent["user"]>): string | null {
  for (const kind of KINDS) {
    const value = user[kind]
    if (value && value !== FILTERED) return `${kind}:${value}`
  }
  return user.ip_address && user.ip_address !== FILTERED ? `ip:${user.ip_address}` : null
}

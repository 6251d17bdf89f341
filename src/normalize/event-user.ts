import type { NormalizedEvent } from "./event.ts"
import { type Meta, metaAt, noteOf } from "./meta.ts"
import { FILTERED } from "./scrub/patterns.ts"

const KINDS = ["id", "username", "email"] as const

/**
 * Who was hit: the first of id, username, email and address that says something (a scrubbed one does not).
 * `tag` is how it is shown and searched, "id:42"; `hash` a decimal from 0 to 2^63 - 1, fit for a signed bigint.
 */
export function userOf(
  event: Pick<NormalizedEvent, "user" | "_meta">,
): { hash: string; tag: string } | null {
  const { user, _meta } = event
  if (!user) return null
  const tag = identityOf(user, metaAt(_meta, "user"))
  if (tag === null) return null
  const digest = new Uint8Array(Bun.CryptoHasher.hash("sha256", tag))
  const first = new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  return { hash: String(first >> 1n), tag }
}

function identityOf(
  user: NonNullable<NormalizedEvent["user"]>,
  notes: Meta | undefined,
): string | null {
  for (const kind of KINDS) {
    const value = user[kind]
    if (value && !isHidden(value, metaAt(notes, kind))) return `${kind}:${value}`
  }
  const { ip_address: address } = user
  return address && !isHidden(address, metaAt(notes, "ip_address")) ? `ip:${address}` : null
}

/** All of it replaced or masked: the same for everybody. A hash still tells one from the other. */
function isHidden(value: string, meta: Meta | undefined): boolean {
  if (value === FILTERED) return true
  const rem = noteOf(meta)?.rem ?? []
  return rem.some(
    ([, type, start, end]) => (type === "s" || type === "m") && start === 0 && end === value.length,
  )
}

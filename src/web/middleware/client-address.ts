import { isIP } from "node:net"
import type { AddressList } from "#platform/network.ts"

/** More hops than any honest chain has; the header comes from strangers. */
const MAX_HOPS = 32

/**
 * The address a request really comes from: the peer itself, or, behind trusted proxies, the right-most hop of
 * `X-Forwarded-For` that is not one of them. What stands left of it was written by the client and is not believed. `peer` is null on a
 * Unix socket, which only a local proxy reaches; "" when nothing is known.
 */
export function clientAddress(headers: Headers, peer: string | null, proxies: AddressList): string {
  const direct = peer === null ? "" : plainAddress(peer)
  if (peer !== null && !proxies.has(direct)) return direct
  const forwarded = headers.get("x-forwarded-for")
  if (forwarded === null) return direct

  let nearest = direct
  for (const hop of forwarded.split(",").slice(-MAX_HOPS).reverse()) {
    const address = plainAddress(hop.trim())
    if (isIP(address) === 0) break
    nearest = address
    if (!proxies.has(address)) break
  }
  return nearest
}

/** Without port, brackets, zone and the IPv6 dress of an IPv4 address. */
function plainAddress(text: string): string {
  const bracketed = /^\[([^\]]{2,64})\](?::\d{1,5})?$/.exec(text)?.[1]
  const withPort = /^([\d.]{7,15}):\d{1,5}$/.exec(text)?.[1]
  const [address = ""] = (bracketed ?? withPort ?? text).split("%")
  const mapped = /^::ffff:([\d.]{7,15})$/i.exec(address)?.[1]
  return mapped ?? address
}

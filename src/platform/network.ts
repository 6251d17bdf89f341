import { isIPv6 } from "node:net"

/**
 * What one customer of a provider holds: an IPv4 address, or the first 64 bits of an IPv6 address, whose rest anybody changes at
 * will. Limits by address count these. Text that is no address stays as it is.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = [], tail] = address.split("::").map((half) => half.split(":").filter(Boolean))
  const zeros = tail === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: zeros }, () => "0"), ...(tail ?? [])]
  const first = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${first.join(":")}::/64`
}

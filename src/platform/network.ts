import { BlockList, isIP, isIPv6 } from "node:net"

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

export type AddressList = { has(address: string): boolean }

/** `networks` are addresses or CIDR ranges; throws on one that is neither. */
export function addressList(networks: readonly string[]): AddressList {
  const list = new BlockList()
  for (const network of networks) {
    const [, address = "", bits] = /^([^/]{2,45})(?:\/(\d{1,3}))?$/.exec(network) ?? []
    if (isIP(address) === 0) throw new Error(`"${network}" is no address or network`)
    const family = familyOf(address)
    list.addSubnet(address, bits === undefined ? maxBits(family) : Number(bits), family)
  }
  return { has: (address) => isIP(address) !== 0 && list.check(address, familyOf(address)) }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4"
}

function maxBits(family: "ipv4" | "ipv6"): number {
  return family === "ipv6" ? 128 : 32
}

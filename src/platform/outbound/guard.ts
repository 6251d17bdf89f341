import { isIP } from "node:net"
import { addressList } from "../network.ts"

/** Whom requests may go to whose address somebody else wrote. */
export type Guard = {
  /** What stands against the address as it is written; null: nothing. */
  against(url: URL): string | null
  permits(address: string): boolean
}

export type GuardSettings = {
  /** Addresses and networks that are reached although they are not the public internet's. */
  allowedIps: readonly string[]
  disallowedIps: readonly string[]
  allowedPorts: readonly string[]
  /** Our own names: nothing is asked of ourselves. */
  ownHosts: readonly string[]
}

/** IPv4 that is not the public internet: private, link-local with the metadata of clouds, documentation, multicast. */
const RESERVED = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"],
  ...["192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
  ...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"],
]
/** Only this is the public internet of IPv6: mapped and NAT64 addresses, local ones and multicast lie outside. */
const GLOBAL_6 = ["2000::/3"]
/** Within it: tunnels to IPv4 (Teredo, 6to4), documentation. */
const RESERVED_6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]
const DEFAULT_PORTS: Record<string, string> = { "http:": "80", "https:": "443" }

export function createGuard(settings: GuardSettings): Guard {
  const allowed = addressList(settings.allowedIps)
  const disallowed = addressList(settings.disallowedIps)
  const reserved = addressList([...RESERVED, ...RESERVED_6])
  const global6 = addressList(GLOBAL_6)
  return {
    against(url) {
      const defaultPort = DEFAULT_PORTS[url.protocol]
      if (defaultPort === undefined) return "only http and https are fetched"
      if (url.username || url.password) return "its address has a user name in it"
      const port = url.port || defaultPort
      if (!settings.allowedPorts.includes(port)) return `port ${port} is not allowed`
      if (settings.ownHosts.includes(withoutDot(url.hostname))) return "it is this installation"
      return null
    },
    permits(address) {
      // A zone names an interface of this machine.
      const family = address.includes("%") ? 0 : isIP(address)
      if (family === 0) return false
      if (allowed.has(address)) return true
      if (disallowed.has(address) || reserved.has(address)) return false
      return family === 4 || global6.has(address)
    },
  }
}

export const withoutDot = (hostname: string) => hostname.replace(/\.$/, "")

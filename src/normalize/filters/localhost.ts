import type { NormalizedEvent } from "../event.ts"
import { headerOf } from "./request-facts.ts"

const ADDRESSES = new Set(["127.0.0.1", "::1"])

/** What shows that the event came from the machine of somebody who develops; null: nothing does. */
export function findLocalhost(event: NormalizedEvent): string | null {
  const told = [event.user?.ip_address, headerOf(event, "X-Forwarded-For").trim()]
  const address = told.find((each) => each && ADDRESSES.has(each))
  if (address) return address
  const url = event.request?.url
  if (url) return isLocalUrl(url) ? url : null
  const hosts = ["Host", "X-Forwarded-Host"].map((name) => headerOf(event, name))
  return hosts.find((host) => host !== "" && isLocalUrl(`http://${host}/`)) ?? null
}

function isLocalUrl(address: string): boolean {
  const url = URL.parse(address)
  if (!url) return false
  if (url.protocol === "file:") return true
  const host = url.hostname.toLowerCase()
  return host === "[::1]" || LOCAL_HOSTS.some((each) => host === each || host.endsWith(`.${each}`))
}

const LOCAL_HOSTS = ["localhost", "127.0.0.1"]

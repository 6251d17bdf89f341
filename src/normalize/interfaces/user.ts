import { isIP } from "node:net"
import type { NormalizedEvent, User } from "../event.ts"
import { bag, mediumBag } from "../values/bag.ts"
import { lenientText, nonEmpty, text } from "../values/coerce.ts"
import { filled, isRecord, type Reader, record } from "../values/read.ts"
import { refuse } from "../values/remarks.ts"

/** What SDKs write where the server is to fill in the address the event came from. */
const AUTO_ADDRESS = "{{auto}}"

const ipAddress: Reader<string> = (value, remarks) =>
  value === AUTO_ADDRESS || isAddress(value)
    ? (value as string)
    : refuse(remarks, value, "expected an ip address")

const short = text(1024, 100)

const readUser = record<User>({
  id: nonEmpty(lenientText(128)),
  username: nonEmpty(lenientText(128)),
  email: nonEmpty(text(75)),
  name: nonEmpty(text(128)),
  ip_address: ipAddress,
  segment: nonEmpty(text(128)),
  geo: filled(record({ country_code: short, city: short, subdivision: short, region: short })),
  data: bag(mediumBag),
})

/** Members that the table does not name belong to `data`. */
export const user: Reader<User> = (value, remarks) => {
  const read = readUser(value, remarks)
  if (!read || !isRecord(value)) return undefined
  const others = Object.entries(value).filter(
    ([name, member]) => member !== null && !KNOWN_MEMBERS.has(name),
  )
  const data =
    others.length > 0
      ? bag(mediumBag)(Object.fromEntries([...others, ...Object.entries(read.data ?? {})]), remarks)
      : read.data
  const result = data && data !== read.data ? { ...read, data } : read
  return Object.keys(result).length > 0 ? result : undefined
}

/** `sentry_user` is the identity that another server worked out; ours is made by `userOf`. */
const KNOWN_MEMBERS = new Set(
  "id username email name ip_address segment geo data sentry_user __proto__".split(" "),
)

export function isAddress(value: unknown): value is string {
  return typeof value === "string" && value.length <= 45 && isIP(value) !== 0
}

/** Platforms whose old clients left the address out and relied on the server, and knew no `infer_ip` to say so. */
const PLATFORMS_OF_END_USERS = new Set(["javascript", "cocoa", "objc"])

/** The event's user with its address filled in from the request and the connection, as far as the SDK wants it. */
export function withUserAddress(
  event: Pick<NormalizedEvent, "user" | "request" | "sdk" | "platform">,
  clientAddress: string | undefined,
): User | undefined {
  const own = event.user?.ip_address
  const address = own && own !== AUTO_ADDRESS ? own : inferredAddress(event, own, clientAddress)
  if (address === own) return event.user
  const { ip_address: _auto, ...rest } = event.user ?? {}
  if (address) return { ...rest, ip_address: address }
  return Object.keys(rest).length > 0 ? rest : undefined
}

function inferredAddress(
  event: Pick<NormalizedEvent, "user" | "request" | "sdk" | "platform">,
  own: string | undefined,
  clientAddress: string | undefined,
): string | undefined {
  if (own === AUTO_ADDRESS) return clientAddress
  const mode = event.sdk?.settings?.infer_ip ?? "legacy"
  if (mode !== "auto" && mode !== "legacy") return undefined
  const remote = event.request?.env?.REMOTE_ADDR
  if (isAddress(remote)) return remote
  return mode === "auto" || PLATFORMS_OF_END_USERS.has(event.platform) ? clientAddress : undefined
}

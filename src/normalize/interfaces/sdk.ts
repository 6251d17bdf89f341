import type { Sdk } from "../event.ts"
import { text } from "../values/coerce.ts"
import { filled, listOf, record } from "../values/read.ts"

const name = text(256, 20)
const names = listOf(name, { max: 200, keep: "first" })

export const sdk = filled(
  record<Sdk>({
    name,
    version: name,
    integrations: names,
    features: names,
    packages: listOf(filled(record({ name, version: name })), { max: 200, keep: "first" }),
    settings: filled(record({ infer_ip: text(32) })),
    client_ip: text(64),
  }),
)

/** From `sentry_client` of the authentication: "raven-js/3.27.0", or with a blank in between. */
export function sdkOfClient(client: string): Sdk | undefined {
  const [, name, version] = /^([^/ ]{1,256})[/ ]?(.{0,256})/s.exec(client) ?? []
  return name ? { name, ...(version && { version }) } : undefined
}

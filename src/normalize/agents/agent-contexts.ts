import type { Context, NormalizedEvent } from "../event.ts"
import { type ClientHints, clientHints } from "./client-hints.ts"
import { readUserAgent, type UserAgent } from "./user-agent.ts"

type Agent = Pick<NormalizedEvent, "request" | "contexts" | "platform">
const NAMES = ["browser", "os", "device"] as const

/**
 * The event's contexts with what its request's headers tell of the browser that made the request: hints before the user
 * agent, a context of the event before both. The system is `os` in an event of the browser itself, and `client_os`
 * in one of the server it talked to.
 */
export function withAgentContexts(event: Agent): Agent["contexts"] {
  const { contexts = {} } = event
  const headers = event.request?.headers
  if (!headers) return event.contexts
  const nameOf = (kind: (typeof NAMES)[number]) =>
    kind === "os" && event.platform !== "javascript" ? "client_os" : kind
  const missing = NAMES.filter((kind) => contexts[nameOf(kind)] === undefined)
  if (missing.length === 0) return event.contexts
  const hints = clientHints(headers)
  const agent = readUserAgent(headers.find(([name]) => name === "User-Agent")?.[1] ?? "")
  let added: Record<string, Context> | null = null
  for (const kind of missing) {
    const told = tellers[kind](hints, agent)
    if (!told) continue
    added ??= { ...contexts }
    const type = nameOf(kind)
    added[type] = { ...told, type }
  }
  return added ?? event.contexts
}

const tellers = {
  browser: (hints: ClientHints, agent: UserAgent) => hints.browser ?? agent.browser,
  os: (hints: ClientHints, agent: UserAgent) => hints.os ?? agent.os,
  device: (hints: ClientHints, agent: UserAgent) =>
    hints.model ? { ...agent.device, model: hints.model } : agent.device,
}

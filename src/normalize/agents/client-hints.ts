import type { Pair } from "../event.ts"
import type { Named } from "./user-agent.ts"

/** What a browser says in `Sec-CH-UA` headers; each is absent where it says nothing. */
export type ClientHints = { browser?: Named; os?: Named; model?: string }

const PREFIX = "Sec-Ch-Ua"
const MAX_CHARACTERS = 200
const MAX_BRANDS = 20

/** `headers` are named as they are stored: "Sec-Ch-Ua-Platform". */
export function clientHints(headers: readonly Pair[]): ClientHints {
  const hints = new Map(headers.filter(([name]) => name.startsWith(PREFIX)))
  if (hints.size === 0) return {}
  const browser = brandOf(hints.get(PREFIX) ?? "")
  const platform = unquoted(hints.get(`${PREFIX}-Platform`))
  const version = unquoted(hints.get(`${PREFIX}-Platform-Version`))
  const model = unquoted(hints.get(`${PREFIX}-Model`))
  return {
    ...(browser && { browser }),
    ...(platform && { os: { name: platform, ...(version && { version }) } }),
    ...(model && { model }),
  }
}

/** Names of engines, and the made-up ones ("Not;A=Brand") that keep servers from counting on the list. */
const NO_BROWSER = /brand|chromium|gecko|webkit/i

/** The browser of `"Chromium";v="118", "Google Chrome";v="118", "Not=A?Brand";v="99"`. */
function brandOf(list: string): Named | undefined {
  for (const entry of list.slice(0, 1000).split(",", MAX_BRANDS)) {
    const end = entry.lastIndexOf(";v=")
    const name = unquoted(end < 0 ? entry : entry.slice(0, end))
    if (!name || NO_BROWSER.test(name)) continue
    const version = end < 0 ? "" : unquoted(entry.slice(end + 3))
    return version ? { name, version } : { name }
  }
  return undefined
}

function unquoted(text = ""): string {
  return text.slice(0, MAX_CHARACTERS).replaceAll('"', "").trim()
}

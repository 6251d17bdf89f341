import { BoundedMap } from "#platform/bounded-map.ts"
import { firstMatch, type Rule } from "./rules.ts"

/** What a user agent says of itself, in the names of `uap-core`; null: unknown. */
export type UserAgent = {
  browser: Named | null
  os: Named | null
  device: { family: string; model?: string; brand?: string } | null
}
export type Named = { name: string; version?: string }

/** Browsers write 100 to 300; what an expression can cost grows with the length. */
const MAX_CHARACTERS = 400
const MAX_REMEMBERED = 2000
const remembered = new BoundedMap<string, UserAgent>(MAX_REMEMBERED)
const NOTHING: UserAgent = { browser: null, os: null, device: null }

/** Takes 0.1 ms for a user agent that was not seen lately, nothing for another. The result is shared: do not change it. */
export function readUserAgent(text: string): UserAgent {
  const agent = text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text
  const known = remembered.get(agent)
  if (known) return known
  const read = agent.trim() === "" ? NOTHING : parse(agent, agent.toLowerCase())
  remembered.set(agent, read)
  return read
}

function parse(agent: string, lower: string): UserAgent {
  return {
    browser: browserOf(agent, lower),
    os: osOf(agent, lower),
    device: deviceOf(agent, lower),
  }
}

function browserOf(agent: string, lower: string): Named | null {
  const found = firstMatch("user_agent_parsers", agent, lower)
  if (!found) return null
  const { rule, match } = found
  const version = versionOf(rule, match, ["v1_replacement", "v2_replacement", "v3_replacement"])
  return named(rule.value(match, "family_replacement", 1), version)
}

/** The versions that browsers stopped telling the truth about: it is this one or a later one. */
const FROZEN = new Map([
  ["Windows", "10"],
  ["Mac OS X", "10.15.7"],
])

function osOf(agent: string, lower: string): Named | null {
  const found = firstMatch("os_parsers", agent, lower)
  if (!found) return null
  const { rule, match } = found
  const parts = ["os_v1_replacement", "os_v2_replacement", "os_v3_replacement"]
  const name = rule.value(match, "os_replacement", 1)
  const version = versionOf(rule, match, parts)
  const isFrozen = version !== undefined && FROZEN.get(name ?? "") === version
  return named(name, isFrozen ? `>=${version}` : version)
}

/** "major.minor.patch" as far as each is known with the one before. */
function versionOf(rule: Rule, match: RegExpExecArray, parts: string[]): string | undefined {
  const known: string[] = []
  for (const [index, part] of parts.entries()) {
    const value = rule.value(match, part, index + 2)
    if (value === undefined) break
    known.push(value)
  }
  return known.length > 0 ? known.join(".") : undefined
}

/** "Other" is the list's word for unknown. */
function named(name: string | undefined, version: string | undefined): Named | null {
  if (name === undefined || name === "Other") return null
  return version === undefined ? { name } : { name, version }
}

function deviceOf(agent: string, lower: string): UserAgent["device"] {
  const found = firstMatch("device_parsers", agent, lower)
  if (!found) return null
  const { rule, match } = found
  const family = rule.value(match, "device_replacement", 1)
  if (family === undefined || family === "Other") return null
  const model = rule.value(match, "model_replacement", 1)
  const brand = rule.value(match, "brand_replacement")
  return { family, ...(model && { model }), ...(brand && { brand }) }
}

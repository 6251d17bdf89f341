/** The first that is found names the program: most browsers also claim to be others. */
const PROGRAMS = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
  ["curl/", "curl"],
] as const

const SYSTEMS = [
  ["Android", "Android"],
  ["iPhone", "iPhone"],
  ["iPad", "iPad"],
  ["Windows", "Windows"],
  ["Mac OS X", "macOS"],
  ["Linux", "Linux"],
] as const

/** A user agent in the two words that tell one's own devices apart: "Firefox on Linux". */
export function deviceOf(userAgent: string): string {
  const find = (names: readonly (readonly [string, string])[]) =>
    names.find(([part]) => userAgent.includes(part))?.[1]
  const program = find(PROGRAMS) ?? "Unknown program"
  const system = find(SYSTEMS)
  return system ? `${program} on ${system}` : program
}

/** Events that are alike: where they are, and the hashes that they get. */
export type Part = { issueId: string; hashes: readonly string[]; events: number }

/**
 * Which issue takes over which new hash. The largest part of an issue first, of equal ones that of the oldest issue; `leads` are hashes that
 * lead somewhere already, and issues that are `staying` have events besides, so that they take over nothing.
 */
export function planAdoption(
  parts: readonly Part[],
  leads: ReadonlyMap<string, string>,
  staying: Iterable<string> = [],
): Record<string, string> {
  const isKnown = ({ hashes }: Part, taken: ReadonlyMap<string, string>) =>
    hashes.some((hash) => leads.has(hash) || taken.has(hash))
  const kept = new Set(staying)
  for (const { hashes, issueId } of parts) {
    const known = hashes.find((hash) => leads.has(hash))
    if (known !== undefined && leads.get(known) === issueId) kept.add(issueId)
  }
  const taken = new Map<string, string>()
  for (const part of largestFirst(parts)) {
    if (kept.has(part.issueId) || isKnown(part, taken)) continue
    kept.add(part.issueId)
    for (const hash of part.hashes) taken.set(hash, part.issueId)
  }
  return Object.fromEntries(taken)
}

function largestFirst(parts: readonly Part[]): Part[] {
  const keyOf = ({ issueId, hashes }: Part) => `${issueId} ${hashes[0] ?? ""}`
  const counts = new Map<string, number>()
  const count = (part: Part) => counts.get(keyOf(part)) ?? 0
  for (const part of parts) counts.set(keyOf(part), count(part) + part.events)
  return parts.toSorted(
    (a, b) => count(b) - count(a) || Number(BigInt(a.issueId) - BigInt(b.issueId)),
  )
}

/** Events that are alike: where they are, and the hashes that they get. */
export type Observed = {
  issueId: string
  hashes: readonly string[]
  title: string
  events: number
}

export type PlannedFlow = { from: string; into: string; events: number }

export type Plan = {
  /** Hashes that nobody has had, and the issues that take them over: the others would be made anew. */
  adopt: Record<string, string>
  /** `into` is an issue's id, or `new` and a number. */
  flows: PlannedFlow[]
  /** Titles of the issues that are to be made. */
  made: Record<string, string>
}

/**
 * What becomes of issues when their events have these hashes. `leads` says where a hash leads today; issues that are `staying` have events
 * besides, so that they take over nothing.
 */
export function planRegroup(
  observed: readonly Observed[],
  leads: ReadonlyMap<string, string>,
  staying: Iterable<string> = [],
): Plan {
  const places = new Map(leads)
  const placeOf = (event: Observed) => {
    const found = event.hashes.find((hash) => places.has(hash))
    return found === undefined ? undefined : places.get(found)
  }
  const kept = new Set(staying)
  const open = observed.filter((event) => {
    const into = placeOf(event)
    if (into === undefined) return true
    attach(places, event, into)
    if (into === event.issueId) kept.add(into)
    return false
  })
  const plan: Plan = { adopt: {}, flows: [], made: {} }
  const largestFirst = byFrequency(open)
  for (const event of largestFirst) {
    if (placeOf(event) !== undefined || kept.has(event.issueId)) continue
    kept.add(event.issueId)
    attach(places, event, adoptIssue(plan, event))
  }
  for (const event of largestFirst) {
    if (placeOf(event) === undefined) attach(places, event, makeIssue(plan, event))
  }
  plan.flows = flowsOf(observed, placeOf)
  return plan
}

function makeIssue({ made }: Plan, { title }: Observed): string {
  const name = `new ${Object.keys(made).length}`
  made[name] = title
  return name
}

function adoptIssue({ adopt }: Plan, { hashes, issueId }: Observed): string {
  for (const hash of hashes) adopt[hash] ??= issueId
  return issueId
}

/** What a hash leads to is never changed: only those that lead nowhere join. */
function attach(places: Map<string, string>, { hashes }: Observed, into: string): void {
  for (const hash of hashes) if (!places.has(hash)) places.set(hash, into)
}

/** The largest part of an issue first, of equal ones that of the oldest issue: it takes over the issue it comes from. */
function byFrequency(events: readonly Observed[]): Observed[] {
  const counts = new Map<string, number>()
  const partOf = ({ issueId, hashes }: Observed) => `${issueId} ${hashes[0] ?? ""}`
  const count = (event: Observed) => counts.get(partOf(event)) ?? 0
  for (const event of events) counts.set(partOf(event), count(event) + event.events)
  return events.toSorted(
    (a, b) => count(b) - count(a) || Number(BigInt(a.issueId) - BigInt(b.issueId)),
  )
}

function flowsOf(
  observed: readonly Observed[],
  placeOf: (event: Observed) => string | undefined,
): PlannedFlow[] {
  const flows = new Map<string, PlannedFlow>()
  for (const event of observed) {
    const from = event.issueId
    const into = placeOf(event) ?? from
    const flow = flows.getOrInsertComputed(`${from}>${into}`, () => ({ from, into, events: 0 }))
    flow.events += event.events
  }
  return [...flows.values()]
}

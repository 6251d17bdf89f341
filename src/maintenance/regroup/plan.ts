/** An event of a rehearsal: where it is, and the hashes that rules give it. */
export type Observed = { issueId: string; hashes: readonly string[]; title: string }

export type PlannedFlow = { from: string; into: string; events: number }

export type Plan = {
  /** Hashes that nobody has had, and the issues that take them over: the others would be made anew. */
  adopt: Record<string, string>
  /** `into` is an issue's id, or `new` and a number. */
  flows: PlannedFlow[]
  /** Titles of the issues that are to be made. */
  made: Record<string, string>
}

/** What becomes of issues when their events have these hashes. `leads` says where a hash leads today. */
export function planRegroup(
  observed: readonly Observed[],
  leads: ReadonlyMap<string, string>,
): Plan {
  const places = new Map(leads)
  const placeOf = (event: Observed) => {
    const found = event.hashes.find((hash) => places.has(hash))
    return found === undefined ? undefined : places.get(found)
  }
  const kept = new Set<string>()
  const open = observed.filter((event) => {
    const into = placeOf(event)
    if (into === undefined) return true
    attach(places, event, into)
    if (into === event.issueId) kept.add(into)
    return false
  })
  const plan: Plan = { adopt: {}, flows: [], made: {} }
  for (const event of byFrequency(open)) {
    if (placeOf(event) !== undefined) continue
    const into = kept.has(event.issueId) ? makeIssue(plan, event) : adoptIssue(plan, event)
    kept.add(into)
    attach(places, event, into)
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

/** The hashes that most events have first: these take over the issues they come from. */
function byFrequency(events: readonly Observed[]): Observed[] {
  const counts = new Map<string, number>()
  for (const { hashes } of events) {
    const [first = ""] = hashes
    counts.set(first, (counts.get(first) ?? 0) + 1)
  }
  const count = ({ hashes }: Observed) => counts.get(hashes[0] ?? "") ?? 0
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
    flows.getOrInsertComputed(`${from}>${into}`, () => ({ from, into, events: 0 })).events++
  }
  return [...flows.values()]
}

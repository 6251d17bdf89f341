import type { App } from "#app.ts"
import type { RewritableEvent } from "#events/rewrite-store.ts"
import { listHashesOfNewIssues, updateHashesAdopted } from "#issues/moving/hash-store.ts"
import { transact } from "#platform/transact.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { mergeInto } from "../regroup/merge-into.ts"
import { type Observing, observeEvents, type Seen } from "./observe-events.ts"
import { planAdoption } from "./plan-adoption.ts"

type Parts = Pick<App, "sql" | "tasks" | "clock">
type Look = (rows: readonly RewritableEvent[]) => Promise<void>

/** Of one transaction: new events with these hashes wait that long. */
const HASHES = 1_000

/**
 * Before anything moves: an issue all of whose events get other hashes takes over the one that most of them get, where nobody had it before, and
 * so remains itself. `showAll` shows the events; issues that are `staying` have others. Starting over ends the same.
 */
export async function keepIssues(
  app: Parts,
  { staying = [], ...observing }: Observing & { staying?: Iterable<string> },
  showAll: (look: Look) => Promise<void>,
): Promise<void> {
  const seen: Seen = { groups: new Map(), leads: new Map(), staying: new Set(staying) }
  await showAll((rows) => observeEvents(app, observing, rows, seen))
  const adopt = planAdoption([...seen.groups.values()], seen.leads, seen.staying)
  const hashes = Object.keys(adopt).sort()
  for (let start = 0; start < hashes.length; start += HASHES) {
    const some = hashes.slice(start, start + HASHES).map((hash) => [hash, adopt[hash] ?? ""])
    await adoptHashes(app, observing, Object.fromEntries(some))
  }
}

/** Where a batch was faster and made an issue for a hash, that becomes part of the other. */
async function adoptHashes(
  app: Parts,
  { mapping: { projectId }, since }: Observing,
  adopt: Record<string, string>,
): Promise<void> {
  const { sql, clock } = app
  await transact(sql, (tx) => updateHashesAdopted(tx, projectId, adopt))
  const led = await listHashesOfNewIssues(sql, { projectId, since }, Object.keys(adopt))
  for (const { hash, issueId: id } of led) {
    const into = adopt[hash]
    if (!into || into === id) continue
    await transact(sql, async (tx) => {
      await mergeInto(app, tx, { projectId, id, into })
      await updateChangeSeq(tx, [{ projectId, firstEventAt: clock.now() }])
    })
  }
}

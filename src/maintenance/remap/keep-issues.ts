import type { App } from "#app.ts"
import { listHashesOfNewIssues, updateHashesAdopted } from "#issues/moving/hash-store.ts"
import { transact } from "#platform/transact.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import { mergeInto } from "../regroup/merge-into.ts"
import { planRegroup } from "../regroup/plan.ts"
import { type Mapping, observeEvents } from "./observe-events.ts"

type Keeping = {
  mapping: Mapping
  /** When the run began: what has come by new hashes since makes no issue of its own. */
  since: Date
  onChunk: () => Promise<void>
}

/** Of one transaction: new events with these hashes wait that long. */
const HASHES = 1_000

/**
 * Before anything moves: an issue all of whose events get other hashes takes over the one that most of them get, where nobody had it before, and
 * so remains itself. Starting over ends the same.
 */
export async function keepIssues(
  app: Pick<App, "sql" | "tasks" | "clock">,
  { mapping, since, onChunk }: Keeping,
  signal: AbortSignal,
): Promise<void> {
  const { projectId } = mapping
  const { groups, leads, staying } = await observeEvents(app, { mapping, since, onChunk }, signal)
  const { adopt } = planRegroup(groups, leads, staying)
  const hashes = Object.keys(adopt).sort()
  for (let start = 0; start < hashes.length; start += HASHES) {
    const some = hashes.slice(start, start + HASHES)
    const adopted = Object.fromEntries(some.map((hash) => [hash, adopt[hash] ?? ""]))
    await transact(app.sql, (tx) => updateHashesAdopted(tx, projectId, adopted))
    for (const { hash, issueId } of await listHashesOfNewIssues(
      app.sql,
      { projectId, since },
      some,
    )) {
      const into = adopt[hash]
      if (into && into !== issueId) await takeIn(app, { projectId, id: issueId, into })
    }
  }
}

/** A batch was faster, and made an issue for the hash. */
async function takeIn(
  app: Pick<App, "sql" | "tasks" | "clock">,
  pair: { projectId: string; id: string; into: string },
): Promise<void> {
  await transact(app.sql, async (tx) => {
    await mergeInto(app, tx, pair)
    await updateChangeSeq(tx, [{ projectId: pair.projectId, firstEventAt: app.clock.now() }])
  })
}

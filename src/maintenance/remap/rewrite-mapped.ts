import type { App } from "#app.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import { listEmptyIssues } from "#issues/moving/merge-store.ts"
import { updateAfterLoss } from "#issues/moving/move-store.ts"
import type { Tx } from "#platform/db.ts"
import { updateChangeSeq } from "#projects/intake-store.ts"
import type { Project } from "#projects/store.ts"
import type { Scraping, Symbolication } from "#symbolication/symbolication.ts"
import { mergeInto } from "../regroup/merge-into.ts"
import type { Flow } from "../regroup/move-events.ts"
import type { Rewriting } from "../regroup/rewrite-events.ts"
import { mapAgain } from "./map-again.ts"

export type Parts = Pick<App, "sql" | "clock" | "log" | "tasks"> & { symbolication: Symbolication }

/** How stored events of a project are decided anew where source maps know more of them than before. */
export function mappingOf(
  { sql, symbolication }: Parts,
  project: Project,
  scraping: Scraping = "never",
): Omit<Rewriting, "from" | "onChunk"> {
  return {
    projectId: project.id,
    organizationId: project.organizationId,
    rules: compileProjectRules(project.settings),
    change: (events) => mapAgain(symbolication, sql, project.id, events, scraping),
    onlyChanged: true,
  }
}

/** Issues that lost events are counted anew; one that lost all becomes part of the one that got most of them. */
export async function settleFlows(
  app: Parts,
  tx: Tx,
  projectId: string,
  flows: readonly Flow[],
): Promise<void> {
  if (flows.length === 0) return
  const largestFirst = flows.toSorted((a, b) => b.events - a.events)
  const empty = await listEmptyIssues(tx, projectId, [...new Set(flows.map(({ from }) => from))])
  const isEmpty = new Set(empty.map(({ id }) => id))
  const touched = new Set(flows.flatMap(({ from, into }) => [from, into]))
  for (const id of [...touched].sort((a, b) => Number(a) - Number(b))) {
    if (!isEmpty.has(id)) await updateAfterLoss(tx, projectId, id)
  }
  for (const { id } of empty) {
    const into = largestFirst.find(({ from, into }) => from === id && !isEmpty.has(into))?.into
    if (!into) continue
    await mergeInto(app, tx, { projectId, id, into })
  }
  await updateChangeSeq(tx, [{ projectId, firstEventAt: app.clock.now() }])
}

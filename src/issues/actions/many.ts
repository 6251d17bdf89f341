import type { App } from "#app.ts"
import type { IssueAction, IssueRef } from "../issue.ts"
import { applyAction } from "./actions.ts"

/** Issues of one transaction: short enough that a batch of events never waits long for them. */
const CHUNK = 500

/** Does it chunk by chunk; returns those that changed. */
export async function applyToMany(
  app: Pick<App, "sql" | "tasks" | "clock">,
  issues: readonly IssueRef[],
  request: { actor: string | null; action: IssueAction },
): Promise<IssueRef[]> {
  const changed: IssueRef[] = []
  for (let start = 0; start < issues.length; start += CHUNK) {
    const chunk = issues.slice(start, start + CHUNK)
    changed.push(...(await applyAction(app, { ...request, issues: chunk })))
  }
  return changed
}

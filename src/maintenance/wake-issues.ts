import type { App } from "#app.ts"
import type { IssueNews } from "#issues/occurrences/occurrence.ts"
import { updateEscalatedIssues } from "#issues/status/forecast-store.ts"
import { updateSurgingIssues } from "#issues/status/pace-store.ts"
import { updateWokenIssues } from "#issues/status/wake-store.ts"
import { newsOfReturned } from "#issues/status/waking.ts"
import { tellPages } from "./tell-pages.ts"

type Deps = Pick<App, "sql" | "clock" | "tasks">

/** Archived issues of which a condition is met, or that escalate, come back, and new ones escalate; open pages and people hear of it. */
export async function wakeIssues(app: Deps): Promise<void> {
  const now = app.clock.now()
  await app.sql.begin(async (tx) => {
    const returned = await updateWokenIssues(tx, now)
    const escalated = [
      ...(await updateEscalatedIssues(tx, now)),
      ...(await updateSurgingIssues(tx, now)),
    ]
    const news: IssueNews[] = [
      ...returned.map((each) => newsOfReturned(each)),
      ...escalated.map((each) => ({ ...each, eventId: "", trigger: "escalating" as const })),
    ]
    await tellPages(
      tx,
      news.map(({ projectId }) => projectId),
      now,
    )
    await app.tasks.insert(tx, "evaluate-alerts", news)
  })
}

import type { App } from "#app.ts"
import { attachFeedback } from "#feedback/attach.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { ageIssues } from "#maintenance/age-issues.ts"
import { cleanup } from "#maintenance/cleanup.ts"
import { makeDaysAhead } from "#maintenance/days-ahead.ts"
import { forecastIssues } from "#maintenance/forecast-issues.ts"
import { measurePaces } from "#maintenance/measure-paces.ts"
import { settleRuleChanges } from "#maintenance/regroup/rule-changes.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { guardSpace } from "#maintenance/space-guard.ts"
import { dropConsumedDays, sweep } from "#maintenance/sweep.ts"
import { trimVerdicts } from "#maintenance/trim-verdicts.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
import type { IngestQueue } from "#platform/queue/queue.ts"

/** Something done at certain times, by whichever cron process leads. */
export type Chore = {
  name: string
  /** Cron expression with seconds, in UTC; "" = never. */
  when: string
  /** Also as soon as a process becomes the leader. */
  isDoneAtStart?: boolean
  run(app: App, signal: AbortSignal, queue: IngestQueue): Promise<unknown>
}

/** Everything that happens by the clock. */
export function scheduleOf(config: App["config"]): Chore[] {
  return [
    { name: "fold-tags", when: "*/5 * * * * *", run: fold },
    { name: "attach-feedback", when: "*/10 * * * * *", run: attachFeedback },
    { name: "make-days", when: "0 7 * * * *", isDoneAtStart: true, run: makeDaysAhead },
    { name: "guard-space", when: "10 * * * * *", isDoneAtStart: true, run: guardSpace },
    { name: "wake-issues", when: "20 * * * * *", run: wakeIssues },
    { name: "forecast-issues", when: "25 * * * * *", run: forecastIssues },
    { name: "measure-paces", when: "0 47 * * * *", run: measurePaces },
    { name: "age-issues", when: "35 */5 * * * *", run: ageIssues },
    { name: "remove-issues", when: "30 * * * * *", run: removeLeavingIssues },
    { name: "maintain-tasks", when: "40 * * * * *", run: (app) => app.tasks.maintain() },
    { name: "sweep-series", when: "50 * * * * *", run: (app) => app.series.sweep(app.clock.now()) },
    { name: "trim-verdicts", when: "0 */10 * * * *", run: trimVerdicts },
    { name: "settle-rules", when: "0 37 * * * *", run: settleRuleChanges },
    { name: "sweep", when: "0 17 * * * *", isDoneAtStart: true, run: sweep },
    {
      name: "drop-consumed",
      when: "0 27 * * * *",
      run: async (app, _signal, queue) => dropConsumedDays(app, (await queue.backlog()).oldestAt),
    },
    { name: "cleanup", when: nightly(config["cleanup.schedule"]), run: nightlyCleanup },
  ]
}

function fold(app: App, signal: AbortSignal): Promise<number> {
  return foldTags(app.sql, signal, (row) =>
    app.log.error(row, "tags of a batch cannot be counted: row of tag_deltas set aside"),
  )
}

/** The option has five fields, as crontab has; ours begin with the second. */
function nightly(schedule: string): string {
  return schedule === "" ? "" : `0 ${schedule}`
}

async function nightlyCleanup(app: App, signal: AbortSignal): Promise<void> {
  const days = app.config["system.event-retention-days"]
  if (days === 0) return
  const { oldestDay, ...removed } = await cleanup(app, { days, dryRun: false }, signal)
  const counts = { days: removed.days.length, issues: removed.issues, hashes: removed.hashes }
  app.log.info({ oldestDay, ...counts }, "cleanup done")
}

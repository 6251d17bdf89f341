import { evaluateAlerts } from "#alerts/evaluate.ts"
import { notifyAssignment, notifyComment } from "#alerts/notify.ts"
import type { App } from "#app.ts"
import { settleResolutions } from "#issues/resolving/settle.ts"
import type { JobData, JobName } from "#jobs.ts"
import { sendMail } from "#mail/send.ts"
import { deleteOrganization, deleteProject } from "#maintenance/delete-projects.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { followHashes } from "#maintenance/regroup/follow-hashes.ts"
import { regroupEvents, undoRegroup } from "#maintenance/regroup/regroup.ts"
import { rehearseRules } from "#maintenance/regroup/rehearse.ts"
import { mapLateEvents, remapEvents } from "#maintenance/remap/remap.ts"
import { assembleBundle } from "#symbolication/artifacts/assemble.ts"
import type { Symbolication } from "#symbolication/symbolication.ts"

/** Tasks may need the source maps that batches of events have open. */
export type WorkerApp = App & { symbolication: Symbolication }

/** What a worker does with a task. Delivered at least once, so each is idempotent; a rejection is retried later. */
type Handlers = {
  [Name in JobName]: (app: WorkerApp, data: JobData<Name>, signal: AbortSignal) => Promise<void>
}

export const handlers: Handlers = {
  "evaluate-alerts": evaluateAlerts,
  "notify-assignment": notifyAssignment,
  "notify-comment": notifyComment,
  "settle-resolutions": settleResolutions,
  "send-mail": sendMail,
  "follow-merge": followMerge,
  "follow-hashes": followHashes,
  "assemble-bundle": assembleBundle,
  "rehearse-rules": rehearseRules,
  "regroup-events": regroupEvents,
  "undo-regroup": undoRegroup,
  "map-late-events": mapLateEvents,
  "remap-events": remapEvents,
  "delete-project": deleteProject,
  "delete-organization": deleteOrganization,
}

/** Tasks of one name at a time; most share the process with batches of events. */
export const CONCURRENCY: Partial<Record<JobName, number>> = {
  "evaluate-alerts": 20,
  "send-mail": 10,
  "follow-merge": 1,
  "follow-hashes": 1,
  "assemble-bundle": 1,
  "map-late-events": 1,
  "remap-events": 1,
  "rehearse-rules": 1,
  "regroup-events": 1,
  "undo-regroup": 1,
  "delete-project": 1,
  "delete-organization": 1,
}

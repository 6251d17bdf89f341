import { z } from "zod"
import type { TaskPolicy } from "#platform/tasks.ts"

const id = z.string().regex(/^\d+$/)

/**
 * Every task that crosses the queue (pg-boss): name and payload. Ids, never objects. Delivered at least once,
 * so each handler is idempotent; written in the transaction of what it reports.
 */
export const jobs = {
  /** An issue is new or came back: decide who hears of it. `eventId` is the event that did it; "" = no single one. */
  "evaluate-alerts": z.object({
    projectId: id,
    issueId: id,
    eventId: z.string(),
    trigger: z.enum(["new", "regression", "reappeared", "escalating"]),
    /** Distinguishes this return from an earlier one: the issue_activity id; "" for new. */
    activityId: z.string(),
  }),
  /** Somebody assigned, commented or invited: mail the people concerned. */
  "notify-assignment": z.object({
    projectId: id,
    issueId: id,
    activityId: id,
  }),
  "notify-comment": z.object({ projectId: id, issueId: id, activityId: id }),
  /** A release is new to a project: what was resolved in "the next release" is resolved in this one. */
  "settle-resolutions": z.object({ projectId: id, releaseId: id }),
  /** One mail that is already decided: the row of mail_deliveries and what its template needs. */
  "send-mail": z.object({
    deliveryId: id,
    kind: z.enum([
      "new",
      "regression",
      "reappeared",
      "escalating",
      "assigned",
      "comment",
      "reset",
      "password",
      "invite",
      "test",
    ]),
    /** What the template loads its data with: ids, signed tokens. Shape by kind, see src/mail. */
    data: z.record(z.string(), z.string()),
  }),
  /** Issues were merged into this one: their rows follow. */
  "follow-merge": z.object({ projectId: id, issueId: id }),
  /** Hashes of this issue lead elsewhere: its events follow. */
  "follow-hashes": z.object({ projectId: id, issueId: id, into: id.optional() }),
  /** All chunks of an upload are here: look what is in it. */
  "assemble-bundle": z.object({ bundleId: id }),
  /** Rules that somebody wrote: tried on what is stored, applied to it, taken back. */
  "rehearse-rules": z.object({ projectId: id, changeId: id }),
  "regroup-events": z.object({ projectId: id, changeId: id }),
  "undo-regroup": z.object({ projectId: id, changeId: id }),
  /** Stored before their source map was read: look again. */
  "map-late-events": z.object({
    projectId: id,
    day: z.iso.date(),
    eventIds: z.array(z.string()).max(5000),
  }),
  /** Source maps came late, and somebody wants stored events to have them. */
  "remap-events": z.object({ projectId: id, remappingId: id }),
  "delete-project": z.object({ projectId: id }),
  "delete-organization": z.object({ organizationId: id }),
} as const

export type JobName = keyof typeof jobs
export type JobData<Name extends JobName> = z.infer<(typeof jobs)[Name]>

/** Quick work over our own tables: a failure is a deadlock or a restart, and passes soon. */
const QUICK: TaskPolicy = {
  retries: 10,
  retryDelaySeconds: 2,
  retryDelayMaxSeconds: 600,
  expireSeconds: 300,
}

/** How each task's failures are met. */
export const jobPolicies: Record<JobName, TaskPolicy> = {
  "evaluate-alerts": QUICK,
  "notify-assignment": QUICK,
  "notify-comment": QUICK,
  "settle-resolutions": QUICK,
  // 10 s, 20 s, 40 s ... 6 h: a mail server that is away for a day still gets its mails.
  "send-mail": {
    retries: 16,
    retryDelaySeconds: 10,
    retryDelayMaxSeconds: 6 * 3600,
    expireSeconds: 120,
  },
  "follow-merge": { ...QUICK, expireSeconds: 4 * 3600 },
  "follow-hashes": { ...QUICK, expireSeconds: 4 * 3600 },
  "assemble-bundle": { ...QUICK, expireSeconds: 1800 },
  "rehearse-rules": { ...QUICK, retries: 2, expireSeconds: 600 },
  "regroup-events": { ...QUICK, expireSeconds: 12 * 3600 },
  "undo-regroup": { ...QUICK, expireSeconds: 12 * 3600 },
  "map-late-events": QUICK,
  "remap-events": { ...QUICK, expireSeconds: 12 * 3600 },
  "delete-project": { ...QUICK, expireSeconds: 4 * 3600 },
  "delete-organization": { ...QUICK, expireSeconds: 4 * 3600 },
}

import { STATUS, type Substatus } from "../issue.ts"

export type InboxReason = "new" | "regression" | "escalating" | "returned"

type Inboxed = {
  status: number
  substatus: Substatus | null
  returnedAt: Date | null
}

/** Why an issue waits for somebody to look at it; null: it does not. */
export function inboxReasonOf({ status, substatus, returnedAt }: Inboxed): InboxReason | null {
  if (status !== STATUS.unresolved) return null
  if (substatus === "escalating") return "escalating"
  if (substatus === "regressed") return "regression"
  if (returnedAt) return "returned"
  return substatus === "new" ? "new" : null
}

/** Resolved by the clock, and not by somebody since. */
export function isAutoResolved(issue: {
  resolvedAt: Date | null
  autoResolvedAt: Date | null
}): boolean {
  return issue.resolvedAt !== null && issue.resolvedAt.getTime() === issue.autoResolvedAt?.getTime()
}

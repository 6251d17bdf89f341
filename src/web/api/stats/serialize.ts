import type { KeyLabel } from "#projects/keys-store.ts"
import type { Dimension, Usage } from "#stats/usage-store.ts"
import type { StoredVerdict } from "#stats/verdict-store.ts"
import { reasonOf } from "../../outcome-words.ts"
import { apiTime } from "../time.ts"
import type { UsageRequest } from "./requests.ts"

/** The answer of stats_v2: a group for each combination, with its total and its series. */
export function serializeUsage(
  { fields, groupBy, scope, starts }: UsageRequest,
  rows: readonly Usage[],
) {
  const groups = Map.groupBy(rows, (row) =>
    JSON.stringify(groupBy.map((each) => dimensionOf(row, each))),
  )
  return {
    start: isoSeconds(scope.from),
    end: isoSeconds(scope.to),
    intervals: starts.map(isoSeconds),
    groups: [...groups.values()].map((of) => {
      const series = starts.map(() => 0)
      for (const { bucket, quantity } of of) {
        if (bucket !== null) series[bucket] = (series[bucket] ?? 0) + quantity
      }
      const total = of.reduce((sum, { quantity }) => sum + quantity, 0)
      const first = of[0]
      return {
        by: Object.fromEntries(groupBy.map((each) => [each, first && dimensionOf(first, each)])),
        totals: Object.fromEntries(fields.map((field) => [field, total])),
        series: Object.fromEntries(fields.map((field) => [field, series])),
      }
    }),
  }
}

/** Projects are numbers there, as nowhere else. */
function dimensionOf(row: Usage, dimension: Dimension): string | number | null {
  switch (dimension) {
    case "project":
      return Number(row.projectId)
    case "key":
      return row.keyId
    default:
      return row[dimension]
  }
}

const isoSeconds = (at: Date) => at.toISOString().replace(".000Z", "Z")

export function serializeVerdict(verdict: StoredVerdict, keys: readonly KeyLabel[]) {
  const { eventId, receivedAt, category, outcome, reason, cause, client } = verdict
  return {
    ...{ eventId, category, outcome, reason, cause, client },
    description: reasonOf(outcome, reason).words,
    received: apiTime(receivedAt),
    key: keys.find(({ id }) => id === verdict.keyId)?.publicKey ?? null,
    issueId: null,
  }
}

/** An event or feedback that is stored, in the same shape. */
export function serializeAccepted(
  eventId: string,
  category: "error" | "feedback",
  stored: { issueId: string | null; receivedAt: Date },
) {
  return {
    ...{ eventId, category, outcome: "accepted", reason: "", cause: "", client: "" },
    description: "",
    received: apiTime(stored.receivedAt),
    key: null,
    issueId: stored.issueId,
  }
}

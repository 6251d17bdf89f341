import type { IssueNews, Occurrence } from "./occurrence.ts"
import type { LockedIssue } from "./store.ts"
import type { TouchedIssue } from "./tally.ts"

/** One in so many, by how often the issue was seen before: up to 50 times each, up to 1,000 times every second one ... */
const BY_COUNT = [
  [50, 1],
  [1_000, 2],
  [10_000, 10],
  [100_000, 50],
  [1_000_000, 300],
  [10_000_000, 2_000],
] as const
/** Or by the seconds since it was seen: after an hour the next one in any case. */
const BY_SILENCE = [
  [3_600, 1],
  [360, 10],
  [60, 60],
] as const
const MOST = 10_000

/** Whether the next event of an issue is kept with all its details. */
export function isKeptWhole(issue: { timesSeen: number; silentSeconds: number }): boolean {
  const { timesSeen, silentSeconds } = issue
  const [, byCount] = BY_COUNT.find(([upTo]) => timesSeen <= upTo) ?? [0, MOST]
  const [, bySilence] = BY_SILENCE.find(([from]) => silentSeconds >= from) ?? [0, MOST]
  return timesSeen % byCount === 0 || timesSeen % bySilence === 0
}

/** The occurrences of a batch that need no details, one after the other; what is news always has them. */
export function surplusOf(
  refs: readonly TouchedIssue[],
  before: ReadonlyMap<string, LockedIssue>,
  news: readonly IssueNews[],
): Set<Occurrence> {
  const told = new Set(news.map(({ projectId, eventId }) => `${projectId}/${eventId}`))
  const surplus = new Set<Occurrence>()
  for (const { issueId, tally } of refs) {
    const issue = before.get(issueId)
    let timesSeen = Number(issue?.timesSeen ?? 0)
    let lastSeen = issue?.lastSeen.getTime() ?? tally.firstSeen
    for (const each of tally.occurrences) {
      const silentSeconds = (each.occurredAt - lastSeen) / 1000
      const isNews = told.has(`${each.projectId}/${each.eventId}`)
      if (!isNews && !isKeptWhole({ timesSeen, silentSeconds })) surplus.add(each)
      timesSeen++
      lastSeen = Math.max(lastSeen, each.occurredAt)
    }
  }
  return surplus
}

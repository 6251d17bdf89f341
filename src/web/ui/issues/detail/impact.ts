import type { IssueDetail } from "#issues/detail-store.ts"
import { relativeTime } from "../../times.ts"

const DAY = 86_400_000
/** Exact counting of users stops here. */
const MAX_USERS = 10_000

/** What the issue did, in one sentence of stored numbers: since when, since which release, how often, to how many. */
export function impactSentence(
  issue: Pick<IssueDetail, "timesSeen" | "usersSeen" | "firstSeen" | "firstRelease">,
  moment: { eventsLastDay: number | null; now: Date; zone: string },
): string {
  const { eventsLastDay, now, zone } = moment
  const since = relativeTime(issue.firstSeen, now, zone)
  const release = issue.firstRelease ? ` in ${issue.firstRelease}` : ""
  const events = counted(Number(issue.timesSeen), "event")
  const users = issue.usersSeen === 0 ? "" : `, ${usersText(issue.usersSeen)} affected`
  const isOlder = now.getTime() - issue.firstSeen.getTime() > DAY
  const lately =
    isOlder && eventsLastDay !== null ? `, ${eventsLastDay.toLocaleString("en")} in 24 hours` : ""
  return `Started ${since}${release}: ${events}${lately}${users}.`
}

/** "3 users", "10,000+ users". */
export function usersText(users: number): string {
  return users >= MAX_USERS ? "10,000+ users" : counted(users, "user")
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`
}

import type { ArchiveRule, Substatus } from "../issue.ts"

/** What happened since the archiving, or within the rule's windows where it has some. */
export type ArchiveProgress = { events: number; users: number }

/** "until 100 more events in 1 hour (37 so far)": when an archived issue comes back, as the end of a sentence. */
export function archivedUntil(
  archive: { substatus: Substatus | null; rule: ArchiveRule },
  timeText: (iso: string) => string,
  progress?: ArchiveProgress,
): string {
  const { rule } = archive
  const soFar = (count?: number) => (count === undefined ? "" : ` (${counted(count)} so far)`)
  const conditions = [
    rule.until && timeText(rule.until),
    rule.untilEvents &&
      `${more(rule.untilEvents, "event", rule.windowMinutes)}${soFar(progress?.events)}`,
    rule.untilUsers &&
      `${more(rule.untilUsers, "user", rule.userWindowMinutes)}${soFar(progress?.users)}`,
  ].filter(Boolean)
  if (conditions.length > 0) return `until ${conditions.join(" or ")}`
  return archive.substatus === "archived_forever" ? "for good" : "until it escalates"
}

function more(count: number, noun: string, windowMinutes: number | undefined): string {
  const within = windowMinutes ? ` in ${durationWords(windowMinutes)}` : ""
  return `${counted(count)} more ${noun}${count === 1 ? "" : "s"}${within}`
}

const counted = (count: number) => count.toLocaleString("en")

const UNITS = [
  [10_080, "week"],
  [1_440, "day"],
  [60, "hour"],
  [1, "minute"],
] as const

/** In the largest unit that fits: "1 hour", "90 minutes". */
function durationWords(minutes: number): string {
  const [size, name] = UNITS.find(([unit]) => minutes % unit === 0) ?? [1, "minute"]
  const count = minutes / size
  return `${counted(count)} ${name}${count === 1 ? "" : "s"}`
}

import { absoluteTime, relativeTime } from "../times.ts"

/** Relative up to seven days, then the date; the title gives the moment in the reader's zone and in UTC. */
export function TimeAgo({ at, now, zone }: { at: Date; now: Date; zone: string }) {
  return (
    <time datetime={at.toISOString()} title={absoluteTime(at, zone)} data-relative>
      {relativeTime(at, now, zone)}
    </time>
  )
}

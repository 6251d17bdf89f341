import type { GroupingEvent, GroupingStacktrace, GroupingThread } from "./event.ts"

/** The stack of the one thread that matters: the crashed, else the current, else the only one. */
export function decidingThreadStack(event: GroupingEvent): GroupingStacktrace | undefined {
  const threads = event.threads?.values ?? []
  const crashed = threads.filter((thread) => thread.crashed)
  const current = threads.filter((thread) => thread.current)
  const candidates: readonly GroupingThread[] =
    crashed.length > 0 ? crashed : current.length > 0 ? current : threads
  return candidates.length === 1 ? candidates[0]?.stacktrace : undefined
}

import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import type { StoredEvent } from "./stored-event.ts"

/**
 * The event that tells most: one's own code with its source counts most, then variables, then what the user did. The newest of
 * the best; `candidates` are newest first.
 */
export function recommendedEvent(candidates: readonly StoredEvent[]): StoredEvent | null {
  let best: StoredEvent | null = null
  let bestScore = -1
  for (const candidate of candidates) {
    const score = scoreOf(candidate.event)
    if (score > bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}

function scoreOf(event: NormalizedEvent): number {
  const frames = framesOf(event)
  return (
    // Of a noisy issue's events most are kept without what the rest looks for.
    20 * Number(!event._is_skeleton) +
    4 * Number(frames.some((frame) => frame.in_app && frame.context_line !== undefined)) +
    3 * Number(frames.some((frame) => frame.vars !== undefined)) +
    2 * Number(event.request !== undefined) +
    2 * Number(event.user !== undefined) +
    Number((event.breadcrumbs?.values.length ?? 0) > 0) +
    Number(event.contexts?.trace !== undefined) +
    Number(event.contexts?.replay !== undefined) +
    Number(frames.some((frame) => frame.data?.sourcemap !== undefined))
  )
}

function framesOf(event: NormalizedEvent): Frame[] {
  const traces = (event.exception?.values ?? []).map((exception) => exception.stacktrace)
  return [...traces, event.stacktrace].flatMap((trace) => trace?.frames ?? [])
}

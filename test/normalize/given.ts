import type { NormalizedEvent } from "#normalize/event.ts"
import { type NormalizeContext, normalizeEvent } from "#normalize/normalize.ts"

export const EVENT_ID = "9ec79c33ec9942ab8353589fcb2e04dc"
/** 2026-03-01 12:00 UTC. */
export const NOW = new Date(Date.UTC(2026, 2, 1, 12))
export const NOW_SECONDS = NOW.getTime() / 1000

export function normalized(raw: unknown, context: Partial<NormalizeContext> = {}): NormalizedEvent {
  return normalizeEvent(raw, { eventId: EVENT_ID, receivedAt: NOW, ...context })
}

/** What was noted, as "type name". */
export function remarksOf(event: NormalizedEvent): string[] {
  return (event.errors ?? []).map(({ type, name }) => `${type} ${name}`)
}

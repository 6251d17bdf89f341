import { CONNECTION_LOST } from "../../../bench/sender.ts"

/** What a client knows: what it sent, and what it was told. */
export type Ledger = {
  /** Event id -> group, of everything that was sent. */
  sent: Map<string, string>
  /** Event ids that were answered 200 at least once. */
  acknowledged: Set<string>
  /** Requests, not events: an event may be sent more than once. */
  requests: number
  acknowledgedRequests: number
  /** The connection broke first: accepted or not, nobody knows. */
  unansweredRequests: number
  /** Any other status: there must be none. */
  refused: Map<number, number>
  slowestMs: number
  send(eventId: string, group: string): void
  answered(eventId: string, result: { status: number; milliseconds: number }): void
  /** An id that was answered of late; null in the beginning. */
  recent(random: () => number): string | null
}

const RECENT = 500

export function createLedger(): Ledger {
  const lately: string[] = []
  const ledger: Ledger = {
    sent: new Map(),
    acknowledged: new Set(),
    requests: 0,
    acknowledgedRequests: 0,
    unansweredRequests: 0,
    refused: new Map(),
    slowestMs: 0,
    send(eventId, group) {
      ledger.sent.set(eventId, group)
      ledger.requests++
    },
    answered(eventId, { status, milliseconds }) {
      if (status === CONNECTION_LOST) ledger.unansweredRequests++
      else if (status !== 200) ledger.refused.set(status, (ledger.refused.get(status) ?? 0) + 1)
      else {
        ledger.acknowledgedRequests++
        ledger.acknowledged.add(eventId)
        ledger.slowestMs = Math.max(ledger.slowestMs, milliseconds)
        lately[ledger.acknowledgedRequests % RECENT] = eventId
      }
    },
    recent: (random) => lately[Math.floor(random() * lately.length)] ?? null,
  }
  return ledger
}

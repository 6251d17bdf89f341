import type { IngestMessage } from "#messages.ts"
import { utcDay } from "#platform/clock.ts"
import type { QueueRecord } from "#platform/queue/queue.ts"
import { timeOfId } from "#platform/queue/record.ts"
import { endingsOf } from "../companions.ts"
import type { Line } from "../line.ts"
import type { Prepared } from "./prepared.ts"

export const UNREAD = { category: "error", outcome: "dead_lettered", reason: "" }
const MAX_AGE_MS = 365 * 86_400_000

/** Counted as one error and what web dropped: what else was in it nobody dares to look. */
export function deadMessage(
  line: Line,
  record: QueueRecord,
  message: IngestMessage | null,
  error: string,
): Prepared {
  const receivedAt = message?.receivedAt ?? timeOfUnreadable(line, record)
  return asDead(
    {
      record,
      receivedAt,
      receivedDay: message?.receivedDay ?? utcDay(new Date(receivedAt)),
      projectId: message?.projectId ?? "0",
      organizationId: message?.organizationId ?? "0",
      keyId: message?.keyId ?? "0",
      eventId: message?.eventId ?? null,
      client: message?.client ?? "",
      endings: [{ ...UNREAD, quantity: 1 }, ...(message?.dropped ?? [])],
      event: null,
      fell: null,
      companions: null,
      dead: null,
    },
    error,
  )
}

/** Its id tells, unless that is garbage, too. */
function timeOfUnreadable({ clock }: Line, { id }: QueueRecord): number {
  const now = clock.now().getTime()
  const madeAt = timeOfId(id).getTime()
  return Math.abs(now - madeAt) < MAX_AGE_MS ? madeAt : now
}

/** The same message as a dead letter: all its items end as that, so that a replay can take all of them back. */
export function asDead(prepared: Prepared, error: string): Prepared {
  const items: Record<string, number> = {}
  for (const { category, quantity } of itemsOf(prepared)) {
    items[category] = (items[category] ?? 0) + quantity
  }
  return {
    ...prepared,
    endings: [],
    event: null,
    fell: null,
    companions: null,
    dead: { error, items },
  }
}

function itemsOf({ endings, event, companions }: Prepared) {
  return [
    ...endings,
    ...(event ? [{ category: event.category, quantity: 1 }] : []),
    ...(companions ? endingsOf(companions, UNREAD) : []),
  ]
}

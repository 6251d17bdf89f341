export type QuotaRequest = {
  organizationId: string
  /** Names the limit among those of the organization: "key:7", "project:12". */
  limit: string
  /** Allowed in one window. */
  max: number
  windowSeconds: number
  quantity: number
}

export type QuotaAnswer = {
  allowed: boolean
  /** Until the window ends that stands in the way; 0 when allowed. */
  retryAfterSeconds: number
  /** The limit that stands in the way; of several, the one that lasts longest. */
  limitedBy?: string
}

/** Counts in fixed windows, aligned to the epoch. */
export interface Quota {
  /** Takes the quantities out of every limit, or out of none when one has no room. Never throws. */
  take(requests: readonly QuotaRequest[], now: Date): Promise<QuotaAnswer>
}

export const ALLOWED: QuotaAnswer = { allowed: true, retryAfterSeconds: 0 }

/** Which window a moment falls into, and the seconds until the next. */
export function windowOf(windowSeconds: number, now: Date): { index: number; secondsLeft: number } {
  const seconds = now.getTime() / 1000
  const index = Math.floor(seconds / windowSeconds)
  return { index, secondsLeft: Math.ceil((index + 1) * windowSeconds - seconds) }
}

/** The answer when these limits have no room. */
export function refusalOf(full: readonly QuotaRequest[], now: Date): QuotaAnswer {
  let answer = ALLOWED
  for (const { limit, windowSeconds } of full) {
    const { secondsLeft } = windowOf(windowSeconds, now)
    if (!answer.allowed && answer.retryAfterSeconds >= secondsLeft) continue
    answer = { allowed: false, retryAfterSeconds: secondsLeft, limitedBy: limit }
  }
  return answer
}

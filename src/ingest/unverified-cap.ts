import type { RateLimit } from "./refusal.ts"

const WINDOW_MS = 60_000

export type UnverifiedCap = {
  /** Null when the message fits; otherwise when to come back. */
  take(bytes: number, now: number): RateLimit | null
}

/**
 * How much may be queued per minute for keys that nobody could check because PostgreSQL was away. Without a cap of its own,
 * an outage would let anyone fill the spool.
 */
export function createUnverifiedCap(limits: {
  messagesPerMinute: number
  bytesPerMinute: number
}): UnverifiedCap {
  let window = 0
  let messages = 0
  let bytes = 0
  return {
    take(size, now) {
      const current = Math.floor(now / WINDOW_MS)
      if (current !== window) {
        window = current
        messages = 0
        bytes = 0
      }
      if (messages + 1 > limits.messagesPerMinute || bytes + size > limits.bytesPerMinute) {
        const left = (current + 1) * WINDOW_MS - now
        const retryAfterSeconds = Math.max(1, Math.ceil(left / 1000))
        return { retryAfterSeconds, categories: [], scope: "key", reason: "unverified" }
      }
      messages++
      bytes += size
      return null
    },
  }
}

import type { App } from "#app.ts"
import type { Config } from "#config.ts"
import { networkOf } from "#platform/network.ts"
import { insertAuditEntry } from "../audit-store.ts"
import {
  countLoginFailures,
  deleteLoginFailure,
  deleteLoginFailures,
  type FailureCounts,
  insertLoginFailure,
} from "./login-failures-store.ts"
import { hashPassword, isOutdatedHash, verifyPassword } from "./passwords.ts"
import { type Client, startSession } from "./sessions.ts"
import { findPassword, updateLastLogin, updatePassword } from "./store.ts"
import { normalizeEmail } from "./user.ts"

/** Failures older than this no longer slow anybody down. */
const MEMORY_MS = 15 * 60_000
const MINUTE_MS = 60_000
/** Tries at one account from one address before it has to wait; people mistype. */
const FREE_TRIES = 5
const MAX_WAIT_SECONDS = 900

export type LoginResult =
  | { outcome: "in"; userId: string; sessionToken: string }
  /** Unknown address or wrong password: whoever asks is not told which. */
  | { outcome: "wrong" }
  | { outcome: "wait"; retryAfterSeconds: number }

/** Logs somebody in and starts a new session. */
export async function logIn(
  app: Pick<App, "sql" | "config" | "clock">,
  credentials: { email: string; password: string },
  client: Client,
): Promise<LoginResult> {
  const email = normalizeEmail(credentials.email)
  const now = app.clock.now()
  // Counted before it is judged, so that a hundred tries at once see each other.
  const network = networkOf(client.ip)
  const attemptId = await insertLoginFailure(app.sql, { email, network, failedAt: now })
  const failures = await countLoginFailures(
    app.sql,
    { email, network, ip: client.ip, exceptId: attemptId },
    { since: new Date(now.getTime() - MEMORY_MS), minuteAgo: new Date(now.getTime() - MINUTE_MS) },
  )
  const retryAfterSeconds = waitOf(app.config, failures, now)
  if (retryAfterSeconds > 0) {
    // What was not even tried is no failure: else a page reloaded too early would wait for ever.
    await deleteLoginFailure(app.sql, attemptId)
    return { outcome: "wait", retryAfterSeconds }
  }
  const found = await findPassword(app.sql, email)
  const isRight = await verifyPassword(
    app.config,
    credentials.password,
    found?.passwordHash ?? null,
  )
  if (!found || !isRight) return { outcome: "wrong" }
  const rehashed = isOutdatedHash(app.config, found.passwordHash)
    ? await hashPassword(app.config, credentials.password)
    : null
  const sessionToken = await app.sql.begin(async (tx) => {
    if (rehashed) await updatePassword(tx, found.userId, rehashed)
    await deleteLoginFailures(tx, email, network)
    await updateLastLogin(tx, found.userId, now)
    await insertAuditEntry(tx, {
      organizationId: null,
      actorUserId: found.userId,
      actorKind: "user",
      action: "user.login",
      targetType: "user",
      targetId: found.userId,
      ip: client.ip,
    })
    return startSession(app, tx, found.userId, client)
  })
  return { outcome: "in", userId: found.userId, sessionToken }
}

/**
 * Seconds to wait; 0 = go on. One address at one account is slowed down more and more. Limits over all accounts or all
 * addresses never last longer than a minute, and the account's own does not concern addresses its owner is known from:
 * otherwise anybody could lock anybody out.
 */
export function waitOf(
  config: Pick<Config, "auth.ip-rate-limit" | "auth.user-rate-limit">,
  failures: FailureCounts,
  now: Date,
): number {
  const addressLimit = config["auth.ip-rate-limit"]
  const accountLimit = config["auth.user-rate-limit"]
  if (addressLimit > 0 && failures.address >= addressLimit) return MINUTE_MS / 1000
  const isAccountLimited = accountLimit > 0 && failures.account >= accountLimit
  if (isAccountLimited && !failures.isKnownAddress) return MINUTE_MS / 1000
  if (failures.pair < FREE_TRIES || !failures.pairLastAt) return 0
  const delaySeconds = Math.min(2 ** (failures.pair - FREE_TRIES + 1), MAX_WAIT_SECONDS)
  const passedSeconds = (now.getTime() - failures.pairLastAt.getTime()) / 1000
  return Math.max(0, Math.ceil(delaySeconds - passedSeconds))
}

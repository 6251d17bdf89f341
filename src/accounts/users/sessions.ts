import { randomBytes } from "node:crypto"
import type { App } from "#app.ts"
import type { Config } from "#config.ts"
import type { Db } from "#platform/db.ts"
import { sha256 } from "#platform/ids.ts"
import { listMemberships } from "../organizations/store.ts"
import { findSession, insertSession, updateSessionUse } from "./sessions-store.ts"
import type { Viewer } from "./viewer.ts"

const TOKEN_BYTES = 32
/** A session's last use is written at most this often. */
const USE_INTERVAL_MS = 60_000
const USER_AGENT_LENGTH = 300

export type Client = { ip: string; userAgent: string }

/** Starts a session and returns its secret for the cookie: only the hash of it is kept. */
export async function startSession(
  app: Pick<App, "config" | "clock">,
  db: Db,
  userId: string,
  client: Client,
): Promise<string> {
  const token = randomBytes(TOKEN_BYTES).toString("base64url")
  const createdAt = app.clock.now()
  await insertSession(db, {
    tokenHash: sha256(token),
    userId,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + app.config["auth.session.max-age"] * 1000),
    ip: client.ip,
    userAgent: client.userAgent.slice(0, USER_AGENT_LENGTH),
  })
  return token
}

/** Who holds this session secret, or null when the session has ended. */
export async function findViewer(
  app: Pick<App, "sql" | "config" | "clock">,
  token: string,
): Promise<Viewer | null> {
  const now = app.clock.now()
  const tokenHash = sha256(token)
  const session = await findSession(app.sql, tokenHash, now, idleSince(app.config, now))
  if (!session) return null
  if (now.getTime() - session.lastUsedAt.getTime() > USE_INTERVAL_MS) {
    await updateSessionUse(app.sql, tokenHash, now)
  }
  return { user: session.user, memberships: await listMemberships(app.sql, session.user) }
}

function idleSince(config: Config, now: Date): Date {
  return new Date(now.getTime() - config["auth.session.idle"] * 1000)
}

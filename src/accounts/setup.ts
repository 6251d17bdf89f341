import { randomBytes, timingSafeEqual } from "node:crypto"
import type { App } from "#app.ts"
import type { Db, Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import { sha256 } from "#platform/ids.ts"
import { deleteOption, findOption, recordOption } from "./options-store.ts"
import { createUser } from "./users/account.ts"
import { hasUsers, lockFirstUser } from "./users/store.ts"
import type { User } from "./users/user.ts"

const TOKENS = "internal.setup-token-hash"
const STEP = "internal.setup-step"
/** Links that work side by side: each start and each `setup-url` makes one, and the older are still on somebody's screen. */
const MAX_TOKENS = 5

/** What is left of the wizard once there is an administrator, in order. */
const SETUP_STEPS = ["address", "mail", "project", "event"] as const
export type SetupStep = (typeof SETUP_STEPS)[number]

/** Makes the secret of a link to the wizard; only its hash is kept. Meant for when there is no user yet. */
export async function createSetupToken(db: Db): Promise<string> {
  const token = randomBytes(24).toString("base64url")
  const kept = (await tokenHashes(db)).slice(1 - MAX_TOKENS)
  await recordOption(db, TOKENS, [...kept, hashOf(token)])
  return token
}

/** Whether this secret opens the wizard: one of its links, while there is no user. */
export async function isSetupToken(db: Db, token: string): Promise<boolean> {
  const given = Buffer.from(hashOf(token))
  const hashes = (await tokenHashes(db)).map((hash) => Buffer.from(hash))
  const isKnown = hashes.some(
    (hash) => hash.length === given.length && timingSafeEqual(hash, given),
  )
  return isKnown && !(await hasUsers(db))
}

/** Makes the administrator and uses every link up. Of two wizards that finish at once, one gets `conflict`. */
export async function createFirstUser(
  app: Pick<App, "config">,
  tx: Tx,
  person: { email: string; name: string; password: string },
): Promise<User> {
  await lockFirstUser(tx)
  if (await hasUsers(tx)) throw new AppError("conflict", "Somebody else has set this server up.")
  const user = await createUser(app, tx, { ...person, isSuperuser: true })
  await deleteOption(tx, TOKENS)
  await recordOption(tx, STEP, SETUP_STEPS[0])
  return user
}

/** The step the wizard has come to; null when there is nothing (more) to set up here. */
export async function findSetupStep(db: Db): Promise<SetupStep | null> {
  const step = await findOption(db, STEP)
  return SETUP_STEPS.find((known) => known === step) ?? null
}

/** null ends the wizard for good. */
export async function updateSetupStep(db: Db, step: SetupStep | null): Promise<void> {
  if (step) await recordOption(db, STEP, step)
  else await deleteOption(db, STEP)
}

async function tokenHashes(db: Db): Promise<string[]> {
  const stored = await findOption(db, TOKENS)
  return Array.isArray(stored) ? stored.filter((hash) => typeof hash === "string") : []
}

function hashOf(token: string): string {
  return Buffer.from(sha256(token)).toString("hex")
}

import type { IngestMessage } from "#messages.ts"
import type { Db } from "#platform/db.ts"
import { listKeyAccess } from "#projects/key-access-store.ts"
import { isOriginAllowed } from "#protocol/origin.ts"

/** Whose a message is. */
export type Owner = { projectId: string; keyId: string }

/**
 * Messages that web took while PostgreSQL was away and the key was not remembered. Returns the owners of those that
 * would have been let in, by message id.
 */
export async function judgeUnverified(
  db: Db,
  messages: readonly IngestMessage[],
): Promise<Map<string, Owner>> {
  const unverified = messages.filter((message) => message.unverified)
  if (unverified.length === 0) return new Map()
  const keys = await listKeyAccess(db, [...new Set(unverified.map((each) => each.publicKey))])
  const owners = unverified.flatMap(({ id, publicKey, projectId, origin }) => {
    const candidates = keys.filter((key) => key.publicKey === publicKey)
    // A path without a project means the key's own.
    const key =
      projectId === "0" ? candidates[0] : candidates.find((each) => each.projectId === projectId)
    if (!key || !isOriginAllowed(key.allowedDomains, origin)) return []
    return [[id, { projectId: key.projectId, keyId: key.keyId }] as const]
  })
  return new Map(owners)
}

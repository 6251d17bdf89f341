import { readFile, rename, writeFile } from "node:fs/promises"
import { z } from "zod"
import type { KeyAccess } from "#projects/key-access-store.ts"
import { readRateLimits } from "#protocol/rate-limits.ts"

// Older programs wrote none.
const limits = z.unknown().transform(readRateLimits)
const Snapshot = z.array(
  z.object({
    publicKey: z.string(),
    keyId: z.string(),
    projectId: z.string(),
    organizationId: z.string(),
    allowedDomains: z.array(z.string()),
    rateLimitCount: z.number().nullable(),
    rateLimitWindowSeconds: z.number().nullable(),
    keyLimits: limits,
    projectLimits: limits,
    organizationLimits: limits,
  }),
)

/** What the last process knew, so that a start without PostgreSQL serves its keys; nothing when there is no good file. */
export async function readKeySnapshot(path: string): Promise<KeyAccess[]> {
  try {
    return Snapshot.parse(JSON.parse(await readFile(path, "utf8")))
  } catch {
    return []
  }
}

/** Never half a file: written beside it first. Several web processes of a host may do so, each with a name of its own. */
export async function writeKeySnapshot(path: string, access: readonly KeyAccess[]): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, JSON.stringify(access), { mode: 0o600 })
  await rename(draft, path)
}

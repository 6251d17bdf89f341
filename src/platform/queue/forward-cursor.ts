import { open, readFile, rename } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import { syncFolder } from "../spool/segment.ts"

const ForwardCursor = z.object({
  /** Which memory of Redis the rest is true of. */
  epoch: z.string(),
  position: z.number().int().nonnegative(),
  /** Last entry added to each stream. */
  lastEntries: z.record(z.string(), z.string()),
})

/** How far a segment has been forwarded; kept beside it. May lag: what is forwarded twice has one effect. */
export type ForwardCursor = z.infer<typeof ForwardCursor>

export async function findCursor(directory: string, name: string): Promise<ForwardCursor | null> {
  const text = await readFile(cursorPath(directory, name), "utf8").catch(() => null)
  if (text === null) return null
  try {
    return ForwardCursor.parse(JSON.parse(text))
  } catch {
    return null // unreadable: forwarding from the start is always right
  }
}

export async function recordCursor(
  directory: string,
  name: string,
  cursor: ForwardCursor,
): Promise<void> {
  const path = cursorPath(directory, name)
  const file = await open(`${path}.draft`, "w", 0o600)
  try {
    await file.writeFile(JSON.stringify(cursor))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.draft`, path)
  await syncFolder(directory)
}

function cursorPath(directory: string, name: string): string {
  return join(directory, `${name}.cursor`)
}

import { check, type Resolved } from "./layers.ts"
import type { Option, Options } from "./option.ts"
import { openedOption } from "./sealed.ts"

export type StoredOption = { key: string; value: unknown }

export const STORED_SOURCE = "database"

/**
 * Puts the database's options below everything else, in place: whoever holds the values sees the change. Options that
 * are no longer stored go back to their default; what file, environment or command line set stays. Returns what was
 * ignored and why: a row that does not fit must not stop a running process.
 */
export function applyStoredOptions(
  table: Options,
  resolved: Pick<Resolved<Options>, "values" | "sources">,
  rows: readonly StoredOption[],
  secretKey: string,
): string[] {
  const ignored: string[] = []
  const wanted = new Map(rows.map((row) => [row.key, row.value]))
  for (const [key, option] of Object.entries(table)) {
    if (!option.stored || (resolved.sources.get(key) ?? STORED_SOURCE) !== STORED_SOURCE) continue
    resolved.sources.delete(key)
    resolved.values[key] = option.initial
    if (!wanted.has(key)) continue
    const checked = checkStored(option, wanted.get(key), secretKey)
    if ("problem" in checked) {
      ignored.push(`database: ${key} ${checked.problem}`)
      continue
    }
    resolved.values[key] = checked.value
    resolved.sources.set(key, STORED_SOURCE)
  }
  return ignored
}

/** A reference in it is a text like any other: what a page wrote must not read files. */
function checkStored(option: Option<unknown>, stored: unknown, secretKey: string) {
  try {
    return check(option, openedOption(stored, secretKey), null)
  } catch {
    return { problem: "was sealed with another system.secret-key: set it again" }
  }
}

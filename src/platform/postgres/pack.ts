import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { AppError } from "../errors.ts"

/**
 * PostgreSQL's programs (`programs/`) and a ready-made cluster (`cluster/`) as one tar.zst. `key` is
 * version and content, `18.4-0f3a…`: programs of one key are the same programs.
 */
export type Pack = { key: string; bytes(): Promise<Uint8Array> }

/** Where scripts/build.ts leaves the pack; only a start from the sources reads it there. */
const CACHE = join(import.meta.dir, "../../../node_modules/.cache/sentry-lite")

/** The pack inside the executable, or of a checkout that was built once. */
export async function findPack(): Promise<Pack> {
  const embedded = (Bun.embeddedFiles as readonly (Blob & { name: string })[])
    .map((file) => ({ file, key: keyOf(file.name) }))
    .find(({ key }) => key !== null)
  if (embedded?.key) return { key: embedded.key, bytes: () => embedded.file.bytes() }

  const names = (await readdir(CACHE).catch(() => [])).sort()
  for (const name of names) {
    const key = keyOf(name)
    if (key) return { key, bytes: () => Bun.file(join(CACHE, name)).bytes() }
  }
  throw new AppError(
    "unavailable",
    "this program carries no PostgreSQL: set DATABASE_URL, or build it with `bun scripts/build.ts`",
  )
}

function keyOf(fileName: string): string | null {
  return /^postgres-([\d.]+-[0-9a-f]{12})\.tar\.zst$/.exec(fileName)?.[1] ?? null
}

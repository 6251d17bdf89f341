import { existsSync } from "node:fs"
import { chmod, mkdir, readdir, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { AppError } from "../errors.ts"
import { syncFileSystem } from "../libc.ts"
import type { Pack } from "./pack.ts"

/**
 * Makes sure that `<folder>/postgres/<key>` holds the programs and `<folder>/pgdata` a cluster, and
 * returns both paths. Each appears whole or not at all, also when the power fails in between. The
 * caller holds the folder's lock.
 */
export async function unpack(
  folder: string,
  pack: Pack,
): Promise<{ programs: string; cluster: string }> {
  const programs = join(folder, "postgres", pack.key)
  const cluster = join(folder, "pgdata")
  const missing = [
    { part: "programs", path: programs },
    { part: "cluster", path: cluster },
  ].filter(({ path }) => !existsSync(path))
  if (missing.length > 0) await extract(join(folder, "postgres"), pack, missing)
  await requireSameMajor(cluster, pack)
  return { programs, cluster }
}

/** Programs of other versions, left behind by an update of this program. */
export async function removeOtherPrograms(folder: string, pack: Pack): Promise<void> {
  const names = await readdir(join(folder, "postgres"))
  for (const name of names.filter((each) => each !== pack.key)) {
    await rm(join(folder, "postgres", name), { recursive: true, force: true })
  }
}

async function extract(
  parent: string,
  pack: Pack,
  missing: { part: string; path: string }[],
): Promise<void> {
  const draft = join(parent, "draft")
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true, mode: 0o700 })
  const archive = new Bun.Archive(await Bun.zstdDecompress(await pack.bytes()))
  await archive.extract(draft, { glob: missing.map(({ part }) => `${part}/**`) })
  for (const { part } of missing) await chmod(join(draft, part), 0o700)
  syncFileSystem(draft)
  for (const { part, path } of missing) await rename(join(draft, part), path)
  await rm(draft, { recursive: true, force: true })
}

async function requireSameMajor(cluster: string, pack: Pack): Promise<void> {
  const found = (await readFile(join(cluster, "PG_VERSION"), "utf8")).trim()
  const [carried] = pack.key.split(".")
  if (found === carried) return
  throw new AppError(
    "unavailable",
    `${cluster} was made by PostgreSQL ${found}, this program carries ${carried}: back it up with the version that made it, and restore it here`,
  )
}

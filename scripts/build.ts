import { rm } from "node:fs/promises"
import { join } from "node:path"
import { browserSdk } from "./browser-sdk.ts"
import { postgresPack } from "./postgres-pack.ts"

const root = join(import.meta.dir, "..")

/** Compiles src/main.ts with PostgreSQL inside to `outfile`. The result needs no file beside itself. */
async function build(outfile: string): Promise<void> {
  const result = await Bun.build({
    // An entry point that is no code is embedded as it is; src/platform/postgres/pack.ts and src/web/embed/browser-sdk.ts find
    // theirs by name. So does src/symbolication/thread/mapper.ts: a thread begins in a file of its own.
    entrypoints: [
      join(root, "src/main.ts"),
      join(root, "src/symbolication/thread/symbolication-thread.ts"),
      await postgresPack(),
      await browserSdk(),
    ],
    naming: { entry: "[name].[ext]", asset: "[name].[ext]" },
    minify: { syntax: true, whitespace: true },
    sourcemap: "linked",
    define: { SENTRY_LITE_VERSION: JSON.stringify(await versionText()) },
    // Only src/config.ts decides what is read: not the folder that somebody happens to stand in.
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
  })
  if (!result.success) throw new AggregateError(result.logs, "the build failed")
  // The maps are inside the executable too, where stack traces read them.
  for (const { path } of result.outputs.filter((each) => each.path.endsWith(".map"))) await rm(path)
}

/** `0.1.0+1a2b3c4`; without git only the number. */
async function versionText(): Promise<string> {
  const { version } = await Bun.file(join(root, "package.json")).json()
  if (!Bun.which("git")) return version
  const git = Bun.spawnSync(["git", "-C", root, "rev-parse", "--short=7", "HEAD"], {
    stderr: "ignore",
  })
  return git.success ? `${version}+${git.stdout.toString().trim()}` : version
}

const outfile = process.argv[2] ?? join(root, "dist/sentry-lite")
const startedAt = performance.now()
await build(outfile)
const mebibytes = Math.round(Bun.file(outfile).size / 1024 / 1024)
console.log(`${outfile} (${mebibytes} MB, ${Math.round(performance.now() - startedAt)} ms)`)

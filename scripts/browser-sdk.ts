import { createHash } from "node:crypto"
import { mkdir, readdir, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

const root = join(import.meta.dir, "..")
/** Where src/web/embed/browser-sdk.ts looks in a start from the sources. */
const FOLDER = join(root, "node_modules/.cache/sentry-lite-browser-sdk")

/** Bundles @sentry/browser for the loader script, and returns its path: `browser-sdk-VERSION-HASH.js.gz`. */
export async function browserSdk(): Promise<string> {
  const source = join(root, "node_modules/@sentry/browser")
  const { version } = await Bun.file(join(source, "package.json")).json()
  const licence = (await Bun.file(join(source, "LICENSE")).text()).trim()
  const built = await Bun.build({
    entrypoints: [join(root, "src/web/embed/browser/sdk-entry.js")],
    target: "browser",
    format: "iife",
    minify: true,
    define: { __SENTRY_DEBUG__: "false", __SENTRY_TRACING__: "false" },
    banner: `/*! @sentry/browser ${version}\n${licence}\n*/`,
  })
  const text = await built.outputs[0]?.text()
  if (!built.success || !text) throw new AggregateError(built.logs, "the browser SDK was not built")
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12)
  const path = join(FOLDER, `browser-sdk-${version}-${hash}.js.gz`)
  await mkdir(FOLDER, { recursive: true })
  for (const older of await readdir(FOLDER)) {
    if (join(FOLDER, older) !== path) await rm(join(FOLDER, older))
  }
  // Whole or not at all: tests that run beside a build read it.
  await Bun.write(`${path}.draft`, gzipSync(text, { level: 9 }))
  await rename(`${path}.draft`, path)
  return path
}

import { readdir } from "node:fs/promises"
import { join } from "node:path"

/** The SDK that the loader fetches. `name` changes with its content, so browsers may keep it for ever. */
export type BrowserSdk = {
  name: string
  gzip: Uint8Array<ArrayBuffer>
  plain: Uint8Array<ArrayBuffer>
}

/** Where scripts/build.ts leaves it; only a start from the sources reads it there. */
const FOLDER = join(import.meta.dir, "../../../node_modules/.cache/sentry-lite-browser-sdk")

/** The one inside the executable, or of a checkout that was built once; null when there is none. */
export async function findBrowserSdk(): Promise<BrowserSdk | null> {
  const embedded = (Bun.embeddedFiles as readonly (Blob & { name: string })[]).find(({ name }) =>
    isSdk(name),
  )
  if (embedded) return sdkOf(embedded.name, await embedded.bytes())
  const name = (await readdir(FOLDER).catch(() => [])).find(isSdk)
  return name ? sdkOf(name, await Bun.file(join(FOLDER, name)).bytes()) : null
}

const isSdk = (name: string) => /^browser-sdk-[\d.]+-[0-9a-f]{12}\.js\.gz$/.test(name)

function sdkOf(name: string, gzip: Uint8Array<ArrayBuffer>): BrowserSdk {
  return { name: name.replace(/\.gz$/, ""), gzip, plain: Bun.gunzipSync(gzip) }
}

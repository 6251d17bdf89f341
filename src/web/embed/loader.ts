import { identify } from "#ingest/caller.ts"
import type { Door } from "#ingest/door.ts"
import { isRefusal } from "#ingest/refusal.ts"
import { dsnOf } from "#urls.ts"
import { corsHeaders } from "../ingest/cors.ts"
import loader from "./browser/loader.js" with { type: "text" }
import { type BrowserSdk, findBrowserSdk } from "./browser-sdk.ts"

/** A changed key is noticed within the hour; a server that is away stops nobody's page. */
const LOADER_CACHING =
  "public, max-age=3600, s-maxage=60, stale-while-revalidate=315360000, stale-if-error=315360000"
const FOR_EVER = "public, max-age=31536000, immutable"
const NOTHING = "// This key is not known here, or is switched off.\n"

/** Script elements tell no origin; where the key may be used is asked when errors come. */
const ANY_PAGE = { projectId: null, origin: null }

export type Loader = {
  /** `/js-sdk-loader/KEY.js`, `KEY.min.js` */
  script(publicKey: string): Promise<Response>
  /** `/js-sdk-loader/sdk/NAME` */
  sdk(name: string, acceptsGzip: boolean): Promise<Response>
}

/** Serves the script that customers' pages begin with, and the SDK that it fetches. `ingestPrefix` is what DSNs begin with. */
export function createLoader(door: Pick<Door, "keys">, ingestPrefix: string): Loader {
  let sdk: Promise<BrowserSdk | null> | null = null
  const findSdk = () => {
    sdk ??= findBrowserSdk()
    return sdk
  }

  return {
    async script(publicKey) {
      const caller = await identify(door.keys, { publicKey, client: "" }, ANY_PAGE)
      // A page must never break because of us: whatever is wrong, the answer is a script.
      if (isRefusal(caller)) return scriptResponse(NOTHING, LOADER_CACHING)
      const { access } = caller
      const found = access && (await findSdk())
      if (!access || !found) return scriptResponse(NOTHING, "no-store")
      const settings = {
        sdk: `sdk/${found.name}`,
        options: { dsn: dsnOf(ingestPrefix, caller, access.projectId) },
      }
      return scriptResponse(scriptWith(settings), LOADER_CACHING)
    },

    async sdk(name, acceptsGzip) {
      const found = await findSdk()
      if (!found) return new Response("", { status: 404, headers: corsHeaders })
      // A loader that was kept since an older version gets today's.
      const caching = found.name === name ? FOR_EVER : "no-cache"
      if (!acceptsGzip) return scriptResponse(found.plain, caching)
      return scriptResponse(found.gzip, caching, { "Content-Encoding": "gzip" })
    },
  }
}

/** ./browser/loader.js with its settings, in a block of its own: the page gets no name of them. */
function scriptWith(settings: object): string {
  return `{\nconst LOADER_SETTINGS = ${JSON.stringify(settings)}\n${loader}}\n`
}

function scriptResponse(
  body: string | Uint8Array<ArrayBuffer>,
  caching: string,
  more: Record<string, string> = {},
): Response {
  return new Response(body, {
    headers: {
      ...corsHeaders,
      "Content-Type": "text/javascript; charset=utf-8",
      "Cache-Control": caching,
      "X-Content-Type-Options": "nosniff",
      Vary: "Accept-Encoding",
      ...more,
    },
  })
}

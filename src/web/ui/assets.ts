import { createHash } from "node:crypto"
import { gzipSync } from "node:zlib"
import { type Context, Hono } from "hono"
import htmx from "htmx.org/dist/htmx.min.js" with { type: "text" }
import core from "./assets/behaviours/core.js" with { type: "text" }
import detail from "./assets/behaviours/detail.js" with { type: "text" }
import polling from "./assets/behaviours/polling.js" with { type: "text" }
import shortcuts from "./assets/behaviours/shortcuts.js" with { type: "text" }
import stream from "./assets/behaviours/stream.js" with { type: "text" }
import favicon from "./assets/favicon.svg" with { type: "text" }
import faviconNews from "./assets/favicon-news.svg" with { type: "text" }
import icons from "./assets/icons.svg" with { type: "text" }
import { stylesheet } from "./css.ts"

type Asset = { type: string; bytes: Uint8Array; gzip: Uint8Array; url: string }

const TEXT_TYPES = {
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml; charset=utf-8",
} as const

/** Each behaviour is a block of its own, so that none sees another's names. */
const script = [
  '"use strict"',
  ...[core, shortcuts, stream, detail, polling].map((text) => `{\n${text}}`),
]

const files: Record<string, Asset> = {
  "app.css": asset("app.css", stylesheet),
  "app.js": asset("app.js", script.join("\n")),
  "htmx.js": asset("htmx.js", htmx),
  "icons.svg": asset("icons.svg", icons),
  "favicon.svg": asset("favicon.svg", favicon),
  "favicon-news.svg": asset("favicon-news.svg", faviconNews),
}

export type AssetName =
  | "app.css"
  | "app.js"
  | "htmx.js"
  | "icons.svg"
  | "favicon.svg"
  | "favicon-news.svg"

/** `/_static/HASH/NAME`: the hash is of the content, so the answer may be kept for ever. */
export function assetUrl(name: AssetName): string {
  return files[name]?.url ?? ""
}

/**
 * Serves `/_static/`. A page of an older version may ask for an older hash: it gets today's file, uncached. And the name under
 * which browsers look for an icon that no page told them of.
 */
export function assetRoutes(): Hono {
  return new Hono()
    .get("/_static/:hash/:name", (c) => {
      const name = c.req.param("name")
      const file = Object.hasOwn(files, name) ? files[name] : undefined
      if (!file) return c.notFound()
      return send(c, file, file.url === c.req.path ? FOR_EVER : "no-cache")
    })
    .get("/favicon.ico", (c) => send(c, files["favicon.svg"] as Asset, "public, max-age=86400"))
}

const FOR_EVER = "public, max-age=31536000, immutable"

function send(c: Context, file: Asset, cacheControl: string): Response {
  const gzipped = /\bgzip\b/.test(c.req.header("accept-encoding") ?? "")
  return c.body(new Uint8Array(gzipped ? file.gzip : file.bytes), 200, {
    "Content-Type": file.type,
    "Cache-Control": cacheControl,
    "X-Content-Type-Options": "nosniff",
    Vary: "Accept-Encoding",
    ...(gzipped && { "Content-Encoding": "gzip" }),
  })
}

function asset(name: string, text: string): Asset {
  const bytes = new TextEncoder().encode(text)
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12)
  const extension = name.slice(name.lastIndexOf(".") + 1) as keyof typeof TEXT_TYPES
  return {
    type: TEXT_TYPES[extension],
    bytes,
    gzip: gzipSync(bytes, { level: 9 }),
    url: `/_static/${hash}/${name}`,
  }
}

import { html } from "hono/html"
import type { Child } from "hono/jsx"
import { assetUrl } from "./assets.ts"

export const PRODUCT = "sentry-lite"

/** htmx must neither inject a style element (CSP) nor keep pages, which hold error data, in the browser's storage. */
const HTMX_CONFIG = JSON.stringify({ includeIndicatorCSS: false, history: "reload" })

/** The part of somebody's preferences that the document element carries. */
export type Appearance = {
  theme?: "system" | "light" | "dark"
  density?: "comfortable" | "compact"
  /** false switches single-key shortcuts off. */
  shortcuts?: boolean
}

type PageProps = {
  title: string
  appearance?: Appearance
  /** Refreshes itself without script after so many seconds: pages that wait for something. */
  refreshSeconds?: number
  children: Child
}

/** The document around every page, doctype included. */
export function Page({ title, appearance = {}, refreshSeconds, children }: PageProps) {
  const document = (
    <html
      lang="en"
      data-theme={appearance.theme ?? "system"}
      data-density={appearance.density ?? "comfortable"}
      data-shortcuts={appearance.shortcuts === false ? "off" : "on"}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${PRODUCT}`}</title>
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        {refreshSeconds !== undefined && (
          <meta http-equiv="refresh" content={String(refreshSeconds)} />
        )}
        <link rel="stylesheet" href={assetUrl("app.css")} />
        <link
          rel="icon"
          type="image/svg+xml"
          href={assetUrl("favicon.svg")}
          data-news={assetUrl("favicon-news.svg")}
        />
        <script src={assetUrl("htmx.js")} defer></script>
        <script src={assetUrl("app.js")} defer></script>
      </head>
      <body>{children}</body>
    </html>
  )
  return html`<!doctype html>${document}`
}

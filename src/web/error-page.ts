import { html } from "hono/html"
import type { WebContext } from "./context.ts"
import type { Refusal } from "./errors.ts"
import { assetUrl } from "./ui/assets.ts"

const TITLES: Record<number, string> = {
  401: "You are signed out",
  403: "You may not do this",
  404: "Nothing here",
  409: "Somebody was faster",
  413: "Too large",
  422: "This did not work",
  429: "Too many requests",
  500: "Something broke",
  503: "Back in a moment",
}

/** A refusal as JSON for programs, as a page for people. Needs neither database nor session. */
export function answerRefusal(c: WebContext, refusal: Refusal) {
  for (const [name, value] of Object.entries(refusal.headers)) c.header(name, value)
  c.header("Cache-Control", "no-store")
  const { status, message, isBug } = refusal
  if (wantsJson(c)) {
    return c.json({ detail: message, ...(isBug && { errorId: c.var.requestId }) }, status)
  }
  return c.html(errorPage(status, message, isBug ? c.var.requestId : null), status)
}

function wantsJson(c: WebContext): boolean {
  const accept = c.req.header("accept") ?? ""
  return c.req.path.startsWith("/api/") || (accept.includes("json") && !accept.includes("html"))
}

function errorPage(status: number, message: string, errorId: string | null) {
  const title = TITLES[status] ?? "This did not work"
  // Someone waiting for an outage to end need not press a key.
  const refresh = status === 503 ? html`<meta http-equiv="refresh" content="5" />` : ""
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
${refresh}
<title>${title} · sentry-lite</title>
<link rel="stylesheet" href="${assetUrl("app.css")}" />
<link rel="icon" type="image/svg+xml" href="${assetUrl("favicon.svg")}" />
</head>
<body>
<main class="alone" id="main">
<p class="muted">Error ${status}</p>
<h1>${title}</h1>
<p>${message}</p>
${errorId ? html`<p>Reference for the log: <code>${errorId}</code></p>` : ""}
<p><a href="/">To the start page</a></p>
</main>
</body>
</html>`
}

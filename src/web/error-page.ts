import { html } from "hono/html"
import { urls } from "#urls.ts"
import type { WebContext } from "./context.ts"
import type { Refusal } from "./errors.ts"
import { assetUrl } from "./ui/assets.ts"
import { Logo } from "./ui/components/icon.tsx"
import { PRODUCT } from "./ui/page.tsx"

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
  const extra = isBug ? reference(c.var.requestId) : status === 404 ? jumpBox(c) : wayBack(c)
  return c.html(errorPage(status, message, extra), status)
}

function reference(id: string) {
  return html`<p>Reference for the log: <code>${id}</code></p>`
}

/** For who sent a form: the page it stood on, as the browser names it. */
function wayBack(c: WebContext) {
  const from = c.req.method === "POST" ? URL.parse(c.req.header("referer") ?? "") : null
  if (!from?.protocol.startsWith("http") || from.host !== c.req.header("host")) return ""
  return html`<p><a class="button" href="${from.href}">Back</a></p>`
}

/** For who came with an old link: what the address names may still be found. Nothing is asked of the database. */
function jumpBox(c: WebContext) {
  const [, , inAddress] = c.req.path.split("/")
  const memberships = c.var.viewer?.memberships ?? []
  const membership = memberships.find(({ slug }) => slug === inAddress) ?? memberships[0]
  if (!membership) return ""
  return html`<form class="search-form" action="${urls.jump(membership.slug)}">
<input class="input mono" name="q" type="search" maxlength="500" value="${idIn(c.req.path)}" aria-label="Jump to an issue, an event or search" placeholder="Jump to… PROJ-1, event id, text" />
<button class="button">Jump</button>
</form>`
}

/** The last part of an address that looks like an issue or an event. */
function idIn(path: string): string {
  const isId = (part: string) => /^(?=.*\d)[A-Za-z0-9-]{1,64}$/.test(part)
  return path.split("/").findLast(isId) ?? ""
}

function wantsJson(c: WebContext): boolean {
  const accept = c.req.header("accept") ?? ""
  return c.req.path.startsWith("/api/") || (accept.includes("json") && !accept.includes("html"))
}

function errorPage(status: number, message: string, extra: ReturnType<typeof html> | string) {
  const title = TITLES[status] ?? "This did not work"
  // Someone waiting for an outage to end need not press a key.
  const refresh = status === 503 ? html`<meta http-equiv="refresh" content="5" />` : ""
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
${refresh}
<title>${title} · ${PRODUCT}</title>
<link rel="stylesheet" href="${assetUrl("app.css")}" />
<link rel="icon" type="image/svg+xml" href="${assetUrl("favicon.svg")}" />
</head>
<body>
<main class="alone" id="main">
<a class="alone-mark" href="${urls.home()}">${Logo()}${PRODUCT}</a>
<p class="muted">Error ${status}</p>
<h1>${title}</h1>
<p>${message}</p>
${extra}
<p><a href="${urls.home()}">To the start page</a></p>
</main>
</body>
</html>`
}

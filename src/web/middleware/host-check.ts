import { createMiddleware } from "hono/factory"
import { html } from "hono/html"
import type { Config } from "#config.ts"
import type { WebContext, WebEnv } from "../context.ts"

type Prefixes = Pick<Config, "system.url-prefix" | "system.internal-url-prefix">

/**
 * Answers only under the instance's own names, so that a stranger's name pointed at this address (DNS rebinding) cannot
 * read pages. Setup is exempt: it is where the name is chosen, and its token guards it.
 */
export function hostCheck(config: Prefixes) {
  return createMiddleware<WebEnv>(async (c, next) => {
    if (c.req.path.startsWith("/setup/") || isKnownHost(config, c.req.header("host") ?? "")) {
      return next()
    }
    return c.html(wrongHost(c, config["system.url-prefix"]), 400)
  })
}

function isKnownHost(config: Prefixes, host: string): boolean {
  const prefixes = [config["system.url-prefix"], config["system.internal-url-prefix"]].filter(
    Boolean,
  )
  // Before setup nobody knows the name.
  if (!config["system.url-prefix"]) return true
  return prefixes.some((prefix) => new URL(prefix).host === host.toLowerCase())
}

function wrongHost(c: WebContext, prefix: string) {
  c.header("Cache-Control", "no-store")
  return html`<!doctype html><title>Wrong address</title><h1>Wrong address</h1>
<p>This server answers at <a href="${prefix}/">${prefix}</a> (the option system.url-prefix).</p>`
}

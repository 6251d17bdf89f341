import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import type { ApiContext } from "./caller.ts"
import { linkHeader, type Page } from "./pagination.ts"

/** A page of a list with its Link header. */
export function answerList(
  app: Pick<App, "config">,
  c: ApiContext,
  list: { items: object; page: Page; hasMore: boolean },
) {
  const { search } = new URL(c.req.url)
  const address = new URL(publicUrl(app, c.req.path) + search)
  c.header("Link", linkHeader(address, list.page, list.hasMore))
  return c.json(list.items)
}

/** The absolute address of a path as people and programs reach it, whatever Host this request named. */
export function publicUrl(app: Pick<App, "config">, path: string): string {
  return `${publicAddress(app.config).replace(/\/$/, "")}${path}`
}

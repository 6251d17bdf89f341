import type { WebContext } from "../../../context.ts"

const PER_PAGE = 50
const MAX_PAGES = 1000
const MAX_TEXT_CHARACTERS = 200

/** Which part of a list of uploads is asked for, and where its neighbours are. */
export function listPlace(c: WebContext, path: string) {
  const text = (c.req.query("query") ?? "").trim().slice(0, MAX_TEXT_CHARACTERS)
  const page = Math.min(Math.max(1, Math.trunc(Number(c.req.query("page"))) || 1), MAX_PAGES)
  const href = (number: number) => {
    const query = new URLSearchParams({ ...(text && { query: text }), page: String(number) })
    return `${path}?${query}`
  }
  return {
    text,
    asked: { text, limit: PER_PAGE + 1, offset: (page - 1) * PER_PAGE },
    /** The rows of this page, of one more than that. */
    cut: <Row>(found: readonly Row[]) => ({
      rows: found.slice(0, PER_PAGE),
      previous: page > 1 ? href(page - 1) : null,
      next: found.length > PER_PAGE ? href(page + 1) : null,
    }),
  }
}

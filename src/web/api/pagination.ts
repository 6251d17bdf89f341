import { AppError } from "#platform/errors.ts"

/** Sentry's default and greatest page. */
const MAX_PER_PAGE = 100

/** `value:offset:isPrevious`: three numbers; we page by offset only. */
const CURSOR = /^(\d{1,15}):(\d{1,9}):([01])$/

export type Page = { limit: number; offset: number }

/** Reads `cursor` and `per_page` (400 above 100) or `limit` (clamped: Grafana asks for 10,000). Throws invalid. */
export function readPage(query: Record<string, string>): Page {
  return { limit: readLimit(query), offset: readOffset(query.cursor ?? "") }
}

function readLimit({ per_page: perPage, limit }: Record<string, string>): number {
  if (perPage !== undefined) {
    const size = Number(perPage)
    if (!Number.isInteger(size)) throw new AppError("invalid", "Invalid per_page parameter.")
    if (size < 1 || size > MAX_PER_PAGE) {
      throw new AppError(
        "invalid",
        `Invalid per_page value. Must be between 1 and ${MAX_PER_PAGE}.`,
      )
    }
    return size
  }
  const size = Number(limit ?? MAX_PER_PAGE)
  return Number.isInteger(size) && size > 0 ? Math.min(size, MAX_PER_PAGE) : MAX_PER_PAGE
}

function readOffset(cursor: string): number {
  if (cursor === "") return 0
  const match = CURSOR.exec(cursor)
  if (!match) throw new AppError("invalid", "Invalid cursor parameter.")
  return Number(match[2])
}

/**
 * The `Link` header: previous first, next second, both always there, all query parameters kept. Several clients split it at
 * commas or read its parts by position. `address` is this list's own public one.
 */
export function linkHeader(address: URL, page: Page, hasMore: boolean): string {
  const previous = Math.max(0, page.offset - page.limit)
  return [
    link(address, "previous", page.offset > 0, `0:${previous}:1`),
    link(address, "next", hasMore, `0:${page.offset + page.limit}:0`),
  ].join(", ")
}

function link(address: URL, rel: string, results: boolean, cursor: string): string {
  const query = new URLSearchParams(address.search)
  query.delete("cursor")
  const target = `${address.origin}${address.pathname}?${query}&cursor=${cursor}`
  return `<${target}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`
}

/** One row more than the page holds was read: it tells whether the list goes on. */
export function cutPage<Row>(rows: readonly Row[], page: Page): { rows: Row[]; hasMore: boolean } {
  return { rows: rows.slice(0, page.limit), hasMore: rows.length > page.limit }
}

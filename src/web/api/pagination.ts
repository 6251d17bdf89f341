import { AppError } from "#platform/errors.ts"

/** Sentry's default and greatest page. */
export const MAX_PER_PAGE = 100

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
 * commas or read its parts by position.
 */
export function linkHeader(requestUrl: URL, page: Page, hasMore: boolean): string {
  const previous = Math.max(0, page.offset - page.limit)
  return [
    link(requestUrl, "previous", page.offset > 0, `0:${previous}:1`),
    link(requestUrl, "next", hasMore, `0:${page.offset + page.limit}:0`),
  ].join(", ")
}

function link(requestUrl: URL, rel: string, results: boolean, cursor: string): string {
  const query = new URLSearchParams(requestUrl.search)
  query.delete("cursor")
  const rest = query.toString()
  const address = `${requestUrl.origin}${requestUrl.pathname}?${rest}&cursor=${cursor}`
  return `<${address}>; rel="${rel}"; results="${results}"; cursor="${cursor}"`
}

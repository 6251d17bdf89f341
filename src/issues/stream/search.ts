import type { Db } from "#platform/db.ts"
import { readSearch, type Search } from "../search/search.ts"
import { countStream, listStream, MAX_HITS, type PagedIssue, type Position } from "./store.ts"
import type { Sort, StreamIssue, StreamScope } from "./stream.ts"

export type StreamPage = {
  issues: StreamIssue[]
  /** Opaque; null where the list ends. */
  next: string | null
  previous: string | null
  /** Exact up to MAX_HITS; then `isMore`. */
  hits: { count: number; isMore: boolean }
}

export type StreamAnswer = { ok: true; page: StreamPage } | Extract<Search, { ok: false }>

/** Runs a read on a connection of its choice, as with a limit of its own. */
export type Read = <T>(run: (db: Db) => Promise<T>) => Promise<T>

/**
 * Issues of an organization that match a query, for pages and the API alike. A query that is not understood finds nothing. List and
 * count are read side by side, each through `read`.
 */
export async function searchIssues(
  db: Db,
  request: StreamScope & { query: string; sort: Sort; cursor?: string | undefined; limit: number },
  read: Read = (run) => run(db),
): Promise<StreamAnswer> {
  const search = readSearch(request.query, request.period.to)
  if (!search.ok) return search
  const { condition } = search
  const position = readCursor(request.cursor, request.sort)
  const page = { condition, sort: request.sort, position, limit: request.limit + 1 }
  const [rows, count] = await Promise.all([
    read((reader) => listStream(reader, request, page)),
    read((reader) => countStream(reader, request, condition)),
  ])
  const hits = { count: Math.min(count, MAX_HITS), isMore: count > MAX_HITS }
  return { ok: true, page: { ...pageOf(rows, request, position), hits } }
}

/** One row more than asked for was read: it tells whether the list goes on. */
function pageOf(
  rows: PagedIssue[],
  { limit, sort }: { limit: number; sort: Sort },
  position: Position | null,
): Omit<StreamPage, "hits"> {
  const isMore = rows.length > limit
  const isBack = position?.direction === "previous"
  const kept = isBack ? rows.slice(-limit) : rows.slice(0, limit)
  const hasNext = isBack || isMore
  const hasPrevious = isBack ? isMore : position !== null
  return {
    issues: kept.map(({ sortKey: _, ...issue }) => issue),
    next: hasNext ? cursorOf(kept.at(-1), sort, "next") : null,
    previous: hasPrevious ? cursorOf(kept[0], sort, "previous") : null,
  }
}

function cursorOf(
  issue: PagedIssue | undefined,
  sort: Sort,
  direction: Position["direction"],
): string | null {
  if (!issue) return null
  const text = [sort, direction, issue.id, issue.sortKey].join("|")
  return Buffer.from(text).toString("base64url")
}

const KEYS: Record<Sort, RegExp> = {
  date: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/,
  new: /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?\+00$/,
  freq: /^\d{1,18}$/,
  user: /^\d{1,9}$/,
  priority: /^\d{1,18}(?:\.\d{1,6})?$/,
}

/** A cursor of another order, or one that somebody made up, is the first page. */
function readCursor(cursor: string | undefined, sort: Sort): Position | null {
  if (!cursor || cursor.length > 200) return null
  const [of, direction, id = "", key = ""] = Buffer.from(cursor, "base64url").toString().split("|")
  const isKnown = of === sort && (direction === "next" || direction === "previous")
  return isKnown && /^\d{1,18}$/.test(id) && KEYS[sort].test(key) ? { key, id, direction } : null
}

import { readSearch } from "#issues/search/search.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import { type StreamRequest, searchOf } from "./stream/request.ts"

type Fields = { get(name: string): unknown }

/** Ticked rows of one page are at most this many; what a form asks for is never more. */
const MAX_TICKED = 1_000

/** The page on which an action for everything that matches is chosen and confirmed. */
export function bulkUrl(org: string, request: StreamRequest): string {
  const search = new URLSearchParams(searchOf({ ...request, cursor: undefined }))
  search.set("query", request.query)
  return `${urls.issues(org)}bulk/?${search}`
}

/**
 * The fields of an action. A button carries more than its name behind a question mark (`archive_for?minutes=60`), so that
 * one form can hold many; these win over the form's own fields.
 */
export function actionFields(form: Fields): Fields {
  const [action = "", details = ""] = String(form.get("action") ?? "").split("?", 2)
  const own = new URLSearchParams(details)
  return { get: (name) => (name === "action" ? action : (own.get(name) ?? form.get(name))) }
}

/** The ids a form is about: one row's own button, else what is ticked. Nothing ticked is refused, never everything. */
export function tickedIds(form: FormData): string[] {
  const only = actionFields(form).get("only")
  const ids =
    typeof only === "string" ? [only] : form.getAll("id").flatMap((id) => String(id).split(","))
  const valid = [...new Set(ids)].filter((id) => /^\d{1,18}$/.test(id)).slice(0, MAX_TICKED)
  if (valid.length === 0) throw new AppError("invalid", "Select at least one issue first.")
  return valid
}

/** The condition of a query-wide action. A query that is empty or not understood must never act on more than was meant. */
export function bulkCondition(query: string, now: Date) {
  if (query.trim() === "") {
    throw new AppError("invalid", "Acting on everything needs a query that says which issues.")
  }
  const search = readSearch(query, now)
  if (!search.ok) throw new AppError("invalid", `The query is not understood: ${search.message}`)
  return search.condition
}

/** The count moved by more than a twentieth between question and answer: ask again. */
export function hasMoved(expected: number, now: number): boolean {
  return Math.abs(now - expected) > Math.max(1, expected) * 0.05
}

import { AppError } from "#platform/errors.ts"
import type { WebContext } from "../context.ts"
import type { FieldErrors } from "./components/forms/form.tsx"

export const MAX_FIELD_LENGTH = 100_000

/** What a form was filled in with; a field that is missing or a file is "". */
export type FormData = {
  text(name: string): string
  /** Every value of a field that may come more than once. */
  list(name: string): string[]
  isChecked(name: string): boolean
}

export async function readForm(c: WebContext): Promise<FormData> {
  const body = await c.req.parseBody({ all: true })
  const list = (name: string) =>
    [Object.hasOwn(body, name) ? body[name] : []]
      .flat()
      .filter((value) => typeof value === "string")
      .map((value) => value.slice(0, MAX_FIELD_LENGTH))
  return {
    list,
    text: (name) => list(name)[0]?.trim() ?? "",
    isChecked: (name) => list(name).length > 0,
  }
}

/**
 * Runs what a form asks for. A refusal that the person can mend comes back as messages for the form, to be shown with
 * what was typed; anything else is thrown on. null: it worked.
 */
export async function formErrors(work: () => Promise<unknown>): Promise<FieldErrors | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof AppError) || !["invalid", "conflict"].includes(error.code)) throw error
    const { field } = error.details
    return { [typeof field === "string" ? field : ""]: error.message }
  }
}

/** For buttons that name no action of the page: an old page, or a hand-made request. */
export function unknownAction(): never {
  throw new AppError("invalid", "This page does not know that action. Reload it and try again.")
}

import { AppError } from "#platform/errors.ts"
import type { FormData } from "../form-data.ts"

/** Throws `invalid` unless the name of what is about to go was typed. */
export function checkConfirmed(form: FormData, slug: string): void {
  if (form.text("confirm") === slug) return
  throw new AppError("invalid", `Type ${slug} exactly as it stands there.`, { field: "confirm" })
}

import { isEmail } from "#accounts/users/account.ts"
import { REPORT_LIMITS } from "#feedback/report.ts"
import type { Composition } from "../accept-composed.ts"

/** What is wrong with each field. */
export type ReportErrors = Record<string, string[]>

/** What a visitor wrote into a form about an event: name, e-mail (may be missing) and comments, URL-encoded. */
export function composeReport(
  bytes: Uint8Array,
  eventId: string,
): Composition | { errors: ReportErrors } {
  const form = new URLSearchParams(Buffer.from(bytes).toString())
  const [name, email, comments] = ["name", "email", "comments"].map(
    (field) => form.get(field)?.trim() ?? "",
  ) as [string, string, string]
  const errors: ReportErrors = {
    ...wrong("name", tooLong(name, REPORT_LIMITS.name)),
    ...wrong("email", tooLong(email, REPORT_LIMITS.email) ?? unusable(email)),
    ...wrong(
      "comments",
      comments === "" ? "This field is required." : tooLong(comments, REPORT_LIMITS.message),
    ),
  }
  if (Object.keys(errors).length > 0) return { errors }
  const payload = Buffer.from(JSON.stringify({ event_id: eventId, name, email, comments }))
  return { eventId, items: [{ type: "user_report", headers: {}, payload }] }
}

const wrong = (field: string, what: string | null): ReportErrors =>
  what ? { [field]: [what] } : {}

function tooLong(text: string, max: number): string | null {
  return text.length > max ? `Ensure this field has no more than ${max} characters.` : null
}

function unusable(email: string): string | null {
  return email === "" || isEmail(email) ? null : "Enter a valid email address."
}

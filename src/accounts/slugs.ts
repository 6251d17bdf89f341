import { AppError } from "#platform/errors.ts"

const SLUG = /^[a-z0-9][a-z0-9_-]{0,49}$/
const MAX_LENGTH = 50

/** First path segments that are pages: an organization of that name would hide them, or be hidden. */
const RESERVED = new Set(
  `settings organizations auth account accept api issues projects releases performance crons monitors alerts
  feedback stats manage setup share unsubscribe join-request onboarding extensions oauth saml js-sdk-loader
  orgredirect traces explore insights dashboards discover replays profiling pull preprod restore static _static
  _health _metrics robots.txt favicon.ico login-redirect new deleting`.split(/\s+/),
)

/** A slug made of a name: "My Café" is "my-cafe"; "" when nothing is left of it. */
export function slugOf(name: string): string {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, MAX_LENGTH)
    .replace(/-$/, "")
}

/** Why a text cannot be a slug, or null when it can. */
export function slugProblem(slug: string): string | null {
  if (!SLUG.test(slug)) {
    return "Use 1 to 50 small letters, digits, - and _, beginning with a letter or digit."
  }
  // Sentry's API takes an id wherever it takes a slug, so a slug of digits alone would name two things.
  if (/^\d+$/.test(slug)) return "Add a letter: digits alone are an id."
  if (RESERVED.has(slug) || slug.startsWith("deleting_"))
    return `"${slug}" is a page of its own; choose another.`
  return null
}

export function checkSlug(slug: string): void {
  const problem = slugProblem(slug)
  if (problem) throw new AppError("invalid", problem, { field: "slug" })
}

/**
 * Without NUL (PostgreSQL's text and jsonb refuse it) and without lone surrogates (UTF-8 has none). Both tests are
 * native scans; the repair is rare.
 */
export function cleanText(text: string): string {
  return text.isWellFormed() && !text.includes("\0")
    ? text
    : text.toWellFormed().replaceAll("\0", "")
}

/** At most `limit` UTF-16 units, the last three of them "..." when something was cut. Never splits a character. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${headOf(text, Math.max(0, limit - 3))}...`
}

/** The first `length` units, one less when that would split a surrogate pair. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

export function hasLineBreak(text: string): boolean {
  return text.includes("\n") || text.includes("\r")
}

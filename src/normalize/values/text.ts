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

/** Unicode characters: a surrogate pair is one. */
export function charactersOf(text: string): number {
  let count = text.length
  for (let index = 1; index < text.length; index++) {
    if (isLow(text.charCodeAt(index)) && isHigh(text.charCodeAt(index - 1))) count--
  }
  return count
}

/** Whether it has more than `limit` characters; counts only where the number of units does not tell. */
export function isLongerThan(text: string, limit: number): boolean {
  if (text.length <= limit) return false
  return text.length > 2 * limit || charactersOf(text) > limit
}

/** The first `count` characters. */
export function charactersUpTo(text: string, count: number): string {
  if (text.length <= count) return text
  let end = 0
  for (let left = count; left > 0 && end < text.length; left--) {
    end += isHigh(text.charCodeAt(end)) && isLow(text.charCodeAt(end + 1)) ? 2 : 1
  }
  return text.slice(0, end)
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

export function hasLineBreak(text: string): boolean {
  return text.includes("\n") || text.includes("\r")
}

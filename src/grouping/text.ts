/** The first `length` UTF-16 units; one less when that would split a surrogate pair. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

/** At most `limit` units, with "..." for the rest. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${headOf(text, limit - 3)}...`
}

export function firstLine(text: string): string {
  const trimmed = text.trim()
  const end = trimmed.search(/[\r\n]/)
  return end === -1 ? trimmed : trimmed.slice(0, end).trimEnd()
}

export function oneLine(text: string): string {
  return text.includes("\n") || text.includes("\r") ? text.replaceAll(/[\r\n]+/g, " ") : text
}

const AROUND = 5
const MAX_LINE_CHARS = 150
const KEPT_CHARS = 140
const KEPT_BEFORE = 60
/** So little more is not worth a cut. */
const SLACK = 5

export type Context = { pre: string[]; line: string; post: string[] }

/** A text that is read by line number many times. Lines, columns and offsets count from 0. */
export type LinedText = {
  text: string
  lineCount: number
  lineAt(line: number): string
  offsetOf(line: number, column: number): number
  positionOf(offset: number): { line: number; column: number }
}

export function linedText(text: string): LinedText {
  const starts = [0]
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return {
    text,
    lineCount: starts.length,
    offsetOf: (line, column) => (starts[line] ?? text.length) + column,
    positionOf(offset) {
      let low = 0
      let high = starts.length - 1
      while (low <= high) {
        const middle = (low + high) >> 1
        if ((starts[middle] ?? 0) <= offset) low = middle + 1
        else high = middle - 1
      }
      return { line: high, column: offset - (starts[high] ?? 0) }
    },
    lineAt(line) {
      const start = starts[line] ?? text.length
      const end = (starts[line + 1] ?? text.length + 1) - 1
      return text.slice(start, text[end - 1] === "\r" ? end - 1 : end)
    },
  }
}

/** The line at `line` (from 0) with its neighbours, long lines cut around `column`; null: there is no such line. */
export function contextAt(source: LinedText, line: number, column: number): Context | null {
  if (line < 0 || line >= source.lineCount) return null
  const lines = (from: number, to: number) => {
    const found: string[] = []
    for (let index = Math.max(0, from); index < Math.min(to, source.lineCount); index++) {
      found.push(cutLine(source.lineAt(index), 0))
    }
    return found
  }
  return {
    pre: lines(line - AROUND, line),
    line: cutLine(source.lineAt(line), column),
    post: lines(line + 1, line + 1 + AROUND),
  }
}

/** A minified file may be one line of megabytes: what stands around the column is enough. */
export function cutLine(line: string, column: number): string {
  if (line.length <= MAX_LINE_CHARS) return line
  let start = Math.min(Math.max(0, column - KEPT_BEFORE), line.length - KEPT_CHARS)
  if (start < SLACK) start = 0
  let end = start + KEPT_CHARS
  if (line.length - end < SLACK) end = line.length
  const kept = line.slice(start, end).toWellFormed()
  return `${start > 0 ? "{snip} " : ""}${kept}${end < line.length ? " {snip}" : ""}`
}

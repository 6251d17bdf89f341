import { decode } from "@jridgewell/sourcemap-codec"

/** The function around a position in one source, counted from 0; null: none that has a name. */
export type FunctionMap = (line: number, column: number) => string | null

type Start = { line: number; column: number; name: number }

/**
 * Metro's `x_facebook_sources`: names, and where each begins, as VLQ triples of column, name and line, each told as the difference to the
 * one before. Read when it is first asked: a program has thousands of sources, and an error a dozen.
 */
export function functionMapOf(metadata: unknown): FunctionMap | null {
  const { names, mappings } = (metadata ?? {}) as { names?: unknown; mappings?: unknown }
  if (!Array.isArray(names) || typeof mappings !== "string") return null
  let starts: Start[] | null = null
  return (line, column) => {
    starts ??= startsIn(mappings)
    const name = names[lastBefore(starts, line, column)?.name ?? -1]
    return typeof name === "string" ? name : null
  }
}

function startsIn(mappings: string): Start[] {
  const starts: Start[] = []
  let name = 0
  let line = 0
  for (const group of mappings.split(";")) {
    let column = 0
    for (const text of group.split(",")) {
      if (text === "") continue
      const [columns = 0, names = 0, lines = 0] = triple(text)
      column += columns
      name += names
      line += lines
      starts.push({ line, column, name })
    }
  }
  return starts
}

/** The codec knows segments of maps only; one alone has no other before it to differ from. */
function triple(text: string): readonly number[] {
  const [segment] = decode(`${text}A`)[0] ?? []
  return segment ?? []
}

function lastBefore(starts: readonly Start[], line: number, column: number): Start | undefined {
  let low = 0
  let high = starts.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const start = starts[middle]
    if (start && (start.line < line || (start.line === line && start.column <= column)))
      low = middle + 1
    else high = middle - 1
  }
  return starts[high]
}

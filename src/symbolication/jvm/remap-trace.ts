import type { OpenMapping } from "./mapping.ts"
import type { MethodRow } from "./read-class.ts"

/** A frame as the running program tells it. */
export type JvmFrame = { module: string; function: string; line: number | undefined }

export type RemappedFrame = {
  module: string
  function: string
  /** null: nobody knows. */
  line: number | null
  /** null: as it was. */
  file: string | null
  isSynthesized: boolean
}

/** What a frame becomes: itself (null), nothing, or one frame and those that were put into it, oldest first. */
export type FrameRemapping = RemappedFrame[] | null

type Found = { rows: readonly MethodRow[]; isExact: boolean }

/**
 * Gives frames the names and lines that were written. Oldest first; null stands for frames of something else. `thrown` is the original
 * name of the exception whose trace it is.
 */
export function remapTrace(
  mapping: OpenMapping,
  frames: readonly (JvmFrame | null)[],
  thrown: string | null,
): FrameRemapping[] {
  const remapped: FrameRemapping[] = []
  let outlineLine: number | null = null
  let isNewest = true
  // Newest first: a shared piece of code tells its caller where that was.
  for (const frame of frames.toReversed()) {
    const result = frame && remapFrame(mapping, frame, outlineLine)
    outlineLine = null
    if (result?.isOutline) {
      outlineLine = frame?.line ?? null
      remapped.push([])
      continue
    }
    const kept = result && isNewest ? rewritten(result, thrown) : (result?.frames ?? null)
    isNewest = false
    remapped.push(kept && withoutSynthesized(kept, frame?.line))
  }
  return remapped.reverse()
}

type Remapping = { frames: RemappedFrame[]; rows: readonly MethodRow[]; isOutline: boolean }

function remapFrame(
  mapping: OpenMapping,
  frame: JvmFrame,
  outlineLine: number | null,
): Remapping | null {
  const found = mapping.classOf(frame.module)
  if (!found) return null
  const all = found.methods.get(frame.function) ?? []
  const line = lineWithin(all, frame.line, outlineLine)
  const { rows, isExact } = rowsAt(all, line)
  const isOutline = rows.some(({ notes }) => notes.isOutline)
  if (rows.length === 0) {
    const bare = { module: found.name, function: frame.function, line: frame.line ?? null }
    const file = found.sourceFile
    return { frames: [{ ...bare, file, isSynthesized: false }], rows, isOutline }
  }
  const frames = rows.map((row): RemappedFrame => {
    const own = row.className === found.name ? found : null
    return {
      module: row.className,
      function: row.name,
      line: isExact ? originalLine(row, line) : null,
      file: own ? own.sourceFile : mapping.sourceFileOf(row.className),
      isSynthesized: row.notes.isSynthesized || own?.isSynthesized === true,
    }
  })
  return { frames: frames.reverse(), rows, isOutline }
}

/** Where the caller of an outline was before R8 took that code out of it. */
function lineWithin(
  rows: readonly MethodRow[],
  line: number | undefined,
  outlineLine: number | null,
): number | undefined {
  if (line === undefined || outlineLine === null) return line
  const caller = rowsAt(rows, line).rows.find(({ notes }) => notes.outlineLines)
  return caller?.notes.outlineLines?.get(outlineLine) ?? line
}

/** The rows of a line, innermost first: neighbours with the same range were put into each other. */
function rowsAt(rows: readonly MethodRow[], line: number | undefined): Found {
  if (line !== undefined) {
    const start = rows.findIndex(
      ({ lines }) => lines !== null && lines.first <= line && line <= lines.last,
    )
    if (start !== -1) return { rows: groupAt(rows, start), isExact: true }
  }
  const open = rows.filter(({ lines }) => lines === null)
  if (open.length > 0 && isOneMethod(open)) return { rows: open.slice(0, 1), isExact: true }
  const callers = rows.filter((row, index) => !isSameRange(row, rows[index + 1]))
  return { rows: isOneMethod(callers) ? callers.slice(0, 1) : [], isExact: false }
}

function groupAt(rows: readonly MethodRow[], start: number): readonly MethodRow[] {
  let end = start + 1
  while (end < rows.length && isSameRange(rows[start], rows[end])) end++
  return rows.slice(start, end)
}

function isSameRange(a: MethodRow | undefined, b: MethodRow | undefined): boolean {
  return (
    !!a?.lines && !!b?.lines && a.lines.first === b.lines.first && a.lines.last === b.lines.last
  )
}

/** Overloads and methods of other classes may have been given one name. */
function isOneMethod(rows: readonly MethodRow[]): boolean {
  const [first] = rows
  return rows.every(({ className, name }) => className === first?.className && name === first.name)
}

function originalLine({ lines, original }: MethodRow, line: number | undefined): number | null {
  if (line === undefined) return null
  if (!original) return line
  const isOne = original.last === null || original.last === original.first
  return isOne || !lines ? original.first : original.first + (line - lines.first)
}

/** What R8 put in front of the place where the exception was thrown is taken away again. */
function rewritten({ frames, rows }: Remapping, thrown: string | null): RemappedFrame[] {
  const rewrites = rows.flatMap(({ notes }) => notes.rewrites)
  const removed = rewrites.find((rewrite) => rewrite.thrown === thrown)?.removed ?? 0
  return removed > 0 ? frames.slice(0, Math.max(0, frames.length - removed)) : frames
}

/** With a line it is certain that nobody wrote it. */
function withoutSynthesized(frames: RemappedFrame[], line: number | undefined): RemappedFrame[] {
  return line === undefined ? frames : frames.filter(({ isSynthesized }) => !isSynthesized)
}

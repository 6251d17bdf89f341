import { type Context, contextAt, type LinedText } from "./context-lines.ts"
import { ANONYMOUS, functionName, GLOBAL } from "./function-names.ts"
import type { Scopes } from "./scopes.ts"
import type { OpenMap, Token } from "./source-map.ts"
import { type SourcePlace, sourcePlace } from "./source-paths.ts"
import { joinUrl } from "./urls.ts"

/** A frame as the engine told it; line and column count from 1. */
export type RawFrame = {
  absPath: string
  line: number
  column: number | undefined
  function: string | undefined
}

/** A minified file that is open, as far as there is something of it. */
export type OpenFile = {
  body: LinedText | null
  scopes: Scopes | null
  map: OpenMap | null
  /** null: the map stands in the file itself. */
  mapUrl: string | null
}

export type MappedFrame = SourcePlace & {
  line: number
  column: number
  function: string | undefined
  /** null: the map does not bring the source. */
  context: Context | null
  sourceMap: string
}

export type FrameResult =
  /** `raw` is what stands around the place in the minified file. */
  | { kind: "mapped"; frame: MappedFrame; raw: Context | null }
  /** A file without a map is its own source. */
  | { kind: "source"; context: Context | null }
  | { kind: "invalid_location"; raw: Context | null }

/** `called` is what the frame calls, by its original name: the next newer frame may have no other. */
export type Mapping = { result: FrameResult; called: string | null }

/** Finds the original place of a frame; `called` is what the frame before it, its caller, called. */
export function mapFrame(frame: RawFrame, file: OpenFile, called: string | null): Mapping {
  const line = frame.line - 1
  const column = Math.max(0, (frame.column ?? 0) - 1)
  const raw = file.body && contextAt(file.body, line, column)
  if (!file.map) return { result: { kind: "source", context: raw }, called: null }
  const token = file.map.tokenAt(line, column)
  if (!token) return { result: { kind: "invalid_location", raw }, called: null }
  const scope = token.scope ?? scopeName(file, line, column)
  const name = functionName({ scope, called, raw: frame.function })
  const mapped = placed(frame, file, token)
  return {
    result: { kind: "mapped", frame: { ...mapped, function: name }, raw },
    called: token.name,
  }
}

function placed(
  frame: RawFrame,
  { mapUrl }: OpenFile,
  token: Token,
): Omit<MappedFrame, "function"> {
  const absPath = joinUrl(mapUrl ?? frame.absPath, token.source)
  const content = token.content()
  return {
    ...sourcePlace(absPath, token.source),
    line: token.line + 1,
    column: token.column + 1,
    context: content && contextAt(content, token.line, token.column),
    sourceMap: mapUrl ?? frame.absPath,
  }
}

/** What the function around a minified place was called; null: nobody knows. */
function scopeName({ body, scopes, map }: OpenFile, line: number, column: number): string | null {
  if (!body || !scopes || !map) return null
  const parts = scopes.nameAt(body.offsetOf(line, column))
  if (parts === null) return GLOBAL
  if (parts.length === 0) return ANONYMOUS
  const original = parts.map(({ text, at }) => {
    if (at === null) return text
    const place = body.positionOf(at)
    return map.nameAt(place.line, place.column) ?? text
  })
  return original.join("")
}

import { contextAt } from "../javascript/context-lines.ts"
import { mapFrame } from "../javascript/map-frame.ts"
import type { OpenFiles } from "./open-files.ts"
import type {
  ContextAnswer,
  ContextRequest,
  MapAnswer,
  MapRequest,
  ThreadFrame,
  TraceToMap,
} from "./protocol.ts"

export async function answerMapping(files: OpenFiles, request: MapRequest): Promise<MapAnswer> {
  const opened: Awaited<ReturnType<OpenFiles["open"]>>[] = []
  // One after the other: reading is quick, and what is opened twice would be opened by nobody else.
  for (const sources of request.files) opened.push(await files.open(sources))
  return request.traces.map((trace) => mapTrace(trace, opened))
}

/** Oldest first: a caller knows what it called. */
function mapTrace(
  trace: TraceToMap,
  opened: readonly Awaited<ReturnType<OpenFiles["open"]>>[],
): (ThreadFrame | null)[] {
  let called: string | null = null
  return trace.map((frame) => {
    const file = frame && opened[frame.file]
    const before = called
    called = null
    if (!frame || !file) return null
    if ("unusable" in file) return file.unusable
    const mapping = mapFrame(frame, file.file, before)
    called = mapping.called
    return mapping.result
  })
}

export async function answerContexts(
  files: OpenFiles,
  { places }: ContextRequest,
): Promise<ContextAnswer> {
  const contexts: ContextAnswer = []
  for (const { source, line, column } of places) {
    const text = await files.openSource(source)
    contexts.push(text && contextAt(text, line - 1, column - 1))
  }
  return contexts
}

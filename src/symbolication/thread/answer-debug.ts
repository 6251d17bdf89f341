import { remapTrace } from "../jvm/remap-trace.ts"
import type { OpenDebugFiles } from "./open-debug-files.ts"
import type { NameAnswer, NameRequest, RemapAnswer, RemapRequest } from "./protocol.ts"

export async function answerRemapping(
  files: OpenDebugFiles,
  request: RemapRequest,
): Promise<RemapAnswer> {
  const opened: Awaited<ReturnType<OpenDebugFiles["mapping"]>>[] = []
  for (const file of request.mappings) opened.push(await files.mapping(file))
  const mappingAt = (index: number) => {
    const each = opened[index]
    return each && "opened" in each ? each.opened : null
  }
  const classIn = (index: number, name: string) => mappingAt(index)?.classOf(name)?.name ?? null
  return {
    mappings: opened.map((each) =>
      "opened" in each
        ? { problem: null, hasLines: each.opened.hasLines }
        : { problem: each.problem, hasLines: false },
    ),
    remapped: request.traces.map(({ mapping: index, frames, thrown }) => {
      const mapping = mappingAt(index)
      if (!mapping) return frames.map(() => null)
      return remapTrace(mapping, frames, thrown && (classIn(index, thrown) ?? thrown))
    }),
    classes: request.classes.map(({ mapping, name }) => classIn(mapping, name)),
  }
}

export async function answerNaming(
  files: OpenDebugFiles,
  request: NameRequest,
): Promise<NameAnswer> {
  const opened: Awaited<ReturnType<OpenDebugFiles["symbols"]>>[] = []
  for (const file of request.files) opened.push(await files.symbols(file))
  return {
    files: opened.map((each) => ({
      problem: "problem" in each ? each.problem : null,
      hasLines: false,
    })),
    named: request.addresses.map(({ file, at }) => {
      const each = opened[file]
      return each && "opened" in each ? each.opened.framesAt(at) : null
    }),
  }
}

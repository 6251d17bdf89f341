import type { Frame, Stacktrace } from "#normalize/event.ts"

export function serializeStacktrace(trace: Stacktrace) {
  return {
    frames: trace.frames.map(serializeFrame),
    framesOmitted: null,
    registers: trace.registers ?? null,
    hasSystemFrames:
      trace.frames.some((frame) => frame.in_app) && trace.frames.some((frame) => !frame.in_app),
  }
}

function serializeFrame(frame: Frame) {
  return {
    ...placeOf(frame),
    inApp: frame.in_app ?? false,
    context: contextOf(frame),
    vars: frame.vars ?? null,
    errors: null,
    instructionAddr: frame.instruction_addr ?? null,
    symbolAddr: frame.symbol_addr ?? null,
    trust: frame.trust ?? null,
    lock: frame.lock ?? null,
    sourceLink: null,
  }
}

function placeOf(frame: Frame) {
  return {
    filename: frame.filename ?? null,
    absPath: frame.abs_path ?? null,
    module: frame.module ?? null,
    package: frame.package ?? null,
    platform: frame.platform ?? null,
    function: frame.function ?? null,
    rawFunction: frame.raw_function ?? null,
    symbol: frame.symbol ?? null,
    lineNo: frame.lineno ?? null,
    colNo: frame.colno ?? null,
  }
}

/** Source lines with their numbers. */
function contextOf(frame: Frame): [number, string][] {
  const line = frame.lineno
  if (line === undefined || frame.context_line === undefined) return []
  const before = frame.pre_context ?? []
  const lines = [...before, frame.context_line, ...(frame.post_context ?? [])]
  return lines.map((text, index) => [line - before.length + index, text])
}

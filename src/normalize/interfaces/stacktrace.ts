import type { Bag, Frame, Stacktrace } from "../event.ts"
import { bag, mediumBag } from "../values/bag.ts"
import { address, bool, text, unsigned } from "../values/coerce.ts"
import { isRecord, listOf, type Reader, record } from "../values/read.ts"
import { remark, remarkCut } from "../values/remarks.ts"

/** The newest frames tell where it happened; a stack overflow has thousands of older ones. */
const MAX_FRAMES = 250
/** Beyond this many frames, source context and variables stay with those at the ends. */
const MAX_FRAMES_WITH_CONTEXT = 50
/** A source line longer than this is minified or generated. */
const MAX_LINE_CHARACTERS = 1024
const MAX_CONTEXT_LINES = 50

const path = text(256, 40)
const symbol = text(256, 20)
const enumLike = text(128)

const line = text(MAX_LINE_CHARACTERS)

/** Source lines; null is a blank line here, since the position of a line says its number. */
export const contextLines: Reader<string[]> = (value, remarks) => {
  const lines =
    Array.isArray(value) && value.includes(null) ? value.map((each) => each ?? "") : value
  return readLines(lines, remarks)
}
const readLines = listOf(line, { max: MAX_CONTEXT_LINES, keep: "first" })

const known: Reader<string> = (value, remarks) => {
  const name = symbol(value, remarks)
  return name === "?" || name === "??" ? undefined : name
}

/** Variables are an object of names, or a list (arguments by position). */
const vars: Reader<Record<string, unknown>> = (value, remarks) =>
  readVars(Array.isArray(value) && value.length > 0 ? { ...value.slice(0, 100) } : value, remarks)
const readVars = bag(mediumBag)

const readFrame = record<Frame>({
  filename: path,
  abs_path: path,
  function: known,
  raw_function: text(1024, 20),
  symbol: known,
  module: symbol,
  package: path,
  platform: enumLike,
  lineno: unsigned,
  colno: unsigned,
  pre_context: contextLines,
  context_line: line,
  post_context: contextLines,
  in_app: bool,
  vars,
  data: bag(mediumBag),
  instruction_addr: address,
  symbol_addr: address,
  image_addr: address,
  addr_mode: enumLike,
  trust: enumLike,
  lang: enumLike,
  stack_start: bool,
  native: bool,
  function_id: enumLike,
  lock: bag(mediumBag),
})

/** A frame without any member stays: its neighbours' meaning depends on the order. */
const frame: Reader<Frame> = (value, remarks) => {
  const read = readFrame(value, remarks)
  if (!read) return read
  const placed = withPaths(read)
  const hasNeighbours = placed.pre_context !== undefined || placed.post_context !== undefined
  return placed.context_line === undefined && hasNeighbours
    ? { ...placed, context_line: "" }
    : placed
}

/** `abs_path` is where the code came from, `filename` the short form; SDKs that know only one send it as filename. */
function withPaths(frame: Frame): Frame {
  if (frame.abs_path && frame.filename) return frame
  const absolute = frame.abs_path || frame.filename
  if (!absolute) return frame
  return { ...frame, abs_path: absolute, filename: pathOfUrl(absolute) ?? absolute }
}

const URL_PATH = /^(?:file|https?|applewebdata):\/\/[^/?#]*(\/[^?#]+)/

function pathOfUrl(location: string): string | undefined {
  return location.includes("://") ? URL_PATH.exec(location)?.[1] : undefined
}

const registers: Reader<Record<string, string>> = (value, remarks) => {
  const read = readRegisters(value, remarks)
  if (!read) return undefined
  const texts: Record<string, string> = {}
  for (const name in read) {
    const value = address(read[name], remarks)
    if (value !== undefined) texts[name] = value
  }
  return texts
}
const readRegisters = bag(mediumBag)

const readList = listOf(frame, { max: MAX_FRAMES, keep: "last" })

/** What is thrown away is not even read. */
const frames: Reader<Frame[]> = (value, remarks) => {
  if (!Array.isArray(value) || value.length <= MAX_FRAMES_WITH_CONTEXT) {
    return readList(value, remarks)
  }
  const present = value.filter((each) => each !== null)
  if (present.length > MAX_FRAMES) remarkCut(remarks, present.length)
  const kept = present.slice(-MAX_FRAMES)
  const stripped = withoutMiddleContext(kept)
  if (stripped !== kept) {
    const reason = `source and variables kept on ${MAX_FRAMES_WITH_CONTEXT} of ${kept.length} frames`
    remark(remarks, "value_too_long", { reason })
  }
  return readList(stripped, remarks)
}

const readStacktrace = record<Stacktrace>({
  frames,
  registers,
  lang: enumLike,
  snapshot: bool,
  instruction_addr_adjustment: enumLike,
})

/** undefined without frames: `{}` and `{"frames": null}` are what some SDKs send for "none". */
export const stacktrace: Reader<Stacktrace> = (value, remarks) => {
  const read = readStacktrace(value, remarks)
  return read?.frames && read.frames.length > 0 ? read : undefined
}

/** System frames lose their context first, from the middle outwards; then frames of the application. */
function withoutMiddleContext(frames: unknown[]): unknown[] {
  const inApp: number[] = []
  const system: number[] = []
  frames.forEach((frame, index) => {
    if (isRecord(frame) && frame.in_app === true) inApp.push(index)
    else system.push(index)
  })
  const keptSystem = Math.max(0, MAX_FRAMES_WITH_CONTEXT - inApp.length)
  const stripped = new Set([
    ...middleOf(system, keptSystem),
    ...middleOf(inApp, MAX_FRAMES_WITH_CONTEXT),
  ])
  let changed = false
  const result = frames.map((frame, index) => {
    if (!stripped.has(index) || !isRecord(frame) || !hasContext(frame)) return frame
    changed = true
    const { vars: _vars, pre_context: _pre, post_context: _post, ...rest } = frame
    return rest
  })
  return changed ? result : frames
}

/** What is left of `indexes` when `kept` of them, half at each end, are taken away. */
function middleOf(indexes: number[], kept: number): number[] {
  const head = Math.floor(kept / 2)
  return indexes.length <= kept ? [] : indexes.slice(head, indexes.length - (kept - head))
}

function hasContext({ vars, pre_context: before, post_context: after }: Bag): boolean {
  return [vars, before, after].some((part) => part !== undefined && part !== null)
}

import type { GroupingFrame } from "../event.ts"
import type { Range } from "./stack-grammar.ts"

/** What rules say about whether frames count; runs parallel to the frames. */
export type StackMarks = {
  /** The rule that switched a frame on or off for grouping. */
  group: ({ on: boolean; rule: string } | undefined)[]
  /** The rule that decided whether the frame is the application's. */
  app: (string | undefined)[]
  /** Only so many of the newest frames that count; 0: all. */
  maxFrames: number
  /** Fewer frames than these count for nothing. */
  minFrames: number
}

/** A stack trace while rules run over it. */
export type StackState = {
  frames: readonly GroupingFrame[]
  inApp: boolean[]
  category: (string | undefined)[]
  /** Categories that some frame has had. */
  seen: Set<string>
  marks: StackMarks
}

export function newState(frames: readonly GroupingFrame[]): StackState {
  return {
    frames,
    inApp: frames.map(givenInApp),
    category: [],
    seen: new Set(),
    marks: { group: [], app: [], maxFrames: 0, minFrames: 0 },
  }
}

/** What the SDK said, also of a frame that rules have changed before. */
export function givenInApp({ in_app: now, data }: GroupingFrame): boolean {
  const before = data?.orig_in_app
  return typeof before === "number" ? before === 1 : now === true
}

/** The frames an action is about, [from, to), when the rule fits the frame at `index`. */
export function rangeOf(range: Range, index: number, length: number): [from: number, to: number] {
  if (range === "own") return [index, index + 1]
  return range === "newer" ? [index + 1, length] : [0, index]
}

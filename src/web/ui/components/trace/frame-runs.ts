import type { Frame } from "#normalize/event.ts"

export type CountedFrame = { frame: Frame; times: number }

/** What a trace is shown as: own frames one by one, runs of library frames folded. */
export type FrameRun =
  | { kind: "frame"; frame: CountedFrame }
  | { kind: "library"; frames: CountedFrame[] }

/** Frames that repeat right after each other are one frame, counted. */
export function collapseRecursion(frames: readonly Frame[]): CountedFrame[] {
  const counted: CountedFrame[] = []
  for (const frame of frames) {
    const last = counted.at(-1)
    if (last && isSameCall(last.frame, frame)) last.times += 1
    else counted.push({ frame, times: 1 })
  }
  return counted
}

/** A single library frame between own ones is not worth a fold. */
export function frameRuns(frames: readonly CountedFrame[]): FrameRun[] {
  const runs: FrameRun[] = []
  let library: CountedFrame[] = []
  const flush = () => {
    if (library.length > 1) runs.push({ kind: "library", frames: library })
    else runs.push(...library.map((frame) => ({ kind: "frame" as const, frame })))
    library = []
  }
  for (const counted of frames) {
    if (counted.frame.in_app) {
      flush()
      runs.push({ kind: "frame", frame: counted })
    } else {
      library.push(counted)
    }
  }
  flush()
  return runs
}

function isSameCall(a: Frame, b: Frame): boolean {
  return (
    a.function !== undefined &&
    a.function === b.function &&
    a.lineno === b.lineno &&
    a.colno === b.colno &&
    a.filename === b.filename &&
    a.abs_path === b.abs_path &&
    a.module === b.module
  )
}

import { type Component, switchedOff } from "./component.ts"
import type { GroupingEvent, GroupingFrame, GroupingStacktrace } from "./event.ts"
import { type FrameParts, partsOf } from "./frame.ts"
import { hasUrlOrigin, isJavaScript } from "./platform.ts"
import type { StackMarks } from "./rules/stack-state.ts"

/** app: only frames of the application; system: all frames. */
export type VariantName = "app" | "system"

/** A stack trace seen both ways. */
export type StacktraceComponents = Record<VariantName, Component>

type Counted = { frame: GroupingFrame; parts: FrameParts; mark?: Mark }
/** What rules said about a frame. */
type Mark = { group?: { on: boolean; rule: string } | undefined; app?: string | undefined }

export function stacktraceComponents(
  stacktrace: GroupingStacktrace,
  event: GroupingEvent,
  marks?: StackMarks,
): StacktraceComponents {
  const platform = event.platform ?? "other"
  let before: FrameParts | undefined
  const counted = stacktrace.frames.map((frame, index): Counted => {
    const isRepeated = isRecursion(frame, stacktrace.frames[index - 1])
    const parts = before && isRepeated ? { ...before, ...REPEATED } : partsOf(frame, platform)
    before = parts
    return marks
      ? { frame, parts, mark: { group: marks.group[index], app: marks.app[index] } }
      : { frame, parts }
  })
  withoutLoneFrame(counted, platform)
  return {
    app: stacktraceComponent(counted, "app", marks),
    system: stacktraceComponent(counted, "system", marks),
  }
}

const REPEATED = { contributes: false, hint: "ignored because of recursion" }

function stacktraceComponent(
  counted: readonly Counted[],
  variant: VariantName,
  marks: StackMarks | undefined,
): Component {
  const values = counted.map((each) => frameComponent(each, variant))
  const limited = marks ? withinLimits(values, marks) : values
  const contributes = limited.some((frame) => frame.contributes)
  const component: Component = { id: "stacktrace", contributes, values: limited }
  if (!contributes) component.hint = noContribution(counted, variant, marks)
  return component
}

function frameComponent({ frame, parts, mark }: Counted, variant: VariantName): Component {
  const isOutside = variant === "app" && frame.in_app !== true
  const group = parts.values.length > 0 ? mark?.group : undefined
  const contributes = (group?.on ?? parts.contributes) && !isOutside
  const hint = group
    ? `${group.on ? "counts" : "ignored"} because of the rule ${group.rule}`
    : (parts.hint ?? (isOutside ? outsideHint(mark?.app) : undefined))
  return hint === undefined
    ? { id: "frame", contributes, values: parts.values }
    : { id: "frame", contributes, hint, values: parts.values }
}

function outsideHint(rule: string | undefined): string {
  const hint = "not part of the application"
  return rule === undefined ? hint : `${hint} because of the rule ${rule}`
}

/** A stack of one frame without a name, in JavaScript, says only which script it was: the message says more. */
function withoutLoneFrame(counted: Counted[], platform: string): void {
  const [only] = counted
  if (!only?.parts.contributes || counted.length > 1) return
  const isScript = isJavaScript(only.frame.platform || platform)
  // Nothing of a frame from a URL contributes without function and module, so only the others are left to rule out.
  if (!isScript || only.frame.function || hasUrlOrigin(only.frame.abs_path, "files count")) return
  const hint = "ignored a lone frame without a function"
  counted[0] = { ...only, parts: { ...only.parts, contributes: false, hint } }
}

/** At most the newest few of the frames that count, or none when they are too few. */
function withinLimits(frames: Component[], { maxFrames, minFrames }: StackMarks): Component[] {
  if (maxFrames === 0 && minFrames === 0) return frames
  let count = 0
  const limited = frames.toReversed().map((frame) => {
    if (!frame.contributes || ++count <= maxFrames || maxFrames === 0) return frame
    return switchedOff(frame, `ignored because of a rule: only the newest ${maxFrames} count`)
  })
  const kept = maxFrames === 0 ? count : Math.min(count, maxFrames)
  if (kept >= minFrames) return limited.reverse()
  const hint = `ignored because of a rule: fewer than ${minFrames} frames count`
  return limited.reverse().map((frame) => (frame.contributes ? switchedOff(frame, hint) : frame))
}

/** A frame that repeats the one before it in every respect: the depth of a recursion says nothing. */
function isRecursion(frame: GroupingFrame, before: GroupingFrame | undefined): boolean {
  return (
    before !== undefined &&
    frame.function === before.function &&
    frame.lineno === before.lineno &&
    frame.colno === before.colno &&
    frame.module === before.module &&
    frame.filename === before.filename &&
    frame.abs_path === before.abs_path &&
    frame.package === before.package
  )
}

function noContribution(
  counted: readonly Counted[],
  variant: VariantName,
  marks: StackMarks | undefined,
): string {
  if (counted.length === 0) return "contains no frames"
  if (variant === "app" && !counted.some(({ frame }) => frame.in_app)) {
    return "contains no frames of the application"
  }
  return marks ? "rules leave no frame that counts" : "no frame says which code it is"
}

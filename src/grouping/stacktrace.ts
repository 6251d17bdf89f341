import { type Component, switchedOff } from "./component.ts"
import type { GroupingEvent, GroupingFrame, GroupingStacktrace } from "./event.ts"
import { type FrameParts, partsOf } from "./frame.ts"
import { hasUrlOrigin, isJavaScript } from "./platform.ts"

/** app: only frames of the application; system: all frames. */
export type VariantName = "app" | "system"

/** A stack trace seen both ways. */
export type StacktraceComponents = Record<VariantName, Component>

type Counted = { frame: GroupingFrame; parts: FrameParts }

export function stacktraceComponents(
  stacktrace: GroupingStacktrace,
  event: GroupingEvent,
): StacktraceComponents {
  const platform = event.platform ?? "other"
  const counted = stacktrace.frames.map((frame, index) => ({
    frame,
    parts: isRecursion(frame, stacktrace.frames[index - 1])
      ? { values: [], contributes: false, hint: "ignored because of recursion" }
      : partsOf(frame, platform),
  }))
  return {
    app: stacktraceComponent(counted, "app", platform),
    system: stacktraceComponent(counted, "system", platform),
  }
}

function stacktraceComponent(
  counted: readonly Counted[],
  variant: VariantName,
  platform: string,
): Component {
  const frames = counted.map(({ frame, parts }) => frameComponent(frame, parts, variant))
  const values = withoutLoneFrame(counted, frames, platform)
  const contributes = values.some((frame) => frame.contributes)
  const component: Component = { id: "stacktrace", contributes, values }
  if (!contributes) component.hint = noContribution(counted, variant)
  return component
}

function frameComponent(frame: GroupingFrame, parts: FrameParts, variant: VariantName): Component {
  const isOutside = variant === "app" && frame.in_app !== true
  const contributes = parts.contributes && !isOutside
  const hint = parts.hint ?? (isOutside ? "not part of the application" : undefined)
  return hint === undefined
    ? { id: "frame", contributes, values: parts.values }
    : { id: "frame", contributes, hint, values: parts.values }
}

/** A stack of one frame without a name, in JavaScript, says only which script it was: the message says more. */
function withoutLoneFrame(
  counted: readonly Counted[],
  frames: Component[],
  platform: string,
): Component[] {
  const [only] = counted
  const [component] = frames
  if (!only || !component?.contributes || counted.length > 1) return frames
  const isScript = isJavaScript(only.frame.platform || platform)
  // Nothing of a frame from a URL contributes without function and module, so only the others are left to rule out.
  if (!isScript || only.frame.function || hasUrlOrigin(only.frame.abs_path, "files count"))
    return frames
  return [switchedOff(component, "ignored a lone frame without a function")]
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

function noContribution(counted: readonly Counted[], variant: VariantName): string {
  if (counted.length === 0) return "contains no frames"
  return variant === "app" && !counted.some(({ frame }) => frame.in_app)
    ? "contains no frames of the application"
    : "no frame says which code it is"
}

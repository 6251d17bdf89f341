import type {
  GroupingEvent,
  GroupingException,
  GroupingFrame,
  GroupingStacktrace,
} from "../event.ts"
import type { StackRuleSet } from "./stack-rule-set.ts"
import { judgeStack } from "./stack-rules.ts"
import { givenInApp, type StackMarks } from "./stack-state.ts"

/** Marks by the stack traces of the event that was judged. */
export type Marks = Map<GroupingStacktrace, StackMarks>

type Judged = { event: GroupingEvent; marks: Marks }
type Judge = <S extends GroupingStacktrace>(stack: S, exception?: GroupingException) => S

/**
 * Lets stack trace rules decide which frames of an event are the application's. Answers with a copy where they changed something:
 * what the SDK had said stays in the frame's data, so that other rules can start from it.
 */
export function judgeStacks(event: GroupingEvent, sets: readonly StackRuleSet[]): Judged {
  const marks: Marks = new Map()
  const platform = event.platform ?? "other"
  const judge: Judge = (stack, exception) => {
    const state = judgeStack(stack.frames, { exception: exception ?? null, platform }, sets)
    const frames = framesAfter(stack.frames, state?.inApp)
    const judged = frames === stack.frames ? stack : { ...stack, frames }
    if (state) marks.set(judged, state.marks)
    return judged
  }
  return { event: withStacks(event, judge), marks }
}

function withStacks(event: GroupingEvent, judge: Judge): GroupingEvent {
  let judged = event
  const exceptions =
    event.exception && mapChanged(event.exception.values, (each) => ofException(each, judge))
  if (event.exception && exceptions && exceptions !== event.exception.values) {
    judged = { ...judged, exception: { ...event.exception, values: exceptions } }
  }
  const threads =
    event.threads && mapChanged(event.threads.values, (each) => withStack(each, judge))
  if (event.threads && threads && threads !== event.threads.values) {
    judged = { ...judged, threads: { ...event.threads, values: threads } }
  }
  return withStack(judged, judge)
}

function ofException(exception: GroupingException, judge: Judge): GroupingException {
  const judged = withStack(exception, (stack) => judge(stack, exception))
  const raw = exception.raw_stacktrace && judge(exception.raw_stacktrace, exception)
  return raw === exception.raw_stacktrace || !raw ? judged : { ...judged, raw_stacktrace: raw }
}

function withStack<Owner extends { stacktrace?: GroupingStacktrace }>(
  owner: Owner,
  judge: Judge,
): Owner {
  const stacktrace = owner.stacktrace && judge(owner.stacktrace)
  return stacktrace === owner.stacktrace ? owner : { ...owner, stacktrace }
}

/** The list itself when nothing in it changed. */
function mapChanged<T>(values: readonly T[], change: (value: T, index: number) => T): readonly T[] {
  const changed = values.map(change)
  return changed.some((value, index) => value !== values[index]) ? changed : values
}

function framesAfter(
  frames: readonly GroupingFrame[],
  inApp: readonly boolean[] | undefined,
): readonly GroupingFrame[] {
  return mapChanged(frames, (frame, index) => {
    const given = givenInApp(frame)
    return withInApp(frame, given, inApp?.[index] ?? given)
  })
}

function withInApp(frame: GroupingFrame, given: boolean, inApp: boolean): GroupingFrame {
  const isKept = frame.data?.orig_in_app !== undefined
  if ((frame.in_app === true) === inApp && isKept === (given !== inApp)) return frame
  const { orig_in_app: _before, ...data } = frame.data ?? {}
  if (given !== inApp)
    return { ...frame, in_app: inApp, data: { ...data, orig_in_app: Number(given) } }
  const { data: _data, ...rest } = frame
  return Object.keys(data).length > 0
    ? { ...rest, in_app: inApp, data }
    : { ...rest, in_app: inApp }
}

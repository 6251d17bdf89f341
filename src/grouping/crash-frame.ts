import type {
  GroupingEvent,
  GroupingException,
  GroupingFrame,
  GroupingStacktrace,
} from "./event.ts"
import { decidingThreadStack } from "./threads.ts"

/** The exception that was thrown; those before it are its causes. */
export function lastException(event: GroupingEvent): GroupingException | undefined {
  return event.exception?.values.at(-1)
}

/** The stack that shows where it happened: of the last exception that has one, else of the event, else the thread. */
export function mainStackOf(event: GroupingEvent): GroupingStacktrace | undefined {
  const stack = event.exception?.values.findLast((exception) => exception.stacktrace)?.stacktrace
  return stack ?? event.stacktrace ?? decidingThreadStack(event)
}

/** The newest frame of the application that `isFit`, else the newest of all. */
export function newestFrame(
  stacktrace: GroupingStacktrace | undefined,
  isFit: (frame: GroupingFrame) => boolean = () => true,
): GroupingFrame | undefined {
  const frames = stacktrace?.frames ?? []
  return frames.findLast((frame) => frame.in_app === true && isFit(frame)) ?? frames.findLast(isFit)
}

export function crashFrameOf(event: GroupingEvent): GroupingFrame | undefined {
  return newestFrame(mainStackOf(event))
}

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

/** The stack that shows where it happened: of the last exception, else of the event, else the thread, else of a cause. */
export function mainStackOf(event: GroupingEvent): GroupingStacktrace | undefined {
  const own = lastException(event)?.stacktrace ?? event.stacktrace ?? decidingThreadStack(event)
  return own ?? event.exception?.values.findLast((exception) => exception.stacktrace)?.stacktrace
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

import type { Frame, NormalizedEvent, Stacktrace } from "#normalize/event.ts"

export type MailFrame = { file: string; line: number | null; function: string; code: string }

/** A mail is read on a phone: three frames of one's own code say where to look. */
const MAX_FRAMES = 3
const MAX_CODE_CHARACTERS = 160

/** The newest in-app frames of the exception that gives the title, newest first; all frames where none is in-app. */
export function mailFrames(event: NormalizedEvent): MailFrame[] {
  const frames = stacktraceOf(event)?.frames ?? []
  const own = frames.filter((frame) => frame.in_app)
  return (own.length > 0 ? own : frames).slice(-MAX_FRAMES).reverse().map(mailFrame)
}

function stacktraceOf(event: NormalizedEvent): Stacktrace | undefined {
  const exceptions = event.exception?.values ?? []
  return exceptions.findLast((each) => each.stacktrace)?.stacktrace ?? event.stacktrace
}

function mailFrame(frame: Frame): MailFrame {
  return {
    file: frame.filename ?? frame.abs_path ?? frame.module ?? "?",
    line: frame.lineno ?? null,
    function: frame.function ?? "?",
    code: (frame.context_line ?? "").trim().slice(0, MAX_CODE_CHARACTERS).toWellFormed(),
  }
}

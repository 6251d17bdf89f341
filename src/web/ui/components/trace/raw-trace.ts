import type { Exception, Frame, NormalizedEvent } from "#normalize/event.ts"

/** The whole trace as the platform itself would print it, so that editors and people recognise it. */
export function rawTrace(event: NormalizedEvent): string {
  const exceptions = event.exception?.values ?? []
  if (exceptions.length === 0) {
    return event.stacktrace ? linesOf(event.stacktrace.frames, event.platform).join("\n") : ""
  }
  return event.platform === "python"
    ? pythonTrace(exceptions, event.platform)
    : outermostFirst(exceptions, event.platform)
}

/** Python prints the cause first and the newest call last. */
function pythonTrace(exceptions: readonly Exception[], platform: string): string {
  return exceptions
    .map((exception) =>
      [
        ...(exception.stacktrace ? ["Traceback (most recent call last):"] : []),
        ...(exception.stacktrace?.frames ?? []).flatMap((frame) => frameLines(frame, platform)),
        headOf(exception),
      ].join("\n"),
    )
    .join("\n\nDuring handling of the above exception, another exception occurred:\n\n")
}

function outermostFirst(exceptions: readonly Exception[], platform: string): string {
  return [...exceptions]
    .reverse()
    .map((exception, index) =>
      [
        `${index > 0 ? "Caused by: " : ""}${headOf(exception)}`,
        ...linesOf(exception.stacktrace?.frames ?? [], platform),
      ].join("\n"),
    )
    .join("\n")
}

/** Newest call first. */
function linesOf(frames: readonly Frame[], platform: string): string[] {
  return [...frames].reverse().flatMap((frame) => frameLines(frame, platform))
}

function headOf({ type, value }: Exception): string {
  return [type, value].filter(Boolean).join(": ") || "(unknown error)"
}

function frameLines(frame: Frame, eventPlatform: string): string[] {
  const platform = frame.platform ?? eventPlatform
  const file = frame.abs_path ?? frame.filename ?? "<unknown>"
  const name = frame.function ?? "<unknown>"
  if (platform === "python") {
    const place = `  File "${frame.filename ?? file}", line ${frame.lineno ?? "?"}, in ${name}`
    return frame.context_line ? [place, `    ${frame.context_line.trim()}`] : [place]
  }
  if (platform === "java") {
    const line = frame.lineno === undefined ? "" : `:${frame.lineno}`
    return [
      `\tat ${[frame.module, name].filter(Boolean).join(".")}(${frame.filename ?? "Unknown"}${line})`,
    ]
  }
  const position = [frame.lineno, frame.colno].filter((part) => part !== undefined).join(":")
  return [`    at ${name} (${file}${position && `:${position}`})`]
}

import type { Frame, Stacktrace } from "#normalize/event.ts"
import { asClientSaid, clipped } from "../apply.ts"
import type { MappedTrace } from "../traces.ts"
import type { FrameRemapping, RemappedFrame } from "./remap-trace.ts"

const MAX_NAME_CHARS = 512
/** The newest frames tell where it happened; calls that were put into each other may become many. */
const MAX_FRAMES = 500

export function applyRemapping(
  trace: Stacktrace,
  remapped: readonly FrameRemapping[],
  ownPackage: string | null,
): MappedTrace {
  const frames = trace.frames
    .flatMap((frame, index) => {
      const written = remapped[index]
      return written ? written.map((each) => remappedFrame(frame, each, ownPackage)) : [frame]
    })
    .slice(-MAX_FRAMES)
  const isChanged = remapped.some((each) => each !== null) && frames.length > 0
  return isChanged
    ? { stacktrace: { ...trace, frames }, raw: trace }
    : { stacktrace: trace, raw: null }
}

function remappedFrame(frame: Frame, written: RemappedFrame, ownPackage: string | null): Frame {
  const { lineno: _line, in_app: told, data, ...rest } = asClientSaid(frame)
  const module = clipped(written.module, MAX_NAME_CHARS)
  const file = clipped(written.file ?? derivedFile(module, frame.filename), MAX_NAME_CHARS)
  const isOwn = ownPackage !== null && module.startsWith(ownPackage)
  const inApp = written.isSynthesized ? false : (told ?? (isOwn || undefined))
  return {
    ...rest,
    module,
    function: clipped(written.function, MAX_NAME_CHARS),
    filename: file,
    abs_path: file,
    ...(written.line !== null && { lineno: written.line }),
    ...(inApp !== undefined && { in_app: inApp }),
    data: {
      ...data,
      symbolicated: true,
      ...(written.isSynthesized && { method_synthesized: true }),
    },
  }
}

/** A class stands in a file of its own name, in which others may stand, too. */
function derivedFile(module: string, before: string | undefined): string {
  const name = module.slice(module.lastIndexOf(".") + 1).split("$", 1)[0] || module
  const extension = /\.(?:kt|kts|java|scala|groovy)$/.exec(before ?? "")?.[0] ?? ".java"
  return `${name}${extension}`
}

/** `com.shop` of `com.shop@1.0`. */
export function packageOf(release: string | undefined): string | null {
  const at = release?.indexOf("@") ?? -1
  return release !== undefined && at > 0 ? release.slice(0, at) : null
}

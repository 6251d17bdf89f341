import type { Frame } from "#normalize/event.ts"

const NATIVE = new Set(["native", "[native code]"])
/** Programs run by Node come from a path or an address; everything else is a part of Node. */
const NODE_PROGRAM = /^(?:app:|webpack:|webpack-internal:|file:|https?:|[a-z]:|\/)/i
const OLD_ASYNC = "async "

/**
 * Whether a frame may have a source map: "engine" is code of the browser or of Node, which never is the program's own.
 */
export function eligibilityOf(frame: Frame, platform: string): "program" | "engine" | "other" {
  const own = frame.platform ?? platform
  if (own !== "javascript" && own !== "node") return "other"
  const path = frame.abs_path
  if (!path) return "other"
  if (NATIVE.has(path)) return "engine"
  if (own === "node" && !NODE_PROGRAM.test(withoutAsync(path))) return "engine"
  return frame.lineno === undefined ? "other" : "program"
}

/** Old clients wrote the word before the address. */
export function withoutAsync(path: string): string {
  return path.startsWith(OLD_ASYNC) ? path.slice(OLD_ASYNC.length) : path
}

/** A frame that a source map could still make readable. */
export function isUnmapped(frame: Frame, platform: string): boolean {
  return frame.data?.symbolicated !== true && eligibilityOf(frame, platform) === "program"
}

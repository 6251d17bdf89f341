/** What of a frame can be matched that does not change while rules run. */
export type FrameKey = "function" | "module" | "path" | "package" | "family"

const FRAME_KEYS = new Map<string, FrameKey>([
  ["stack.function", "function"],
  ["function", "function"],
  ["stack.module", "module"],
  ["module", "module"],
  ["stack.abs_path", "path"],
  ["path", "path"],
  ["stack.package", "package"],
  ["package", "package"],
  ["family", "family"],
])

export function frameKeyOf(key: string): FrameKey | undefined {
  return FRAME_KEYS.get(key)
}

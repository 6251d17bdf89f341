const NATIVE = new Set(["objc", "cocoa", "swift", "native", "c"])

export function isNative(platform: string): boolean {
  return NATIVE.has(platform)
}

export function isJavaScript(platform: string): boolean {
  return platform === "javascript" || platform === "node"
}

const URL_START = /^(?:https?:|applewebdata:|blob:)/
const URL_OR_FILE_START = /^(?:https?:|applewebdata:|blob:|file:)/

/** Whether code came from a web address, whose host and path say nothing about what it is. */
export function hasUrlOrigin(
  path: string | undefined,
  files: "files count" | "files do not",
): boolean {
  if (!path) return false
  return (files === "files count" ? URL_OR_FILE_START : URL_START).test(path)
}

export type Family = "native" | "javascript" | "other"

/** Kinds of platforms that rules can be about. */
export function familyOf(platform: string): Family {
  return isNative(platform) ? "native" : isJavaScript(platform) ? "javascript" : "other"
}

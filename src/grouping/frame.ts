import { type Component, ignored, leaf } from "./component.ts"
import type { GroupingFrame } from "./event.ts"
import { trimFunctionName } from "./function-name.ts"
import { stableJavaFile, stableJavaModule } from "./java-module.ts"
import { hasUrlOrigin, isJavaScript, isNative } from "./platform.ts"

/** A longer line is minified: it changes with every build. */
const MAX_LINE_CHARACTERS = 120
const PLATFORMS_WITH_SOURCE = new Set(["javascript", "node", "python", "php", "ruby"])

/** The parts of a frame that can say which code it is: where it is defined, its name, its line of source. */
export type FrameParts = {
  values: Component[]
  /** Why the frame as a whole says nothing, whatever its parts are. */
  hint?: string
  contributes: boolean
}

export function partsOf(frame: GroupingFrame, eventPlatform: string): FrameParts {
  const platform = frame.platform || eventPlatform
  const module = modulePart(frame, platform)
  const line = linePart(frame, platform)
  const values: Component[] = []
  if (module) values.push(module)
  const file = filePart(frame, platform, module?.contributes === true)
  if (file) values.push(file)
  const name = functionPart(frame, platform, line?.contributes === true)
  if (name) values.push(name)
  if (line) values.push(line)
  const contributes = values.some((value) => value.contributes)
  if (isJavaScript(platform) && isNoise(frame)) {
    return { values, contributes: false, hint: "ignored because it is evaluated or native code" }
  }
  return { values, contributes }
}

function modulePart(frame: GroupingFrame, platform: string): Component | undefined {
  const { module } = frame
  if (!module) return undefined
  if (platform === "javascript" && module.includes("/") && frame.abs_path?.endsWith(module)) {
    return ignored("module", "ignored because it is a path", module)
  }
  if (platform !== "java") return leaf("module", module)
  const stable = stableJavaModule(module)
  if (stable === null) return ignored("module", "ignored because it is a generated lambda", module)
  return leaf("module", stable, stable === module ? undefined : "generated parts removed")
}

function filePart(
  frame: GroupingFrame,
  platform: string,
  hasModule: boolean,
): Component | undefined {
  if (!frame.filename) return undefined
  const basename = basenameOf(withoutQuery(frame.filename, platform)).toLowerCase()
  if (basename === "") return undefined
  if (hasModule) return ignored("filename", "the module takes precedence", basename)
  if (hasUrlOrigin(frame.abs_path, "files do not")) {
    return ignored("filename", "ignored because the frame points to a URL", basename)
  }
  if (isNative(platform) && frame.function && frame.filename === frame.abs_path) {
    return ignored("filename", "ignored because only the full path is known", basename)
  }
  if (basename === "<anonymous>" || basename === "[native code]") {
    return ignored("filename", "ignored because it names no file", basename)
  }
  return leaf("filename", platform === "java" ? stableJavaFile(basename) : basename)
}

function withoutQuery(filename: string, platform: string): string {
  const query = platform === "javascript" ? filename.indexOf("?") : -1
  return query === -1 ? filename : filename.slice(0, query)
}

export function basenameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)
}

function functionPart(
  frame: GroupingFrame,
  platform: string,
  hasLine: boolean,
): Component | undefined {
  const name = functionNameOf(frame, platform)
  if (!name) return undefined
  switch (platform) {
    case "ruby":
      return leaf("function", name.startsWith("block ") ? "block" : name.replace(ERB_SUFFIX, ""))
    case "php":
      return phpFunction(name)
    case "java":
      return name.startsWith("lambda$")
        ? ignored("function", "ignored because it is a lambda", name)
        : leaf("function", name)
    case "javascript":
    case "node":
      return scriptFunction(frame, name, hasLine)
    default:
      return isNative(platform) && (name === "<redacted>" || name === "<unknown>")
        ? ignored("function", "ignored because it is unknown", name)
        : leaf("function", name)
  }
}

/** Ruby on Rails names a template's method after the template, with two numbers of the process. */
const ERB_SUFFIX = /__\d{4,25}_\d{4,25}$/

/** The name as it is shown: `function` is the short form when the client sent the raw one beside it. */
export function functionNameOf(frame: GroupingFrame, eventPlatform: string): string | undefined {
  const platform = frame.platform || eventPlatform
  if (platform === "csharp") {
    const name = frame.raw_function || frame.function
    return name && trimFunctionName(name, platform)
  }
  const name = frame.function || frame.raw_function
  return name && (frame.raw_function && frame.function ? name : trimFunctionName(name, platform))
}

function phpFunction(name: string): Component {
  // Normalization removes the NUL that PHP puts behind this word, so what follows is the file at once.
  const isAnonymous = name.startsWith("class@anonymous")
  const method = isAnonymous ? name.lastIndexOf("::") : -1
  if (name.startsWith("[Anonymous") || (isAnonymous && method === -1)) {
    return ignored("function", "ignored because it is an anonymous class", name)
  }
  return leaf("function", method === -1 ? name : name.slice(method + 2))
}

const NO_NAMES = new Set(["", "?", "<anonymous function>", "<anonymous>", "Anonymous function"])

function scriptFunction(frame: GroupingFrame, name: string, hasLine: boolean): Component {
  const short = afterLastDot(name)
  const given = afterLastDot(frame.raw_function || name)
  if (NO_NAMES.has(given) || given.endsWith("/<")) {
    return ignored("function", "ignored because it is no name", name)
  }
  if (hasLine && frame.data?.sourcemap) {
    return ignored("function", "the line of source takes precedence", short)
  }
  return leaf("function", short)
}

function linePart(frame: GroupingFrame, platform: string): Component | undefined {
  const line = frame.context_line
  if (!line || !PLATFORMS_WITH_SOURCE.has(platform)) return undefined
  if (line.length > MAX_LINE_CHARACTERS) {
    return ignored("context-line", "ignored because it is too long")
  }
  const text = line.trim().replaceAll(/\s+/g, " ")
  if (text === "") return undefined
  const isFromPage = hasUrlOrigin(frame.abs_path, "files count")
  return isJavaScript(platform) && !frame.function && isFromPage
    ? ignored("context-line", "ignored because the frame points to a URL and has no function", text)
    : leaf("context-line", platform === "python" ? stablePythonLine(text, frame) : text)
}

const SPAWNED = /^from multiprocessing\.spawn import spawn_main; spawn_main\(/

/** How Python starts a worker process: the numbers of its pipes differ each time. */
function stablePythonLine(line: string, frame: GroupingFrame): string {
  const isStart =
    frame.module === "__main__" && frame.filename === "<string>" && frame.function === "<module>"
  return isStart && SPAWNED.test(line) ? line.replaceAll(/=\d{1,20}/g, "=<int>") : line
}

const NATIVE_PATHS = new Set(["[native code]", "native code", "eval code", "<anonymous>"])

function isNoise(frame: GroupingFrame): boolean {
  const name = frame.raw_function || frame.function || ""
  return afterLastDot(name) === "eval" || NATIVE_PATHS.has(frame.abs_path ?? "")
}

function afterLastDot(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1)
}

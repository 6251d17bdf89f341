import { isNative } from "./platform.ts"

/** Longer names are templates of templates; trimming them would cost more than it tells. */
const MAX_CHARACTERS = 4096

/** The name of a function as it is grouped and shown: without arguments and template parameters. */
export function trimFunctionName(name: string, platform: string): string {
  if (platform === "csharp") return cutAt(name, name.indexOf(" ("))
  if (!isNative(platform) || name.length > MAX_CHARACTERS) return name
  if (!MAY_NEED_TRIMMING.test(name)) return name
  if (name === "<redacted>" || name === "<unknown>" || /^[-+]?\[/.test(name)) return name
  return remembered(name)
}

/** A plain name has none of these. */
const MAY_NEED_TRIMMING = /[\s(<{$?@&`]|::h|lambda_/

/** The frames of one program come again with each of its events; the bounds keep a hostile client from filling it. */
const MAX_REMEMBERED = 4000
const MAX_REMEMBERED_CHARACTERS = 512
const trimmedNames = new Map<string, string>()

function remembered(name: string): string {
  const known = trimmedNames.get(name)
  if (known !== undefined) return known
  const trimmed = trimNative(name) || name
  if (name.length > MAX_REMEMBERED_CHARACTERS) return trimmed
  if (trimmedNames.size >= MAX_REMEMBERED) trimmedNames.clear()
  trimmedNames.set(name, trimmed)
  return trimmed
}

function cutAt(name: string, index: number): string {
  return index > 0 ? name.slice(0, index) : name
}

/** Spellings in which a bracket or blank is part of a name, and what stands for them meanwhile. */
const PROTECTED: [spelling: string, stand: string][] = [
  ["operator<<", "operator\u{e000}\u{e000}"],
  ["operator<=>", "operator\u{e000}=\u{e001}"],
  ["operator<", "operator\u{e000}"],
  ["operator>>", "operator\u{e001}\u{e001}"],
  ["operator->", "operator-\u{e001}"],
  ["operator>", "operator\u{e001}"],
  ["operator()", "operator\u{e002}"],
  [" -> ", "\u{e003}"],
  ["`anonymous namespace'", "\u{e004}"],
  ["(anonymous namespace)", "\u{e005}"],
]

function trimNative(name: string): string {
  let trimmed = withoutQualifiers(name)
  for (const [spelling, stand] of PROTECTED) trimmed = trimmed.replaceAll(spelling, stand)
  trimmed = trimmed
    .replaceAll(
      /\{lambda\([^{}]{0,500}\)#\d{1,6}\}|\blambda_[a-f0-9]{32}\b|\$_\d{1,6}\b/g,
      "lambda",
    )
    .replaceAll(/\?A0x[a-f0-9]{8}::/g, "\u{e004}::")
  trimmed = withoutArguments(trimmed)
  trimmed = withoutParameters(trimmed)
  trimmed = lastName(trimmed)
  for (const [spelling, stand] of PROTECTED) trimmed = trimmed.replaceAll(stand, spelling)
  return trimmed.replace(/::h[0-9a-z]{16}$/, "").replace(/^@?([\w$]{1,500})@\d{1,5}$/, "$1")
}

function withoutQualifiers(name: string): string {
  let trimmed = name.trim()
  while (trimmed.endsWith("const") || trimmed.endsWith("&")) {
    trimmed = trimmed.slice(0, trimmed.endsWith("&") ? -1 : -5).trimEnd()
  }
  return trimmed
}

/** Drops balanced "(...)"; what is never closed stays. */
function withoutArguments(name: string): string {
  return replaceBalanced(name, "(", ")", () => "")
}

/** "<...>" as "<T>"; at the start it is Rust's "<Type as Trait>", of which one name says enough. */
function withoutParameters(name: string): string {
  return replaceBalanced(name, "<", ">", (content, start) => {
    if (content === "lambda") return "<lambda>"
    if (start > 0) return "<T>"
    const [type = "", trait] = content.split(" as ")
    return type === "T" && trait ? trait : type
  })
}

function replaceBalanced(
  name: string,
  open: string,
  close: string,
  replacement: (content: string, start: number) => string,
): string {
  if (!name.includes(open)) return name
  let result = ""
  let depth = 0
  let start = 0
  for (let index = 0; index < name.length; index++) {
    const letter = name[index]
    if (letter === open && depth++ === 0) {
      start = index
    } else if (letter === close && depth > 0) {
      if (--depth === 0) result += replacement(name.slice(start + 1, index), start)
    } else if (depth === 0) result += letter
  }
  return depth === 0 ? result : result + name.slice(start)
}

/** The name without its return type: before Rust's or Swift's arrow, else the last word. */
function lastName(name: string): string {
  const beforeArrow = name.split("\u{e003}")[0] ?? name
  const words = beforeArrow.split(/\s+/).filter(Boolean)
  const last = words.at(-1) ?? ""
  return last === "<T>" && words.length > 1 ? `${words.at(-2)}${last}` : last
}

import { readFileSync } from "node:fs"
import { AppError, messageOf } from "../errors.ts"
import type { Layer } from "./layers.ts"

/** Reads a flat YAML file, `section.key: value`; each value remembers its line. Throws `invalid` with file and line. */
export function readYamlLayer(path: string): Layer {
  return parseYamlLayer(textOf(path), path)
}

/** One that is there but closed to this user is not passed over: it would be another configuration. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8")
  } catch (error) {
    throw new AppError("invalid", `${path} cannot be read: ${messageOf(error)}`)
  }
}

export function parseYamlLayer(text: string, path: string): Layer {
  const entries = topLevelEntries(text)
  const parsed = parseOr(text, () => {
    const broken = entries.find((entry) => !isYaml(entry.text))
    return new AppError("invalid", `${path}:${broken?.line ?? 1}: this is not YAML`)
  })
  if (parsed === null || parsed === undefined) return new Map()
  if (typeof parsed !== "object" || Array.isArray(parsed)) {
    throw new AppError("invalid", `${path}:1: expected lines of the form "section.key: value"`)
  }
  return new Map(
    Object.entries(parsed).map(([key, value]) => [
      key,
      { value, at: `${path}:${lineOf(key, entries)}` },
    ]),
  )
}

type Entry = { line: number; text: string }

/** A line that starts in the first column begins an entry; what follows indented belongs to it. */
function topLevelEntries(text: string): Entry[] {
  const entries: Entry[] = []
  for (const [index, line] of text.split("\n").entries()) {
    const last = entries.at(-1)
    if (/^[^\s#]/.test(line) || !last) entries.push({ line: index + 1, text: line })
    else last.text += `\n${line}`
  }
  return entries
}

/** Where the key stands; the last time, because the last one counts. */
function lineOf(key: string, entries: Entry[]): number {
  const starts = [`${key}:`, `'${key}':`, `"${key}":`]
  return entries.findLast(({ text }) => starts.some((start) => text.startsWith(start)))?.line ?? 1
}

function parseOr(text: string, failure: () => Error): unknown {
  try {
    return Bun.YAML.parse(text)
  } catch {
    throw failure()
  }
}

function isYaml(text: string): boolean {
  try {
    Bun.YAML.parse(text)
    return true
  } catch {
    return false
  }
}

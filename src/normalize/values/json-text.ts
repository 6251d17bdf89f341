import { cleanText, cutText, headOf } from "./text.ts"

/** Deeper than any payload that means something; JSON.stringify overflows the stack on 100,000 levels. */
const MAX_DEPTH = 20

/**
 * The JSON text of a value, at most `limit` characters and cut with "..." beyond; a string stands for itself. Stops
 * walking when the limit is reached, so that its cost does not depend on the size of the value.
 */
export function jsonText(value: unknown, limit: number): string {
  if (typeof value === "string") return cutText(cleanText(headOf(value, limit + 1)), limit)
  const parts: string[] = []
  write(value, { parts, left: limit + 1 }, 0)
  return cutText(parts.join(""), limit)
}

type Sink = { parts: string[]; left: number }

function put(sink: Sink, text: string): void {
  sink.parts.push(text)
  sink.left -= text.length
}

function write(value: unknown, sink: Sink, depth: number): void {
  if (sink.left <= 0) return
  if (typeof value === "string") {
    put(sink, JSON.stringify(cleanText(headOf(value, sink.left))))
  } else if (typeof value !== "object" || value === null) {
    put(sink, JSON.stringify(value) ?? "null")
  } else if (depth >= MAX_DEPTH) {
    put(sink, Array.isArray(value) ? "[…]" : "{…}")
  } else if (Array.isArray(value)) {
    writeList(value, sink, depth)
  } else {
    writeObject(value as Record<string, unknown>, sink, depth)
  }
}

function writeList(list: unknown[], sink: Sink, depth: number): void {
  put(sink, "[")
  for (let index = 0; index < list.length && sink.left > 0; index++) {
    if (index > 0) put(sink, ",")
    write(list[index], sink, depth + 1)
  }
  put(sink, "]")
}

function writeObject(object: Record<string, unknown>, sink: Sink, depth: number): void {
  let separator = "{"
  for (const key in object) {
    if (sink.left <= 0) break
    put(sink, separator)
    write(key, sink, depth + 1)
    put(sink, ":")
    write(object[key], sink, depth + 1)
    separator = ","
  }
  put(sink, separator === "{" ? "{}" : "}")
}

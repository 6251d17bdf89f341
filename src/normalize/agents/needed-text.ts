/** What most browsers say: to find it tells nothing. */
const COMMON =
  "mozilla/5.0 (linux; u; android 10; k build/ applewebkit/537.36 (khtml, like gecko) version/4.0 chrome/120.0.0.0 " +
  "mobile safari/537.36 (windows nt 10.0; win64; x64) (macintosh; intel mac os x 10_15_7) (iphone; cpu iphone os 17_5 like"

/**
 * Texts, in lower case, of which a text must contain at least one, whatever its case, if the expression is to match;
 * null: nothing can be said. To look for them is much cheaper than to run an expression that will not match, and an
 * expression that is never run need never be compiled. Knows the syntax without `v` and named groups.
 */
export function neededTexts(expression: string): string[] | null {
  const cursor = { source: expression.toLowerCase(), at: 0 }
  return alternatives(cursor)
}

type Cursor = { source: string; at: number }

/** Up to the end of the group or of the whole: needed is one text of each alternative. */
function alternatives(cursor: Cursor): string[] | null {
  const all: (string[] | null)[] = []
  do all.push(sequence(cursor))
  while (cursor.source[cursor.at++] === "|")
  return all.includes(null) ? null : [...new Set(all.flatMap((texts) => texts ?? []))]
}

/** The most telling of the parts that follow each other: all of them are needed. */
function sequence(cursor: Cursor): string[] | null {
  let best: string[] | null = null
  let run = ""
  const offer = (texts: string[] | null) => {
    if (texts && weight(texts) > weight(best)) best = texts
  }
  const endRun = () => {
    offer([run])
    run = ""
  }
  while (cursor.at < cursor.source.length && !"|)".includes(cursor.source[cursor.at] ?? "")) {
    const part = partOf(cursor)
    const times = quantifier(cursor)
    if (typeof part === "string" && times === "once") {
      run += part
    } else if (times === "optional") {
      endRun()
    } else {
      if (typeof part === "string") run += part
      endRun()
      if (typeof part !== "string") offer(part)
    }
  }
  endRun()
  return best
}

/** The most common text decides how seldom a part is found. */
function weight(texts: string[] | null): number {
  if (!texts || texts.length === 0) return 0
  return Math.min(...texts.map((text) => (COMMON.includes(text) ? text.length / 100 : text.length)))
}

/** A character; or what a group needs, null for what may be many characters. */
function partOf(cursor: Cursor): string | string[] | null {
  const { source } = cursor
  const character = source[cursor.at++] ?? ""
  if (character === "(") return group(cursor)
  if (character === "[") return skipClass(cursor)
  if (".^$".includes(character)) return null
  if (character !== "\\") return character
  const escaped = source[cursor.at++] ?? ""
  return /[a-z0-9]/.test(escaped) ? null : escaped
}

/** Lower case makes \S and \s one, and both say nothing. Looking around is no part of what is matched. */
function group(cursor: Cursor): string[] | null {
  const kind = /^\?(?:[:=!]|<[=!])/.exec(cursor.source.slice(cursor.at, cursor.at + 3))?.[0] ?? ""
  cursor.at += kind.length
  const needed = alternatives(cursor)
  return kind === "" || kind === "?:" ? needed : null
}

function skipClass(cursor: Cursor): null {
  const { source } = cursor
  for (; cursor.at < source.length && source[cursor.at] !== "]"; cursor.at++) {
    if (source[cursor.at] === "\\") cursor.at++
  }
  cursor.at++
  return null
}

function quantifier(cursor: Cursor): "once" | "many" | "optional" {
  const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(
    cursor.source.slice(cursor.at, cursor.at + 12),
  )
  if (!found) return "once"
  cursor.at += found[0].length
  return "*?".includes(found[0][0] ?? "") || Number(found[1]) === 0 ? "optional" : "many"
}

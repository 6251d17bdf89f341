import hljs from "highlight.js/lib/core"
import c from "highlight.js/lib/languages/c"
import cpp from "highlight.js/lib/languages/cpp"
import csharp from "highlight.js/lib/languages/csharp"
import dart from "highlight.js/lib/languages/dart"
import elixir from "highlight.js/lib/languages/elixir"
import go from "highlight.js/lib/languages/go"
import java from "highlight.js/lib/languages/java"
import javascript from "highlight.js/lib/languages/javascript"
import json from "highlight.js/lib/languages/json"
import kotlin from "highlight.js/lib/languages/kotlin"
import lua from "highlight.js/lib/languages/lua"
import objectivec from "highlight.js/lib/languages/objectivec"
import perl from "highlight.js/lib/languages/perl"
import php from "highlight.js/lib/languages/php"
import python from "highlight.js/lib/languages/python"
import ruby from "highlight.js/lib/languages/ruby"
import rust from "highlight.js/lib/languages/rust"
import scala from "highlight.js/lib/languages/scala"
import sql from "highlight.js/lib/languages/sql"
import swift from "highlight.js/lib/languages/swift"
import typescript from "highlight.js/lib/languages/typescript"
import xml from "highlight.js/lib/languages/xml"
import { hasUnseen } from "../foreign-text.tsx"

const languages = {
  ...{ c, cpp, csharp, dart, elixir, go, java, javascript, json, kotlin, lua, objectivec },
  ...{ perl, php, python, ruby, rust, scala, sql, swift, typescript, xml },
}
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language)

/**
 * highlight.js takes the square of an identifier's length: one line of 200,000 letters held it for 54 s, and anyone with a DSN may send
 * such a line. Longer lines are minified code, which gains nothing from colours.
 */
const MAX_LINE_CHARACTERS = 200
const MAX_BLOCKS = 8
const MAX_MILLISECONDS = 15
const CACHED_BLOCKS = 1_000

const cache = new Map<string, string[]>()

/** What one page may spend on colours. */
export type HighlightBudget = { blocks: number; milliseconds: number }

export function highlightBudget(): HighlightBudget {
  return { blocks: MAX_BLOCKS, milliseconds: MAX_MILLISECONDS }
}

/**
 * Each line as safe HTML, or null when the block stays plain: unknown language, a long line, characters that must be shown as
 * marks, or the page's budget is spent.
 */
export function highlight(
  lines: readonly string[],
  language: string | null,
  budget: HighlightBudget,
): string[] | null {
  if (!language) return null
  if (lines.some((line) => line.length > MAX_LINE_CHARACTERS || hasUnseen(line))) return null
  const key = `${language}\n${lines.join("\n")}`
  const known = cache.get(key)
  if (known) return known
  if (budget.blocks <= 0 || budget.milliseconds <= 0) return null
  const started = performance.now()
  const html = splitLines(
    hljs.highlight(lines.join("\n"), { language, ignoreIllegals: true }).value,
  )
  budget.blocks -= 1
  budget.milliseconds -= performance.now() - started
  if (cache.size >= CACHED_BLOCKS) cache.delete(cache.keys().next().value ?? "")
  cache.set(key, html)
  return html
}

const SPAN = /<span class="[^"]*">|<\/span>/g

/** A string or comment may run over lines: its span is closed at each line's end and opened again on the next. */
function splitLines(html: string): string[] {
  const open: string[] = []
  return html.split("\n").map((line) => {
    const before = open.join("")
    for (const [tag] of line.matchAll(SPAN)) {
      if (tag === "</span>") open.pop()
      else open.push(tag)
    }
    return before + line + "</span>".repeat(open.length)
  })
}

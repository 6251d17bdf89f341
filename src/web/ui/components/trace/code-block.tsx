import { raw } from "hono/html"
import { ForeignText } from "../foreign-text.tsx"
import { type HighlightBudget, highlight } from "./highlight.ts"

/** What a page carries of one source line; the raw JSON has the rest. */
const MAX_LINE_CHARACTERS = 1_000

type CodeBlockProps = {
  lines: readonly string[]
  /** Number of the first line. */
  start: number
  /** Number of the line it is about. */
  hit: number
  language: string | null
  budget: HighlightBudget
}

/** Source lines; their numbers come from the list and are never copied along. */
export function CodeBlock({ lines, start, hit, language, budget }: CodeBlockProps) {
  const html = highlight(lines, language, budget)
  return (
    <ol class="code" start={start} tabindex={0} aria-label="Source code">
      {lines.map((line, index) => (
        <li {...(start + index === hit && { "data-hit": "" })}>
          {html ? raw(html[index] ?? "") : <ForeignText text={line} max={MAX_LINE_CHARACTERS} />}
        </li>
      ))}
    </ol>
  )
}

/** One line of code within text: a query of a breadcrumb. */
export function InlineCode(props: { text: string; language: string; budget: HighlightBudget }) {
  const html = highlight([props.text], props.language, props.budget)
  return html ? (
    <bdi>{raw(html.join(" "))}</bdi>
  ) : (
    <ForeignText text={props.text} max={MAX_LINE_CHARACTERS} />
  )
}

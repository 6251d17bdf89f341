import { raw } from "hono/html"
import { marked } from "marked"
import sanitizeHtml from "sanitize-html"
import { ForeignText } from "../../../components/foreign-text.tsx"

/** Comments are people's Markdown: emphasis, lists, code, links. No images (a request to a third party), no raw HTML that runs. */
const RULES: sanitizeHtml.IOptions = {
  allowedTags: [
    ...["p", "br", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "a"],
    ...["h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "thead", "tbody", "tr", "th", "td"],
  ],
  allowedAttributes: { a: ["href", "rel"] },
  allowedSchemes: ["http", "https", "mailto"],
  transformTags: {
    a: sanitizeHtml.simpleTransform("a", { rel: "noopener noreferrer nofollow" }),
    h1: "h4",
    h2: "h4",
    h3: "h4",
  },
}

/**
 * Reading Markdown takes the square of what looks like markup, and 20,000 times ">" is deeper than the stack: one comment
 * could hold up the process that takes events. What is beyond these stands as it was typed.
 */
const MAX_CHARACTERS = 5_000
const MAX_MARKS = 1_000
const MARK = /[!-/:-@[-`{-~]/g

export function Comment({ text }: { text: string }) {
  if (text.length > MAX_CHARACTERS || (text.match(MARK)?.length ?? 0) > MAX_MARKS) {
    return (
      <div class="comment">
        <pre>
          <ForeignText text={text} max={text.length} />
        </pre>
      </div>
    )
  }
  const html = marked.parse(text, { gfm: true, breaks: true, async: false })
  return <div class="comment">{raw(sanitizeHtml(html, RULES))}</div>
}

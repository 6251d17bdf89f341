import { raw } from "hono/html"
import { marked } from "marked"
import sanitizeHtml from "sanitize-html"

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

export function Comment({ text }: { text: string }) {
  const html = marked.parse(text, { gfm: true, breaks: true, async: false })
  return <div class="comment">{raw(sanitizeHtml(html, RULES))}</div>
}

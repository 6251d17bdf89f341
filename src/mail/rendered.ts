/** A mail without its addresses: what a template makes. */
export type RenderedMail = { text: string; html: string }

/** hono/jsx gives a lazy string; mail programs want the doctype before it. */
export function htmlOf(page: { toString(): string }): string {
  return `<!DOCTYPE html>${page.toString()}`
}

/** Paragraphs of a text mail: empty ones vanish, the rest is parted by a blank line. */
export function paragraphs(...parts: (string | false | null | undefined)[]): string {
  return `${parts.filter((part) => typeof part === "string" && part !== "").join("\n\n")}\n`
}

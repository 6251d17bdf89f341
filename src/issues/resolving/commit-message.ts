/** What a commit's message says that it resolves: short ids (`BACKEND-2S`), and ids from addresses of this instance. */
export type References = string[]

const MAX_MESSAGE = 20_000
/** Nobody fixes more with one commit. */
const MAX_REFERENCES = 50
const MARKDOWN_LINK = /\[([^\][\n]{1,200})\]\([^()\s]{1,500}\)/g
const FIXES = "\\b(?:fix|fixes|fixed|close|closes|closed|resolve|resolves|resolved):?\\s{1,20}"
const NAMED = new RegExp(`${FIXES}([A-Za-z0-9_\\-,\\s]{1,500})`, "gi")
const LINKED = new RegExp(`${FIXES}(https?://\\S{1,500})`, "gi")
const SHORT_ID = /^[a-z0-9_-]{1,60}-[a-z0-9]{1,12}$/i

/** `prefix` is the address of this instance: links to anybody else's issues mean nothing here. */
export function referencedIssues(message: string, prefix: string): References {
  const text = message.slice(0, MAX_MESSAGE).replace(MARKDOWN_LINK, "$1")
  const named = [...text.matchAll(NAMED)]
    .flatMap(([, list = ""]) => list.split(/[\s,]+/))
    .filter((word) => SHORT_ID.test(word))
    .map((word) => word.toUpperCase())
  const linked = [...text.matchAll(LINKED)].flatMap(([, url = ""]) => issueIn(url, prefix) ?? [])
  return [...new Set([...named, ...linked])].slice(0, MAX_REFERENCES)
}

function issueIn(url: string, prefix: string): string | null {
  if (!url.startsWith(`${prefix.replace(/\/$/, "")}/`)) return null
  return /\/issues\/([A-Za-z0-9_-]{1,80})/.exec(url)?.[1]?.toUpperCase() ?? null
}

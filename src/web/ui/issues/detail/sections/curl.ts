import type { Request } from "#normalize/event.ts"
import { FILTERED } from "#normalize/scrub/patterns.ts"

/** curl sets these itself, or they belong to one connection. */
const OWN_HEADERS = new Set(["host", "content-length", "connection", "accept-encoding", "cookie"])
const HTTP = /^https?:\/\//i
/** A header's or method's name in HTTP. Anything else is no name, and "@file" would make curl read a file. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,200}$/
/** A terminal obeys control characters even inside quotes, and direction marks hide what stands there; lines and tabs stay. */
const CONTROLS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * The request as a command line that repeats it, with what scrubbing took out left out. null without an address that curl
 * should be given. Everything foreign stands in single quotes, where a shell reads nothing.
 */
export function curlCommand(request: Request): string | null {
  const { url, method = "GET" } = request
  if (!url || !HTTP.test(url) || !TOKEN.test(method)) return null
  const body = bodyText(request.data)
  const cookies = (request.cookies ?? []).filter(isKnown)
  const headers = (request.headers ?? []).filter(
    (pair) => isKnown(pair) && TOKEN.test(pair[0]) && !OWN_HEADERS.has(pair[0].toLowerCase()),
  )
  return [
    // Brackets and braces in an address are no pattern here.
    `curl --globoff ${quoted(url + queryText(request))}`,
    ...(method === "GET" && body === null ? [] : [`-X ${quoted(method)}`]),
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value.replaceAll("\n", " ")}`)}`),
    ...(cookies.length > 0
      ? [`-b ${quoted(cookies.map(([name, value]) => `${name}=${value}`).join("; "))}`]
      : []),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(" \\\n  ")
}

function queryText({ url = "", query_string: pairs = [] }: Request): string {
  if (pairs.length === 0 || url.includes("?")) return ""
  return `?${new URLSearchParams(pairs.filter(isKnown).map(([name, value]) => [name, value]))}`
}

function isKnown([, value]: readonly [name: string, value: string]): boolean {
  return !value.includes(FILTERED)
}

function bodyText(data: unknown): string | null {
  if (data === undefined || data === null) return null
  return typeof data === "string" ? data : JSON.stringify(data)
}

/** Within single quotes a POSIX shell knows nothing but the closing quote. */
function quoted(text: string): string {
  return `'${text.replace(CONTROLS, "").replaceAll("'", "'\\''")}'`
}

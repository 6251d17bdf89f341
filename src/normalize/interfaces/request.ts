import { domainToASCII } from "node:url"
import type { Pair, Request } from "../event.ts"
import { anything, bag, largeBag } from "../values/bag.ts"
import { text, unsigned } from "../values/coerce.ts"
import { cookiePairs, formPairs, pairsOf, splitAt, textPairs } from "../values/pairs.ts"
import { filled, isRecord, type Reader, record } from "../values/read.ts"
import { refuse } from "../values/remarks.ts"

const MAX_QUERY_CHARACTERS = 1024
const MAX_COOKIE_CHARACTERS = 2048
const MAX_HEADER_CHARACTERS = 8192

const method: Reader<string> = (value, remarks) => {
  const upper = typeof value === "string" && value.length <= 32 ? value.toUpperCase() : ""
  return /^[A-Z_-]{3,32}$/.test(upper) ? upper : refuse(remarks, value, "expected a method")
}

const query: Reader<Pair[]> = (value, remarks) => {
  const pairs =
    typeof value === "string"
      ? formPairs(value.startsWith("?") ? value.slice(1) : value)
      : pairsOf(value, remarks)
  return pairs && textPairs(pairs, MAX_QUERY_CHARACTERS, remarks)
}

const cookies: Reader<Pair[]> = (value, remarks) => {
  const pairs = typeof value === "string" ? cookiePairs(value) : pairsOf(value, remarks)
  return pairs && textPairs(pairs, MAX_COOKIE_CHARACTERS, remarks)
}

const headers: Reader<Pair[]> = (value, remarks) => {
  const raw = pairsOf(value, remarks)
  const pairs = raw && textPairs(raw, MAX_HEADER_CHARACTERS, remarks)
  if (!pairs) return undefined
  for (const pair of pairs) pair[0] = headerName(pair[0])
  return Array.isArray(value) ? pairs : pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/** "user-agent" as "User-Agent". */
function headerName(name: string): string {
  return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

/** Query and fragment of a URL have fields of their own, and there may be a lot of them: cut later. */
const url: Reader<string> = (value, remarks) =>
  typeof value === "string" ? value : refuse(remarks, value, "expected a string")

const readRequest = record<Request>({
  url,
  method,
  query_string: query,
  fragment: text(1024, 100),
  data: (value) => value ?? undefined,
  inferred_content_type: text(128),
  cookies,
  headers,
  env: bag(largeBag),
  body_size: unsigned,
  protocol: text(128),
  api_target: text(128),
})

export const request: Reader<Request> = (value, remarks) => {
  const read = filled(readRequest)(value, remarks)
  if (!read) return undefined
  const result = { ...read }
  settleUrl(result, remarks)
  settleCookies(result, remarks)
  settleData(result, remarks)
  return filled<Request>(() => result)(value, remarks)
}

type Settle = (request: Request, remarks: Parameters<typeof url>[1]) => void

/** Relative and invalid addresses are split the same way: first at "#", then at "?". */
const settleUrl: Settle = (request, remarks) => {
  if (request.url === undefined) return
  const whole = request.url.endsWith("…") ? `${request.url.slice(0, -1)}...` : request.url
  const [beforeFragment, fragment] = splitAt(whole, "#")
  const [address, search] = splitAt(beforeFragment, "?")
  const cut = address && text(256, 40)(address, remarks)
  delete request.url
  if (cut) request.url = withAsciiHost(cut)
  if (fragment && !request.fragment) {
    const kept = text(1024, 100)(fragment, remarks)
    if (kept) request.fragment = kept
  }
  if (search && !request.query_string) {
    const pairs = query(search, remarks)
    if (pairs) request.query_string = pairs
  }
}

/** The host in the spelling of DNS, whichever the client used. */
function withAsciiHost(address: string): string {
  const start = address.indexOf("://") + 3
  const rest = start > 2 ? address.slice(start) : ""
  const end = rest.search(/[/:\\]|$/)
  const host = rest.slice(0, end)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the ASCII range is meant
  if (host.includes("@") || /^[\x00-\x7f]*$/.test(host)) return address
  const ascii = domainToASCII(host)
  return ascii === "" ? address : address.slice(0, start) + ascii + rest.slice(end)
}

const settleCookies: Settle = (request, remarks) => {
  const header = request.headers?.find(([name]) => name === "Cookie")
  if (!header) return
  const rest = request.headers?.filter((pair) => pair !== header) ?? []
  if (rest.length > 0) request.headers = rest
  else delete request.headers
  const pairs = request.cookies ?? cookies(header[1], remarks)
  if (pairs) request.cookies = pairs
}

/** A body that is JSON or a form becomes data, so that scrubbing sees its keys. */
const settleData: Settle = (request, remarks) => {
  const { data } = request
  if (data === undefined) return
  const parsed = typeof data === "string" ? parseBody(data) : { data, type: undefined }
  const type = parsed.type ?? contentType(request)
  const kept = anything(largeBag)(parsed.data, remarks)
  if (kept === "" || kept === null) delete request.data
  else request.data = kept
  if (type && request.inferred_content_type === undefined) request.inferred_content_type = type
}

/** Longer bodies stay text and are cut: parsing what will be thrown away is wasted. */
const MAX_PARSED_CHARACTERS = 64_000
/** 100,000 nested brackets cost a second to parse. */
const MAX_BRACKETS = 10_000

function parseBody(body: string): { data: unknown; type: string | undefined } {
  const text = { data: body, type: undefined }
  if (body.length > MAX_PARSED_CHARACTERS) return text
  const first = body.trimStart()[0]
  if (first === "{" || first === "[") return parseJson(body) ?? text
  if (!body.includes("=") || body.startsWith("<?xml")) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the ASCII range is meant
  if (!/^[\x00-\x7f]*$/.test(body)) return text
  const pairs = formPairs(body)
  const isForm = pairs.length > 1 || (pairs[0]?.[1] !== "" && pairs[0]?.[1] !== "=")
  if (!isForm) return text
  return { data: Object.fromEntries(pairs), type: "application/x-www-form-urlencoded" }
}

function parseJson(body: string): { data: unknown; type: string } | undefined {
  if (countBrackets(body) > MAX_BRACKETS) return undefined
  try {
    const data: unknown = JSON.parse(body)
    return isRecord(data) || Array.isArray(data) ? { data, type: "application/json" } : undefined
  } catch {
    return undefined
  }
}

function countBrackets(body: string): number {
  let count = 0
  for (let index = 0; index < body.length; index++) {
    const code = body.charCodeAt(index)
    if (code === 0x5b || code === 0x7b) count++
  }
  return count
}

function contentType(request: Request): string | undefined {
  const header = request.headers?.find(([name]) => name === "Content-Type")
  return header && splitAt(header[1], ";")[0].trim().slice(0, 128)
}

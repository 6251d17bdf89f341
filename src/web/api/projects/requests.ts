import type { ProjectFilter } from "#projects/listing-store.ts"

const ID = /^\d{1,18}$/
const PUBLIC_KEY = /^[0-9a-f]{32}$/
/** No project has this id: for a filter whose value cannot be one. */
const NOBODY = "0"
const MAX_QUERY_CHARACTERS = 500

/** `query` of a project list: `slug:x id:1 dsn:KEY` narrow, every other word is part of a name or slug. */
export function readProjectFilter(query: string): ProjectFilter {
  const filter: ProjectFilter = {}
  const words: string[] = []
  for (const term of query.slice(0, MAX_QUERY_CHARACTERS).trim().split(/\s+/)) {
    const [key = "", value] = splitOnce(term)
    if (value === undefined || !narrow(filter, key, value)) words.push(term)
  }
  const text = words.join(" ")
  return text === "" ? filter : { ...filter, text }
}

function narrow(filter: ProjectFilter, key: string, value: string): boolean {
  if (key === "slug") filter.slug = value
  else if (key === "id") filter.id = ID.test(value) ? value : NOBODY
  else if (key === "dsn") readDsn(filter, value)
  else return false
  return true
}

/** The public key alone, or a whole DSN with it before the `@`. */
function readDsn(filter: ProjectFilter, value: string): void {
  const key = URL.canParse(value) ? new URL(value).username : value
  if (PUBLIC_KEY.test(key)) filter.publicKey = key
  else filter.id = NOBODY
}

function splitOnce(term: string): [key: string, value?: string] {
  const colon = term.indexOf(":")
  return colon === -1 ? [term] : [term.slice(0, colon), term.slice(colon + 1)]
}

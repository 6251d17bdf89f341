import { readFileSync } from "node:fs"
import { join } from "node:path"
import { deflateSync, gzipSync } from "node:zlib"

export const FIXTURES = join(import.meta.dir, "../fixtures/clients")
/** The key and the host that the clients were given when they were captured; the project was 1. */
const KEY = "0123456789abcdef0123456789abcdef"
const DSN = `http://${KEY}@sentry.example.test/1`

/** One captured request of a real client. */
export type Fixture = {
  /** Holds its body, unpacked; null when it had none. */
  file: string | null
  client: string
  method: string
  path: string
  headers: Record<string, string>
  /** How the body travelled. */
  packing: "none" | "gzip" | "base64-zlib"
}

export type FixtureRequest = {
  method: string
  /** Path and query. */
  path: string
  headers: Record<string, string>
  /** Null: the request has none. */
  body: Uint8Array<ArrayBuffer> | null
}

export function listFixtures(): Fixture[] {
  return JSON.parse(readFileSync(join(FIXTURES, "requests.json"), "utf8"))
}

/** As it was captured; empty when there was none. */
export function bodyOf({ file }: Fixture): Buffer<ArrayBuffer> {
  return file ? Buffer.from(readFileSync(join(FIXTURES, file))) : Buffer.alloc(0)
}

/** The same request as its client would send it to this DSN. */
export function requestFor(fixture: Fixture, dsn: string): FixtureRequest {
  const { username: key, pathname } = new URL(dsn)
  const own = (text: string) => text.replaceAll(KEY, key)
  const headers = Object.fromEntries(
    Object.entries(fixture.headers).map(([name, value]) => [name, own(value)]),
  )
  const { method, path } = fixture
  const address = own(path).replace("/api/1/", `/api${pathname}/`)
  if (fixture.file === null) return { method, path: address, headers, body: null }
  // Byte for byte: attachments are no text. The key has the same length everywhere; the DSN counts in the first line only.
  const plain = bodyOf(fixture).toString("latin1").replaceAll(KEY, key)
  const headEnd = Math.max(plain.indexOf("\n"), 0)
  const head = plain.slice(0, headEnd).replace(own(DSN), dsn)
  const body = Buffer.from(head + plain.slice(headEnd), "latin1")
  return {
    method,
    path: address,
    headers,
    body: pack(body, fixture.packing),
  }
}

function pack(plain: Buffer<ArrayBuffer>, packing: Fixture["packing"]): Buffer<ArrayBuffer> {
  if (packing === "gzip") return gzipSync(plain)
  return packing === "none" ? plain : Buffer.from(deflateSync(plain).toString("base64"))
}

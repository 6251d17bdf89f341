import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import fc from "fast-check"

/** A change to the bytes on the wire; `at` is a share of their length. */
type Damage = { at: number; remove: number; insert: string }

type Packing = { encoding: string | null; pack: (plain: Uint8Array) => Buffer }
const zstd = (plain: Uint8Array) => zstdCompressSync(plain)
const packings = {
  none: { encoding: null, pack: Buffer.from },
  gzip: { encoding: "gzip", pack: (plain) => gzipSync(plain, { level: 1 }) },
  deflate: { encoding: "deflate", pack: (plain) => deflateSync(plain, { level: 1 }) },
  br: { encoding: "br", pack: (plain) => brotliCompressSync(plain, { params: { 1: 1 } }) },
  zstd: { encoding: "zstd", pack: zstd },
  "base64-zlib": {
    encoding: null,
    pack: (plain) => Buffer.from(deflateSync(plain).toString("base64")),
  },
  base64: { encoding: null, pack: (plain) => Buffer.from(Buffer.from(plain).toString("base64")) },
} satisfies Record<string, Packing>

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.nat(3), fc.nat(2_000)),
  insert: fc.constantFrom(
    ...["", "\n", "\r\n", "{", "}", "[", '"', "\\", "\0", "\xff", "\xef\xbb\xbf", "NaN", ","],
    ...['{"type":"event"}\n{}\n', '{"type":"x","length":9}\n', '"event_id":"x",', "\ud83d"],
  ),
})

/** Mostly none. */
const damages: fc.Arbitrary<Damage[]> = fc.oneof(
  { weight: 7, arbitrary: fc.constant<Damage[]>([]) },
  { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
)

/** How the body travels. */
export type Wire = {
  damage: Damage[]
  packing: keyof typeof packings
  /** What Content-Encoding says, when that is not the truth. */
  claim: string | null
  auth: "header" | "query" | "none"
}

export const wire = {
  damage: damages,
  packing: fc.oneof(
    { weight: 4, arbitrary: fc.constant("none") },
    fc.constantFrom(...Object.keys(packings)),
  ) as fc.Arbitrary<Wire["packing"]>,
  claim: fc.oneof(
    { weight: 19, arbitrary: fc.constant(null) },
    fc.constantFrom("gzip", "br", "zstd", "deflate", "gzip, gzip", "identity", "", "x"),
  ),
  auth: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("header", "query") },
    fc.constantFrom("header", "query", "none"),
  ) as fc.Arbitrary<Wire["auth"]>,
}

/** The plain bytes as they are sent, and the headers and query that go with them. */
export function sent(plain: Uint8Array, given: Wire, key: string) {
  const { encoding, pack } = packings[given.packing] as Packing
  const claimed = given.claim ?? encoding
  return {
    body: Buffer.from(damaged(pack(plain), given.damage)),
    headers: {
      ...(given.auth === "header" && {
        "x-sentry-auth": `Sentry sentry_version=7, sentry_client=fuzz/1, sentry_key=${key}`,
      }),
      ...(claimed !== null && { "content-encoding": claimed }),
    },
    query: given.auth === "query" ? `?sentry_version=7&sentry_key=${key}` : "",
  }
}

function damaged(bytes: Buffer, given: readonly Damage[]): Buffer {
  let result = bytes
  for (const { at, remove, insert } of given) {
    const start = Math.floor(at * result.length)
    const inserted = Buffer.from(insert, "latin1")
    result = Buffer.concat([result.subarray(0, start), inserted, result.subarray(start + remove)])
  }
  return result
}

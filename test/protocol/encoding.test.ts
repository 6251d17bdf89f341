import { expect, test } from "bun:test"
import zlib from "node:zlib"
import { bodyEncoding, decodeBody } from "#protocol/encoding.ts"
import { storeJson } from "#protocol/store-body.ts"
import { effortOf } from "../support/effort.ts"

const plain = Buffer.from('{"message":"hi"}'.repeat(20))
const MAX = 1024 * 1024

function decode(body: Uint8Array, header: string | null, max = MAX) {
  const layers = bodyEncoding(header, body)
  if (typeof layers === "string") return layers
  const decoded = decodeBody(body, layers, max)
  return "fault" in decoded ? decoded.fault : Buffer.from(decoded.bytes).toString()
}

test("gzip, x-gzip, deflate (wrapped and raw), br, zstd, identity, in any case", () => {
  const text = plain.toString()
  expect(decode(zlib.gzipSync(plain), "gzip")).toBe(text)
  expect(decode(zlib.gzipSync(plain), "X-GZIP")).toBe(text)
  expect(decode(zlib.deflateSync(plain), "deflate")).toBe(text)
  expect(decode(zlib.deflateRawSync(plain), "deflate")).toBe(text)
  expect(decode(zlib.brotliCompressSync(plain), "br")).toBe(text)
  expect(decode(zlib.zstdCompressSync(plain), "zstd")).toBe(text)
  expect(decode(plain, "identity")).toBe(text)
  expect(decode(plain, null)).toBe(text)
})

test("a list is decoded from its end, two layers at most", () => {
  expect(decode(zlib.brotliCompressSync(zlib.gzipSync(plain)), "gzip, br")).toBe(plain.toString())
  expect(decode(plain, "gzip, gzip, gzip")).toBe("broken")
})

test("gzip and zstd are recognized when a proxy dropped the header", () => {
  expect(decode(zlib.gzipSync(plain), null)).toBe(plain.toString())
  expect(decode(zlib.zstdCompressSync(plain), "")).toBe(plain.toString())
})

test("an unknown encoding is named as such, prototype members included", () => {
  expect(decode(plain, "foo")).toBe("unsupported_encoding")
  expect(decode(plain, "constructor")).toBe("unsupported_encoding")
  expect(decode(plain, "__proto__")).toBe("unsupported_encoding")
})

test("broken streams: not compressed, cut short, wrong checksum", () => {
  const gzip = zlib.gzipSync(plain)
  const flipped = Buffer.from(gzip)
  flipped[flipped.length - 6] = (flipped.at(-6) ?? 0) ^ 0xff
  expect(decode(plain, "gzip")).toBe("broken")
  expect(decode(gzip.subarray(0, -9), "gzip")).toBe("broken")
  expect(decode(flipped, "gzip")).toBe("broken")
  expect(decode(zlib.deflateSync(plain).subarray(0, -8), "deflate")).toBe("broken")
  expect(decode(zlib.brotliCompressSync(plain).subarray(0, -4), "br")).toBe("broken")
  expect(decode(new Uint8Array(0), "gzip")).toBe("broken")
  for (const header of ["gzip", "deflate", "br", "zstd"]) {
    expect(decode(plain, header)).toBe("broken")
  }
})

test("a zstd frame cut anywhere is broken, not short", () => {
  const frame = zlib.zstdCompressSync(Buffer.from(Array.from({ length: 9000 }, (_, i) => i * i)))
  for (let length = 4; length < frame.length; length += 97) {
    expect(decode(frame.subarray(0, length), "zstd")).toBe("broken")
  }
})

test("garbage behind a gzip stream is ignored, as long as the stream is sound", () => {
  const gzip = zlib.gzipSync(plain)
  const withGarbage = (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.from("\r\ngarbage")])
  expect(decode(withGarbage(gzip), "gzip")).toBe(plain.toString())
  const flipped = Buffer.from(gzip)
  flipped[flipped.length - 6] = (flipped.at(-6) ?? 0) ^ 0xff
  expect(decode(withGarbage(flipped), "gzip")).toBe("broken")
})

test("bombs stop at the limit, quickly and without the memory", () => {
  const zeros = Buffer.alloc(64 * 1024 * 1024)
  const bombs: [string, Uint8Array][] = [
    ["gzip", zlib.gzipSync(zeros)],
    ["deflate", zlib.deflateSync(zeros)],
    [
      "br",
      zlib.brotliCompressSync(zeros, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ],
    ["zstd", zlib.zstdCompressSync(zeros)],
    ["gzip, gzip", zlib.gzipSync(zlib.gzipSync(zeros))],
  ]
  for (const [header, bomb] of bombs) {
    expect(decode(bomb, header)).toBe("too_large")
    expect(effortOf(() => decode(bomb, header))).toBeLessThan(1000)
  }
})

test("raven's base64 over zlib, and plain base64", () => {
  const raven =
    "eJyrVkotS80ric9MUbJSMjA0MjYxNTO3sExMSk5JTUPnK+ko5aYWFyempwIVZ2QCuTlA3TlKViYGtQAeARWX"
  const json = (body: string) => {
    const found = storeJson(Buffer.from(body), MAX)
    return "fault" in found ? found.fault : JSON.parse(Buffer.from(found.bytes).toString())
  }
  const event = { event_id: "0123456789abcdef0123456789abcdef", message: "hi", level: 40 }
  expect(json(raven)).toEqual(event)
  expect(json(`${raven}\r\n`)).toEqual(event)
  expect(json(Buffer.from(JSON.stringify(event)).toString("base64"))).toEqual(event)
  expect(json('\ufeff \n{"a":1}')).toEqual({ a: 1 })
  for (const wrong of ["[1]", '"x"', "5", "null", "hello!", "aGVsbG8="]) {
    expect(json(wrong)).toBe("not_json")
  }
})

test("a bomb inside base64 stops at the limit", () => {
  const bomb = zlib.deflateSync(Buffer.alloc(64 * 1024 * 1024)).toString("base64")
  expect(storeJson(Buffer.from(bomb), MAX)).toEqual({ fault: "too_large" })
})

test("a body that is nearly base64 costs milliseconds, wherever it stops being so", () => {
  for (const filler of [" ", "\r\n", "=", "A", "A =", "-"]) {
    const body = Buffer.from(`A${filler.repeat((2 * MAX) / filler.length - 2)}!`)
    expect(storeJson(body, MAX)).toEqual({ fault: "not_json" })
    expect(effortOf(() => storeJson(body, MAX))).toBeLessThan(1000)
  }
})

test("small gzip bodies: members in a row, garbage behind, and a length that lies", () => {
  const [one, two] = [zlib.gzipSync("one "), zlib.gzipSync("two")]
  expect(decode(Buffer.concat([one, two]), "gzip")).toBe("one two")
  expect(decode(Buffer.concat([one, Buffer.from("\n\n")]), "gzip")).toBe("one ")
  for (const length of [0, 1, 5, 0x7fffffff, 0xffffffff]) {
    const liar = Buffer.from(two)
    liar.writeUInt32LE(length, liar.length - 4)
    expect(decode(liar, "gzip")).toBe("broken")
  }
})

test("a small bomb stays within the limit, also when it says that it is small", () => {
  const bomb = zlib.gzipSync(Buffer.alloc(3 * MAX))
  expect(bomb.length).toBeLessThan(4064)
  expect(decode(bomb, "gzip")).toBe("too_large")
  bomb.writeUInt32LE(10, bomb.length - 4)
  expect(decode(bomb, "gzip")).toBe("too_large")
})

import { expect, test } from "bun:test"
import { parseDsn } from "#protocol/dsn.ts"

test("a current DSN", () => {
  expect(parseDsn("https://abc@sentry.example.com/42")).toEqual({
    scheme: "https",
    publicKey: "abc",
    host: "sentry.example.com",
    pathPrefix: "",
    projectId: "42",
  })
})

test("secret, port, path prefix and options of old DSNs", () => {
  const dsn = parseDsn("http://public:secret@host:9000/tools/sentry/42?timeout=5")
  expect(dsn).toEqual({
    scheme: "http",
    publicKey: "public",
    host: "host:9000",
    pathPrefix: "/tools/sentry",
    projectId: "42",
  })
})

test("an empty secret, a trailing slash, raven's transports", () => {
  expect(parseDsn("https://abc:@host/42")?.publicKey).toBe("abc")
  expect(parseDsn("https://abc@host/42/")?.projectId).toBe("42")
  expect(parseDsn("gevent+https://abc@host/42")?.scheme).toBe("https")
})

test("what is no DSN is null", () => {
  const wrong = [
    "",
    "abc",
    "https://host/42",
    "https://abc@host",
    "https://abc@host/",
    "ftp://a@h/1",
  ]
  expect(wrong.map(parseDsn)).toEqual(wrong.map(() => null))
  expect(parseDsn(`https://abc@host/${"4".repeat(10_000)}`)).toBeNull()
})

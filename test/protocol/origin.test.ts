import { expect, test } from "bun:test"
import { isOriginAllowed, siteOf } from "#protocol/origin.ts"

const allowed = (pattern: string, origin: string | null) => isOriginAllowed([pattern], origin)

test("a domain means that host alone, with any scheme and port", () => {
  expect(allowed("example.com", "https://example.com")).toBe(true)
  expect(allowed("example.com", "http://EXAMPLE.com:8080/page")).toBe(true)
  expect(allowed("example.com", "https://app.example.com")).toBe(false)
})

test("a star in front means the host and everything below it, nothing that only ends alike", () => {
  expect(allowed("*.example.com", "https://a.b.example.com")).toBe(true)
  expect(allowed("*.example.com", "https://example.com")).toBe(true)
  expect(allowed("*.example.com", "https://evilexample.com")).toBe(false)
})

test("scheme and port bind when they are named; a path never does", () => {
  expect(allowed("https://example.com", "http://example.com")).toBe(false)
  expect(allowed("https://example.com/app", "https://example.com/other")).toBe(true)
  expect(allowed("*:8080", "http://anything:8080")).toBe(true)
  expect(allowed("*:8080", "http://anything")).toBe(false)
  expect(allowed("example.com:443", "https://example.com")).toBe(true)
  expect(allowed("[::1]", "http://[::1]:3000")).toBe(true)
})

test("no page, no check", () => {
  for (const origin of [null, "null", "file:///x", "app:///main.js", "app://x:80", "garbage"]) {
    expect(isOriginAllowed([], origin)).toBe(true)
  }
  expect(isOriginAllowed([], "https://example.com")).toBe(false)
  expect(isOriginAllowed(["*"], "https://example.com")).toBe(true)
})

test("of a Referer the site is kept, and nothing that its visitor did there", () => {
  expect(siteOf("https://ann:pw@shop.test:8443/reset?token=x#y")).toBe("https://shop.test:8443")
  expect([null, "null", "app:///x?token=y", "garbage"].map(siteOf)).toEqual(["", "", "", ""])
})

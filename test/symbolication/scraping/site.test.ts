import { expect, test } from "bun:test"
import { seal } from "#platform/seal.ts"
import { SCRAPING_TOKEN_PURPOSE } from "#projects/scraping.ts"
import { siteOf } from "#symbolication/scraping/site.ts"

const KEY = "a secret key for tests, long enough"
const sealed = Buffer.from(seal(KEY, SCRAPING_TOKEN_PURPOSE, Buffer.from("swordfish")))
const scraping = { isOn: true, sealedToken: sealed.toString("base64") }
const headers = (allowedDomains: string[], address: string, key = KEY) =>
  siteOf("1", { allowedDomains, scraping }, key).headersFor(new URL(address))

test("the token goes to the project's own domains, over https alone", () => {
  const told = { "x-sentry-token": "swordfish" }
  expect(headers(["*.shop.example"], "https://cdn.shop.example/a.js")).toEqual(told)
  expect(headers(["*.shop.example"], "http://cdn.shop.example/a.js")).toEqual({})
  expect(headers(["shop.example", "*"], "https://evil.example/a.js")).toEqual({})
  expect(headers(["shop.example", "*"], "https://shop.example/a.js")).toEqual(told)
  expect(headers(["https://*"], "https://evil.example/a.js")).toEqual({})
})

test("with another secret key there is no token", () => {
  expect(
    headers(["shop.example"], "https://shop.example/", "another key, which is long too"),
  ).toEqual({})
})

test("only allowed domains are asked; * is any", () => {
  const site = (allowedDomains: string[]) => siteOf("1", { allowedDomains, scraping }, KEY)
  const other = new URL("https://other.example/a.js")
  expect(site(["*"]).permits(other)).toBe(true)
  expect(site(["shop.example"]).permits(other)).toBe(false)
  expect(site([]).permits(other)).toBe(false)
})

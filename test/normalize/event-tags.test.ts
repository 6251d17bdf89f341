import { describe, expect, test } from "bun:test"
import { tagsOf, termOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { normalized } from "./given.ts"

const tagsFrom = (raw: unknown) => Object.fromEntries(tagsOf(normalized(raw)))

describe("tags of an event", () => {
  test("tell its attributes", () => {
    const event = {
      level: "warning",
      logger: "shop.cart",
      server_name: "web-1",
      environment: "live",
      release: "shop@2.0",
      dist: "7",
      transaction: "/cart",
      user: { id: 42 },
      request: { url: "https://shop.test/cart?x=1" },
      exception: { type: "E", mechanism: { type: "onerror", handled: false } },
      tags: { colour: "red", level: "loud" },
    }
    expect(tagsFrom(event)).toEqual({
      level: "warning",
      logger: "shop.cart",
      server_name: "web-1",
      environment: "live",
      release: "shop@2.0",
      dist: "7",
      transaction: "/cart",
      user: "id:42",
      url: "https://shop.test/cart",
      mechanism: "onerror",
      handled: "no",
      colour: "red",
    })
  })

  test("tell its contexts when these are complete", () => {
    const contexts = {
      os: { name: "Linux", version: "6.1", rooted: false },
      client_os: { name: "iOS" },
      browser: { name: "Firefox", version: "131" },
      runtime: { name: "node", version: "v22" },
      device: { model: "Pixel 8", family: "Pixel" },
      gpu: { name: "A", vendor_name: "B" },
      trace: { trace_id: "a".repeat(32) },
      other: { name: "x", version: "1" },
    }
    expect(tagsFrom({ contexts })).toEqual({
      level: "error",
      os: "Linux 6.1",
      "os.name": "Linux",
      "os.rooted": "no",
      "client_os.name": "iOS",
      browser: "Firefox 131",
      "browser.name": "Firefox",
      runtime: "node v22",
      "runtime.name": "node",
      device: "Pixel 8",
      "device.family": "Pixel",
      "gpu.name": "A",
      "gpu.vendor": "B",
    })
  })

  test("never exceed 200 characters or a line", () => {
    const event = {
      logger: "a\nb",
      request: { url: `http://shop.test/${"x".repeat(250)}` },
      user: { id: "n\nm" },
    }
    for (const [, value] of tagsOf(normalized(event))) {
      expect(value.length).toBeLessThanOrEqual(200)
      expect(value).not.toContain("\n")
    }
  })
})

describe("terms", () => {
  test("are signed 32-bit numbers, the same for events and searches", () => {
    const terms = termsOf([
      ["level", "error"],
      ["colour", "red"],
      ["level", "error"],
    ])
    expect(terms).toEqual([termOf("level", "error"), termOf("colour", "red")])
    for (const term of terms) expect(term).toBe(term | 0)
  })

  test("stay what they are: they are stored", () => {
    expect([termOf("level", "error"), termOf("os.name", "Linux")]).toEqual([
      2062755885, -2038940587,
    ])
  })
})

describe("the user", () => {
  test.each([
    [{ id: 7, username: "u", email: "e@shop.test" }, "id:7"],
    [{ username: "u", email: "e@shop.test" }, "username:u"],
    [{ email: "e@shop.test", ip_address: "192.0.2.1" }, "email:e@shop.test"],
    [{ ip_address: "192.0.2.1" }, "ip:192.0.2.1"],
  ])("%j is %s", (user, tag) => {
    expect(userOf(normalized({ user }))?.tag).toBe(tag)
  })

  test("nobody is nobody, and a hidden name tells nobody", () => {
    expect(userOf(normalized({}))).toBeNull()
    expect(userOf({ user: { username: "[Filtered]", ip_address: "192.0.2.1" } })?.tag).toBe(
      "ip:192.0.2.1",
    )
  })

  test("has a hash that fits a signed bigint and tells people apart", () => {
    const hashes = Array.from(
      { length: 500 },
      (_, id) => userOf({ user: { id: String(id) } })?.hash ?? "",
    )
    expect(new Set(hashes).size).toBe(500)
    for (const hash of hashes) expect(BigInt(hash) >= 0n && BigInt(hash) < 2n ** 63n).toBe(true)
  })
})

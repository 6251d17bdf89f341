import { describe, expect, test } from "bun:test"
import { userOf } from "#normalize/event-user.ts"
import type { RuleType, ScrubRule } from "#normalize/scrub/rules/rule.ts"
import { checkRule } from "#normalize/scrub/rules/rule.ts"
import { applyTo, noteAt } from "./given.ts"

const rule = (type: RuleType, more: Partial<ScrubRule> = {}) => ({ type, ...more })
/** What a rule makes of one text of an event. */
const textAfter = (text: unknown, type: RuleType, more: Partial<ScrubRule> = {}) =>
  applyTo({ extra: { text } }, rule(type, more)).event.extra?.text

describe("types", () => {
  test.each<[RuleType, string, string]>([
    ["creditcard", "card 4111 1111 1111 1111 ok", "card [Filtered] ok"],
    ["iban", "to DE89 3704 0044 0532 0130 00 now", "to [Filtered] now"],
    ["ip", "from 192.0.2.1 and 2001:db8::1 at 12:30", "from [Filtered] and [Filtered] at 12:30"],
    ["email", "mail to ann.lee+x@shop.example.", "mail to [Filtered]."],
    ["email", "no@address, @handle", "no@address, @handle"],
    ["imei", "imei 49-015420-323751-8", "imei [Filtered]"],
    ["imei", "no imei 490154203237519", "no imei 490154203237519"],
    ["mac", "at 4a:00:04:10:9b:50", "at [Filtered]"],
    ["uuid", "id ceee0822-ed8f-4622-b2a3-789e73e75cd1 ok", "id [Filtered] ok"],
    ["pemkey", "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", PEM()],
    ["urlauth", "https://ann:hunter2@shop.test/a", "https://ann:[Filtered]@shop.test/a"],
    ["usssn", "ssn 078-05-1120!", "ssn [Filtered]!"],
    [
      "userpath",
      "in C:\\Users\\ann\\app and /home/bob/x",
      "in C:\\Users\\[Filtered]\\app and /home/[Filtered]/x",
    ],
    ["bearer", "sent Bearer abc.def-123", "sent Bearer [Filtered]"],
    ["password", "my password is x", "[Filtered]"],
    ["anything", "whatever", "[Filtered]"],
  ])("%s: %s", (type, text, expected) => {
    expect(textAfter(text, type)).toBe(expected)
  })

  test("a regular expression replaces what it finds, or its first group", () => {
    expect(textAfter("order-1234 and order-99", "pattern", { pattern: "order-[0-9]+" })).toBe(
      "[Filtered] and [Filtered]",
    )
    expect(textAfter("order-1234 of x", "pattern", { pattern: "order-([0-9]+)" })).toBe(
      "order-[Filtered] of x",
    )
  })

  test("the name of a field decides, whatever the value is", () => {
    const extra = { loyalty_no: "12", loyaltyPoints: 99, loyalty: { a: 1 }, other: "x" }
    const found = rule("keyname", { pattern: "(?i)^loyalty", source: "extra.**" })
    expect(applyTo({ extra }, found).event.extra).toEqual({
      loyalty_no: "[Filtered]",
      loyaltyPoints: null,
      loyalty: null,
      other: "x",
    })
    const password = rule("password", { source: "extra.**" })
    expect(applyTo({ extra: { api_key: "k", x: "y" } }, password).event.extra).toEqual({
      api_key: "[Filtered]",
      x: "y",
    })
  })

  test("of what people read only the password goes", () => {
    const raw = { exception: { type: "E", value: "auth failed, password=hunter2, again" } }
    const { event } = applyTo(raw, rule("password"))
    expect(event.exception?.values[0]?.value).toBe("auth failed, password=[Filtered], again")
  })
})

function PEM(): string {
  return "-----BEGIN PRIVATE KEY-----[Filtered]-----END PRIVATE KEY-----"
}

describe("methods", () => {
  const text = "to ann@shop.test now"
  const email = (method: ScrubRule["method"], more = {}) =>
    textAfter(text, "email", { method, ...more })

  test("replace, with any text", () => {
    expect(email("replace", { text: "[email]" })).toBe("to [email] now")
  })
  test("remove", () => expect(email("remove")).toBe("to  now"))
  test("mask keeps the length", () => expect(email("mask")).toBe("to ************* now"))
  test("hash gives the same for the same, and needs the key", () => {
    const hashed = email("hash")
    expect(hashed).toMatch(/^to [0-9A-F]{40} now$/)
    expect(email("hash")).toBe(hashed)
    const plain = new Bun.CryptoHasher("sha256").update("ann@shop.test").digest("hex").toUpperCase()
    expect(hashed).not.toContain(plain.slice(0, 40))
  })

  test("what is no text can only go", () => {
    const extra = { n: 42, list: ["a"], yes: true }
    const all = rule("anything", { source: "extra.*", method: "mask" })
    expect(applyTo({ extra }, all).event.extra).toEqual({ n: null, list: null, yes: true })
    expect(textAfter(4111111111111111, "creditcard", { source: "extra.**" })).toBe(null)
  })

  test("whole parts go, and what would make no sense without them", () => {
    const raw = {
      user: { id: "1" },
      exception: { type: "E", value: "v", stacktrace: { frames: [{ function: "f" }] } },
    }
    const { event } = applyTo(
      raw,
      rule("anything", { source: "$user" }),
      rule("anything", { source: "$frame", method: "remove" }),
    )
    expect(event.user).toBeUndefined()
    expect(event.exception?.values).toEqual([{ type: "E", value: "v" }])
  })

  test("a hashed address tells users apart who have nothing else to be told apart by", () => {
    const hash = rule("anything", { source: "$user.ip_address", method: "hash" })
    const { event } = applyTo({ user: { ip_address: "192.0.2.1" } }, hash)
    expect(event.user).toEqual({ id: expect.stringMatching(/^[0-9A-F]{40}$/) })
    const named = applyTo({ user: { id: "7", ip_address: "192.0.2.1" } }, hash)
    expect(named.event.user).toEqual({ id: "7" })
  })
})

test("a user whose data was replaced or masked is nobody, one whose data was hashed is somebody", () => {
  const tagAfter = (method: ScrubRule["method"], text?: string) => {
    const hidden = rule("anything", { source: "$user.email", method, ...(text && { text }) })
    return userOf(applyTo({ user: { email: "ann@shop.test" } }, hidden).event)?.tag
  }
  expect(tagAfter("replace", "somebody@else.test")).toBeUndefined()
  expect(tagAfter("mask")).toBeUndefined()
  expect(tagAfter("remove")).toBeUndefined()
  expect(tagAfter("hash")).toMatch(/^email:[0-9A-F]{40}$/)
})

describe("what happened is noted", () => {
  test("where, by which rule, and what was there", () => {
    const raw = { extra: { text: "mail ann@shop.test, call" }, user: { email: "ann@shop.test" } }
    const { event } = applyTo(
      raw,
      rule("email", { method: "mask" }),
      rule("anything", { source: "$user.email", method: "remove" }),
    )
    expect(noteAt(event, "extra.text")).toEqual({
      rem: [["project: email addresses in $string", "m", 5, 18]],
      len: 24,
    })
    expect(event.user).toBeUndefined()
    expect(noteAt(event, "user.email")?.rem?.[0]).toEqual(["project: anything in $user.email", "x"])
  })

  test("rules add up, and what one replaced no other looks at again", () => {
    const { event } = applyTo(
      { extra: { text: "ann@shop.test from 192.0.2.1" } },
      rule("email", { text: "192.0.2.9" }),
      rule("ip", { method: "mask" }),
    )
    expect(event.extra?.text).toBe("192.0.2.9 from *********")
    expect(noteAt(event, "extra.text")?.rem).toHaveLength(2)
  })
})

test("stored rules that make no sense are passed over, their neighbours work", () => {
  const { event } = applyTo(
    { extra: { to: "ann@shop.test" } },
    rule("anything", { source: "no way" }),
    rule("pattern", { pattern: "(" }),
    rule("email"),
  )
  expect(event.extra?.to).toBe("[Filtered]")
})

describe("a rule that cannot work is refused", () => {
  const message = (wrong: Partial<ScrubRule>) => {
    try {
      checkRule({ method: "mask", type: "anything", source: "$string", ...wrong })
      return "accepted"
    } catch (error) {
      return (error as Error).message
    }
  }

  test("with what is wrong", () => {
    expect(message({ source: "$nobody" })).toContain("Column 1")
    expect(message({ type: "pattern" })).toBe("Write a regular expression.")
    expect(message({ type: "pattern", pattern: "(a" })).toContain("missing closing )")
    expect(message({ type: "pattern", pattern: "(?=a)b" })).not.toBe("accepted")
    expect(message({ type: "pattern", pattern: "(a)\\1" })).not.toBe("accepted")
    expect(message({ type: "pattern", pattern: "a*" })).toContain("use + instead")
    expect(message({ type: "pattern", pattern: "(?:[a-z]{100}){9}" })).toContain("too much")
    expect(message({ type: "pattern", pattern: "a".repeat(501) })).toBe("At most 500 characters.")
    expect(message({ text: "x".repeat(101) })).toBe("At most 100 characters.")
    expect(message({ type: "pattern", pattern: "(a+)+$" })).toBe("accepted")
  })
})

import { describe, expect, test } from "bun:test"
import { isUnhandled, titleOf } from "#grouping/title.ts"
import { given, member, thrown } from "./given.ts"

const titled = (raw: Record<string, unknown>) => titleOf(given(raw))
const error = (...values: object[]) => ({ platform: "python", exception: { values } })
const frame = (name: string | null, more = {}) => ({
  module: "shop",
  in_app: true,
  ...(name && { function: name }),
  ...more,
})

describe("the title of an error", () => {
  test("is its type and the first line of its value", () => {
    const { type, title, metadata } = titled(error({ type: "PayError", value: "no card\ndetails" }))
    expect(type).toBe("error")
    expect(title).toBe("PayError: no card")
    expect(metadata).toEqual({ type: "PayError", value: "no card\ndetails" })
  })

  test("is the type alone without a value", () => {
    expect(titled(error({ type: "PayError" })).title).toBe("PayError")
  })

  test("is the function when there is no type", () => {
    const of = (name: string | null) =>
      titled(error({ value: "x", stacktrace: { frames: [frame(name)] } })).title
    expect(of("charge")).toBe("charge")
    expect(of(null)).toBe("<unknown>")
  })

  test("of a synthetic exception is the function, and the culprit is empty", () => {
    const mechanism = { type: "signalhandler", synthetic: true }
    const { title, metadata, culprit } = titled(
      thrown("native", [frame("charge")], { type: "SIGSEGV", mechanism }),
    )
    expect(title).toBe("charge")
    expect(metadata.type).toBeUndefined()
    expect(culprit).toBe("")
  })

  test("comes from the last of a chain", () => {
    expect(titled(error({ type: "Cause", value: "a" }, { type: "Thrown", value: "b" })).title).toBe(
      "Thrown: b",
    )
  })

  test("comes from the one kind of leaf of a group", () => {
    const group = [
      member("V", 2, 0),
      member("V", 1, 0),
      member("G", 0, null, { is_exception_group: true }),
    ]
    expect(titled(error(...group)).title).toBe("V: V happened")
  })

  test("is cut at 256 characters", () => {
    const { title } = titled(error({ type: "E", value: "v".repeat(500) }))
    expect(title).toHaveLength(256)
    expect(title).toEndWith("v...")
  })

  test("of a message that came with its stack is the message", () => {
    const sent = { value: "the day does not close\nagain", mechanism: { synthetic: true } }
    const stacktrace = { frames: [{ function: "close", in_app: true }] }
    const { title, metadata } = titled({ ...error({ ...sent, stacktrace }), message: sent.value })
    expect(title).toBe("the day does not close")
    expect(metadata).toMatchObject({ value: sent.value, function: "close" })
    expect(titled({ ...error({ ...sent, stacktrace }), message: "other" }).title).toBe("close")
  })

  test("never holds half a character", () => {
    for (let length = 240; length < 260; length++) {
      expect(
        titled(error({ type: "E", value: `${"v".repeat(length)}😀😀😀😀😀` })).title.isWellFormed(),
      ).toBe(true)
    }
  })
})

describe("the title of a message", () => {
  test("is its first line", () => {
    expect(titled({ message: "  one\ntwo" })).toMatchObject({
      type: "default",
      title: "one",
      location: null,
    })
  })

  test("without a message says so", () => {
    expect(titled({}).title).toBe("<unlabeled event>")
  })
})

describe("a security report", () => {
  test.each([
    ["img-src", "https://evil.test/x.png", "Blocked 'image' from 'evil.test'", "evil.test"],
    ["script-src", "inline", "Blocked unsafe inline 'script'", "inline:"],
    ["style-src-elem", "", "Blocked 'style' or 'link' element", "'self'"],
    ["form-action", "https://evil.test", "Blocked 'form' action to 'evil.test'", "evil.test"],
    ["constructor", "https://evil.test", "Blocked 'constructor' from 'evil.test'", "evil.test"],
  ])("of %s and %j", (directive, blocked_uri, title, location) => {
    const csp = {
      effective_directive: directive,
      violated_directive: `${directive} https:`,
      blocked_uri,
    }
    expect(titled({ csp })).toMatchObject({
      type: "csp",
      title,
      location,
      culprit: `${directive} https:`,
    })
  })
})

describe("the culprit", () => {
  test.each([
    ["python", { module: "m", function: "f" }, "m in f"],
    ["javascript", { module: "m", function: "f" }, "f(m)"],
    ["javascript", { module: "m" }, "?(m)"],
    ["cocoa", { function: "f", package: "App" }, "f"],
    ["native", { function: "void pay<int>(int)" }, "pay<T>"],
  ])("of %s %j is %s", (platform, each, expected) => {
    expect(titled(thrown(platform, [each])).culprit).toBe(expected)
  })

  test("is the transaction when there is one", () => {
    expect(titled({ ...thrown("python", [frame("f")]), transaction: "GET /pay" }).culprit).toBe(
      "GET /pay",
    )
  })

  test("of native code without symbols is the module", () => {
    const frame = { instruction_addr: "0x1", package: "/opt/till" }
    const crash = thrown("native", [frame], { type: "SIGSEGV" })
    expect(titled(crash).culprit).toBe("till")
  })

  test("prefers the application's frames, however old", () => {
    const frames = [frame("ours"), frame("theirs", { in_app: false })]
    expect(titled(thrown("python", frames)).culprit).toBe("shop in ours")
  })

  test("is the page when there is no frame", () => {
    expect(titled({ message: "x", request: { url: "https://shop.test/pay" } }).culprit).toBe(
      "https://shop.test/pay",
    )
  })
})

test("the search text has everything once", () => {
  const { searchText } = titled({
    ...thrown("python", [frame("f", { filename: "pay.py" })]),
    message: "it broke today",
  })
  expect(searchText).toBe("it broke today Oops pay.py f shop in f")
})

test("an event is unhandled when one of its exceptions was", () => {
  const handled = (value: boolean | null) =>
    given(error({ type: "E", mechanism: { type: "m", handled: value } }, { type: "F" }))
  expect(isUnhandled(handled(false))).toBe(true)
  expect(isUnhandled(handled(true))).toBe(false)
  expect(isUnhandled(handled(null))).toBe(false)
})

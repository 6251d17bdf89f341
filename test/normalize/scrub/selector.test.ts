import { describe, expect, test } from "bun:test"
import { parseSelector } from "#normalize/scrub/rules/selector.ts"
import { applyTo } from "./given.ts"

/** The values of an event that a source reaches, by replacing them. */
const reached = (source: string) => applyTo(EVENT, { type: "anything", source, text: "X" })

const EVENT = {
  message: "hello",
  transaction: "/shop",
  tags: { colour: "red" },
  user: { id: "7", email: "ann@shop.test" },
  request: {
    url: "https://shop.test/",
    headers: { "X-Foo": "bar", Accept: "text/html" },
    data: { card: { holder: "Ann" } },
  },
  extra: { foo: "bar", deep: { password: "hunter2", list: ["a", "b"] }, "a.b": "c" },
  exception: {
    type: "Error",
    value: "oh no",
    stacktrace: { frames: [{ function: "f", vars: { secret: "s", n: "1" } }] },
  },
}

describe("a source leads to", () => {
  test.each([
    ["extra.foo", ["extra.foo"]],
    ["EXTRA.Foo", ["extra.foo"]],
    ["extra.'a.b'", ["extra.a.b"]],
    ["$user.email", ["user.email"]],
    ["user.*", ["user.id", "user.email"]],
    ["$http.headers.x-foo", ["request.headers.1.1"]],
    ["$frame.vars.secret", ["exception.values.0.stacktrace.frames.0.vars.secret"]],
    ["exception.value", ["exception.values.0.value"]],
    ["exception.values.0.value", ["exception.values.0.value"]],
    ["$error.value", ["exception.values.0.value"]],
    ["**.password", ["extra.deep.password"]],
    ["extra.**.password", ["extra.deep.password"]],
    ["extra.deep.list.1", ["extra.deep.list.1"]],
    ["extra.foo || request.data.card.holder", ["extra.foo", "request.data.card.holder"]],
    ["tags.colour", ["tags.0.1"]],
    ["transaction", ["transaction"]],
    ["$message.formatted", ["logentry.formatted"]],
    ["$string && user.**", ["user.id", "user.email"]],
    ["user.** && !user.id && $string", ["user.email"]],
    ["(extra.foo || user.id) && !extra.**", ["user.id"]],
    ["foo", []],
    ["$user.foo", []],
    ["event_id || platform || timestamp", []],
  ])("%s", (source, paths) => {
    expect(reached(source).changed.sort()).toEqual([...paths].sort())
  })

  test("what SDKs put data of people in, when it names nothing: not tags, transactions, URLs or functions", () => {
    const { changed } = reached("$string")
    expect(changed).toContain("extra.foo")
    expect(changed).toContain("exception.values.0.value")
    for (const path of ["tags.0.1", "transaction", "request.url", "platform", "event_id"]) {
      expect(changed).not.toContain(path)
    }
    expect(changed.filter((path) => path.endsWith("function"))).toEqual([])
  })
})

describe("a source that makes no sense names its column", () => {
  test.each([
    ["", "Column 1: expected a name, $type, * or **."],
    ["extra.", "Column 7: expected a name, $type, * or **."],
    ["extra foo", 'Column 7: expected "&&", "||" or the end.'],
    ["extra.fo?o", 'Column 9: expected "&&", "||" or the end.'],
    ["extra.'foo", "Column 7: this quote is never closed."],
    ["extra.foo && $bar.x", "Column 14: there is no type $bar, only "],
    ["(extra", 'Column 7: expected ")".'],
    ["extra || ", "Column 10: expected a name, $type, * or **."],
    ["$user.@", "Column 7: expected a name, $type, * or **; other characters stand in '…'."],
  ])("%s", (source, message) => {
    expect(() => parseSelector(source)).toThrow(message)
  })

  test("sources have bounds", () => {
    expect(() => parseSelector("a".repeat(501))).toThrow("at most 500 characters")
    expect(() => parseSelector("!".repeat(40))).toThrow("nested too deeply")
    expect(() => parseSelector("a.".repeat(40))).toThrow()
    expect(() => parseSelector(Array(22).fill("a").join("||"))).toThrow("at most 20 paths")
  })
})

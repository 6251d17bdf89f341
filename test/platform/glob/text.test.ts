import { expect, test } from "bun:test"
import fc from "fast-check"
import { compileGlob } from "#platform/glob/glob.ts"
import { effortOf } from "../../support/effort.ts"

function matches(pattern: string, text: string): boolean {
  const glob = compileGlob(pattern, "text", { ignoreCase: true })
  return "matches" in glob && glob.matches(text)
}

test.each([
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "line\nfeed / slash", true],
  ["*Script error*", "Error: script ERROR.", true],
  ["Script error", "Error: Script error.", false],
  ["a*b*c", "a1b2b3c", true],
  ["a*b*c", "a1c2b", false],
  ["ab*ba", "aba", false],
  ["ab*ba", "abba", true],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["*?x", "💩x", true],
  ["?", "💩", true],
  ["??", "💩", false],
  ["💩*[😀-😂]", "💩 and 😁", true],
  ["shop@1.[0-9]", "shop@1.4", true],
  ["shop@1.[!0-9]", "shop@1.4", false],
  ["shop@1.[^0-9]", "shop@1.x", true],
  ["[]a]", "]", true],
  ["[a-]", "-", true],
  ["*[0-9][0-9]", "version 07", true],
  ["*[0-9][0-9]", "version 7", false],
  ["{TypeError,RangeError}: *", "RangeError: no", true],
  ["{TypeError,RangeError}: *", "Error: no", false],
  ["*/health{/,}", "GET /health/", true],
  ["*/health{/,}", "GET /healthy", false],
  ["a{b*,[cd]?}e", "adxe", true],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["\\{a,b\\}", "{a,b}", true],
  ["Ünïcode", "üNÏCODE", true],
])("%j against %j is %p", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})

const letter = fc.constantFrom("a", "b", "é", "💩", "\n", "/", ".")
const piece = fc.oneof(
  fc.constantFrom("*", "?"),
  letter.map((text) => (text === "." ? "\\." : text)),
  fc.array(letter, { minLength: 1, maxLength: 3 }).map((each) => `[${each.join("")}]`),
  fc.array(letter, { minLength: 1, maxLength: 3 }).map((each) => `[!${each.join("")}]`),
  fc.array(fc.constantFrom("a", "*", "b?", ""), { maxLength: 3 }).map((each) => `{${each}}`),
)

/** The same pattern as an expression, whose engine tries again what a glob never does. */
function expressionOf(pieces: readonly string[]): RegExp {
  const translate = (glob: string): string =>
    glob.replaceAll("*", "[^]*").replaceAll("?", "[^]").replace(/^\[!/, "[^")
  const source = pieces.map((each) => {
    if (each.startsWith("{")) return `(?:${each.slice(1, -1).split(",").map(translate).join("|")})`
    return each.startsWith("[") ? each.replace(/^\[!/, "[^") : translate(each)
  })
  return new RegExp(`^${source.join("")}$`, "u")
}

test("agrees with an expression that means the same", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 7 }),
      fc.array(letter, { maxLength: 10 }).map((letters) => letters.join("")),
      (pieces, text) => {
        // More braces may stand for more patterns than are allowed.
        fc.pre(pieces.filter((each) => each.startsWith("{")).length <= 3)
        expect([pieces, text, matches(pieces.join(""), text)]).toEqual([
          pieces,
          text,
          expressionOf(pieces).test(text),
        ])
      },
    ),
    { numRuns: 5_000 },
  )
})

test("never throws, whatever stands in pattern and text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (pattern, text) => {
      expect(matches(pattern, text)).toBeBoolean()
    }),
    { numRuns: 3_000 },
  )
})

test("patterns that make others try again and again take no longer than their length", () => {
  const text = "a".repeat(8_000)
  for (const pattern of [
    "*a".repeat(95),
    "*[ab]?".repeat(30),
    `*${"a".repeat(190)}b`,
    "*?".repeat(95),
  ]) {
    expect(effortOf(() => matches(`${pattern}!`, text))).toBeLessThan(60)
  }
})

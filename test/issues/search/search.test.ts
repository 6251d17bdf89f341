import { expect, test } from "bun:test"
import fc from "fast-check"
import type { Condition } from "#issues/search/condition.ts"
import { removableParts } from "#issues/search/parse.ts"
import { readSearch } from "#issues/search/search.ts"
import { effortOf } from "../../support/effort.ts"

const NOW = new Date("2026-11-24T12:00:00Z")

function meaning(query: string): Condition {
  const search = readSearch(query, NOW)
  if (!search.ok) throw new Error(`${query}: ${search.message}`)
  return search.condition
}

function problem(query: string) {
  const search = readSearch(query, NOW)
  if (search.ok) throw new Error(`${query} was understood`)
  return search
}

const unresolved: Condition = { kind: "status", status: "unresolved" }
const tag = (key: string, equals: string): Condition => ({ kind: "tag", key, match: { equals } })

const understood: [string, Condition][] = [
  ["", { kind: "and", of: [] }],
  ["is:unresolved", unresolved],
  ["is:ignored", { kind: "status", status: "archived" }],
  ["!is:unresolved", { kind: "not", of: unresolved }],
  ["is:regressed", { kind: "substatus", substatus: "regressed" }],
  ["is:unassigned", { kind: "not", of: { kind: "isAssigned" } }],
  ["level:error", { kind: "level", level: 40 }],
  [
    "level:[error, fatal]",
    {
      kind: "or",
      of: [
        { kind: "level", level: 40 },
        { kind: "level", level: 50 },
      ],
    },
  ],
  ["browser:Firefox", tag("browser", "Firefox")],
  ['browser:"Firefox 7"', tag("browser", "Firefox 7")],
  ['"my key":x', tag("my key", "x")],
  ["browser:[a, b]", { kind: "tag", key: "browser", match: { oneOf: ["a", "b"] } }],
  ["!browser:a", { kind: "not", of: tag("browser", "a") }],
  ["url:*/pay_%*", { kind: "tag", key: "url", match: { like: "%/pay\\_\\%%" } }],
  ["a:\\*b", tag("a", "*b")],
  [
    "has:release",
    { kind: "not", of: { kind: "not", of: { kind: "tag", key: "release", match: null } } },
  ],
  ['release:""', { kind: "not", of: { kind: "tag", key: "release", match: null } }],
  ["release:latest", { kind: "latestRelease" }],
  ["assigned:me", { kind: "assignee", who: { kind: "viewer" } }],
  ["assigned:none", { kind: "assignee", who: { kind: "nobody" } }],
  ["assigned:#Core", { kind: "assignee", who: { kind: "team", slug: "core" } }],
  ["assigned:Ada@acme.test", { kind: "assignee", who: { kind: "user", email: "ada@acme.test" } }],
  ["timesSeen:>10", { kind: "timesSeen", operator: ">", count: 10 }],
  ["times_seen:<=5k", { kind: "timesSeen", operator: "<=", count: 5000 }],
  ["age:-24h", { kind: "time", column: "firstSeen", from: new Date("2026-11-23T12:00:00Z") }],
  ["lastSeen:+1d", { kind: "time", column: "lastSeen", to: new Date("2026-11-23T12:00:00.001Z") }],
  [
    "firstSeen:2026-11-01",
    {
      kind: "time",
      column: "firstSeen",
      from: new Date("2026-11-01T00:00:00Z"),
      to: new Date("2026-11-02T00:00:00Z"),
    },
  ],
  [
    "firstSeen:>=2026-11-01T10:00:00+02:00",
    { kind: "time", column: "firstSeen", from: new Date("2026-11-01T08:00:00Z") },
  ],
  ["error.handled:0", { kind: "unhandled" }],
  ["issue:backend-2R", { kind: "shortId", projectSlug: "backend", number: "88" }],
  ["user.email:a@b.test", tag("user", "email:a@b.test")],
  ["user:id:7", tag("user", "id:7")],
  ["connection reset by peer", { kind: "text", text: "connection reset by peer" }],
  ["render_total() failed", { kind: "text", text: "render_total() failed" }],
  ["https://shop.test/pay", { kind: "text", text: "https://shop.test/pay" }],
  ["is:unresolved foo bar", { kind: "and", of: [unresolved, { kind: "text", text: "foo bar" }] }],
  [
    "(a:1 OR b:2) c:3",
    { kind: "and", of: [{ kind: "or", of: [tag("a", "1"), tag("b", "2")] }, tag("c", "3")] },
  ],
  [
    "a:1 b:2 or c:3",
    { kind: "or", of: [{ kind: "and", of: [tag("a", "1"), tag("b", "2")] }, tag("c", "3")] },
  ],
  [
    "__proto__:x constructor:y",
    { kind: "and", of: [tag("__proto__", "x"), tag("constructor", "y")] },
  ],
]

for (const [query, expected] of understood) {
  test(`"${query}" is understood`, () => expect(meaning(query)).toEqual(expected))
}

test("tags[…] names a tag whose name is also a key", () => {
  expect(meaning("tags[level]:x")).toEqual(tag("level", "x"))
})

const refused: [string, string, number, number][] = [
  ["is:unresolvd level:error", 'Invalid value "unresolvd"', 0, 12],
  ["foo level:", "Empty string after 'level:'", 4, 10],
  ['message:"never closed', "never closed", 8, 21],
  ["a:[1, 2", "never closed", 2, 7],
  ["(a:1", "never closed", 0, 4],
  ["a:1)", "never opened", 3, 4],
  ["a:1 OR", "both sides", 4, 6],
  ["AND a:1", "both sides", 0, 3],
  ["()", "empty", 0, 2],
  ["firstSeen:yesterday", "Invalid date", 0, 19],
  ["firstSeen:2026-02-31", "Invalid date", 0, 20],
  ["timesSeen:many", "Invalid number", 0, 14],
  ["count():>5", "Aggregate", 0, 10],
  ["issue:nonsense", "no short id", 0, 14],
  ["a\0b", "NUL", 1, 2],
  ["level:loud", "Unknown level", 0, 10],
  [`x:${"*a".repeat(20)}`, "wildcards", 0, 42],
]

for (const [query, message, from, to] of refused) {
  test(`"${query.slice(0, 40)}" is refused where it is wrong`, () => {
    const found = problem(query)
    expect(found.message).toContain(message)
    expect(found.at).toEqual({ from, to })
  })
}

test("no text makes the reader throw, and it is quick with any of them", () => {
  const pieces = fc.constantFrom(
    ...'is: ! ( ) [ ] , " * \\ : OR AND has: level: age:- timesSeen:> tags[ ] a b # // \n é \u{1F600} \ud800'.split(
      " ",
    ),
    " ",
  )
  const query = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 200 }).map((parts) => parts.join("")),
  )
  fc.assert(
    fc.property(query, (text) => {
      const search = readSearch(text, NOW)
      if (!search.ok) {
        expect(search.at.from).toBeGreaterThanOrEqual(0)
        expect(search.at.to).toBeLessThanOrEqual(text.length + 1)
      }
    }),
    { numRuns: 2_000 },
  )
})

test("the longest hostile queries take no more effort than others", () => {
  for (const text of ["(", '"', "[", "a:", "!", "\\", "*", "a.", " OR ", "((a OR "]) {
    const query = text.repeat(4_096).slice(0, 4_096)
    expect(effortOf(() => readSearch(query, NOW))).toBeLessThan(500)
  }
})

test("a query that is too long is refused", () => {
  expect(problem("a".repeat(5_000)).message).toContain("4096")
})

test("each part of a query can be taken away", () => {
  expect(removableParts("is:unresolved  browser:x foo bar")).toEqual([
    { text: "is:unresolved", without: "browser:x foo bar" },
    { text: "browser:x", without: "is:unresolved foo bar" },
    { text: "foo bar", without: "is:unresolved browser:x" },
  ])
  expect(removableParts("(a:1 OR b:2)")).toEqual([{ text: "(a:1 OR b:2)", without: "" }])
})

test("a list may be long, but not without end", () => {
  const listOf = (length: number) => `release:[${Array.from({ length }, (_, i) => i).join(",")}]`
  expect(readSearch(listOf(100), NOW).ok).toBe(true)
  expect(readSearch(listOf(101), NOW)).toMatchObject({
    message: "A list may have 100 values at most.",
  })
})

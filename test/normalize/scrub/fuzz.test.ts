import { expect, test } from "bun:test"
import fc from "fast-check"
import { groupEvent } from "#grouping/group.ts"
import { titleOf } from "#grouping/title.ts"
import { tagsOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { METHODS, RULE_TYPES, type ScrubRule } from "#normalize/scrub/rules/rule.ts"
import { parseSelector } from "#normalize/scrub/rules/selector.ts"
import { defaultScrubSettings, type ScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import { effortOf } from "../../support/effort.ts"
import { normalized } from "../given.ts"

const SECRETS = [
  "password=hunter2",
  "4111 1111 1111 1111",
  "//u:p@h",
  "192.0.2.1",
  "::1",
  "ann@shop.test",
  "078-05-1120",
  "Bearer abc.def",
  "-----BEGIN RSA PRIVATE KEY-----",
  "/home/ann/",
  "DE89370400440532013000",
  "[Filtered]",
]
const text = fc
  .array(fc.oneof(fc.constantFrom(...SECRETS), fc.string({ maxLength: 8 })), {
    maxLength: 4,
  })
  .map((parts) => parts.join(" "))
const name = fc.oneof(
  fc.constantFrom("password", "token", "user", "values", "type", "api_key", "__proto__", "x"),
  fc.string({ maxLength: 6 }),
)
const { bag } = fc.letrec((tie) => ({
  bag: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constant(4111111111111111),
    fc.boolean(),
    fc.array(tie("bag"), { maxLength: 3 }),
    fc.dictionary(name, tie("bag"), { maxKeys: 4 }),
  ),
}))
const dictionary = fc.dictionary(name, bag, { maxKeys: 4 })
const event = fc.record(
  {
    message: bag,
    transaction: text,
    user: fc.record({ id: bag, email: text, ip_address: fc.constantFrom("192.0.2.1", "::1", "x") }),
    request: fc.record({
      url: text,
      headers: dictionary,
      cookies: dictionary,
      data: bag,
      env: dictionary,
    }),
    extra: dictionary,
    tags: dictionary,
    contexts: dictionary,
    fingerprint: fc.array(text, { maxLength: 2 }),
    breadcrumbs: fc.array(fc.record({ message: text, data: dictionary }), { maxLength: 3 }),
    exception: fc.array(
      fc.record({
        type: text,
        value: bag,
        stacktrace: fc.record({
          frames: fc.array(fc.record({ function: text, vars: dictionary }), { maxLength: 2 }),
        }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
)
const source = fc.constantFrom(
  "$string",
  "**",
  "*",
  "$object",
  "$array",
  "**.password",
  "$user",
  "$frame.**",
  "exception.**",
  "!$user.**",
  "tags.* || $http.**",
  "contexts.* && !contexts.x",
  "$exception",
  "transaction",
)
const rule: fc.Arbitrary<ScrubRule> = fc.record({
  method: fc.constantFrom(...METHODS),
  type: fc.constantFrom(...RULE_TYPES),
  source,
  pattern: fc.constantFrom("[a-z]+", "(\\d)\\d*", "(?i)pass", "."),
})
const settings: fc.Arbitrary<ScrubSettings> = fc.record({
  scrubData: fc.boolean(),
  scrubDefaults: fc.boolean(),
  scrubIp: fc.boolean(),
  sensitiveFields: fc.array(name, { maxLength: 2 }),
  safeFields: fc.array(name, { maxLength: 2 }),
  rules: fc.array(fc.record({ rule, owner: fc.constant("project" as const) }), { maxLength: 4 }),
  hashKey: fc.constant("k"),
})

test("any event under any settings stays one that can be grouped, titled and stored", () => {
  fc.assert(
    fc.property(event, settings, (raw, wanted) => {
      const before = normalized(raw)
      const copy = structuredClone(before)
      const after = scrubEvent(before, wanted)
      expect(before).toEqual(copy)
      const { mainException } = groupEvent(after)
      titleOf(after, mainException)
      termsOf(tagsOf(after))
      userOf(after)
      expect(after.event_id).toBe(before.event_id)
      expect(JSON.stringify(after).isWellFormed()).toBe(true)
    }),
    { numRuns: 1_000 },
  )
}, 60_000)

test("scrubbing what is scrubbed changes nothing more", () => {
  const defaults = settings.map((each) => ({ ...each, rules: [] }))
  fc.assert(
    fc.property(event, defaults, (raw, wanted) => {
      const { _meta: _one, ...once } = scrubEvent(normalized(raw), wanted)
      const { _meta: _two, ...twice } = scrubEvent(once, wanted)
      expect(twice).toEqual(once)
    }),
    { numRuns: 1_000 },
  )
}, 60_000)

test("any text as a source is read or refused", () => {
  const piece = fc.constantFrom(
    "$user",
    "**",
    "*",
    ".",
    "!",
    "(",
    ")",
    "&&",
    "||",
    "'",
    " ",
    "a",
    "é",
    "$",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        parseSelector(pieces.join(""))
      } catch (error) {
        expect((error as Error).message).toMatch(/^Column \d+: /)
      }
    }),
    { numRuns: 2_000 },
  )
})

/** Ten of the worst expressions that are accepted, over an event as full of their food as an event can be. */
test("a hostile event costs a bounded time, and what was not looked through is not shown", () => {
  const patterns = ["(a+)+$", "(.*a){12}", "(?:a?){100}a{100}", "(a|aa)+b|a", "[a-z]{1,200}!|aa"]
  const rules = [...patterns, ...patterns].map((pattern) => ({
    rule: { type: "pattern", method: "mask", source: "$string", pattern } as const,
    owner: "project" as const,
  }))
  const long = "a".repeat(8_000)
  const extra = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`k${n}`, long]))
  const before = normalized({ extra, breadcrumbs: Array(100).fill({ message: long }) })
  const wanted = { ...defaultScrubSettings, rules }
  const after = scrubEvent(before, wanted)
  expect(JSON.stringify(after.extra)).not.toContain("aaaa")
  expect(JSON.stringify(after.breadcrumbs)).not.toContain("aaaa")
  expect(effortOf(() => scrubEvent(before, wanted))).toBeLessThan(3_000)
}, 60_000)

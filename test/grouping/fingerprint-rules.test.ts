import { describe, expect, test } from "bun:test"
import { decide } from "#grouping/decide.ts"
import { parseFingerprintRules } from "#grouping/rules/fingerprint-grammar.ts"
import { compileProjectRules, defaultRules } from "#grouping/rules/project-rules.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { fingerprintRuleCases } from "./cases/fingerprint-rules.ts"
import { decided, thrown } from "./given.ts"

function rulesOf(...lines: string[]) {
  const fingerprintRules = lines.join("\n")
  expect(parseFingerprintRules(fingerprintRules).errors).toEqual([])
  return compileProjectRules({ stackTraceRules: "", fingerprintRules })
}

test.each(fingerprintRuleCases)("$title", ({ rules, event, fingerprint }) => {
  expect(decided(event, rulesOf(...rules)).event.fingerprint ?? null).toEqual(fingerprint)
})

const crash = thrown("python", [{ module: "store.pay", function: "charge" }], { type: "T" })

describe("a rule that fits", () => {
  test("fills in variables, also for tags that are missing", () => {
    const rules = rulesOf("error.type:T -> {{ default }}, {{ tags.region }}")
    const { grouping } = decided(crash, rules)
    expect(grouping.fingerprint).toBe("hybrid")
    const north = decided({ ...crash, tags: { region: "north" } }, rules).grouping
    expect(north.hashes).not.toEqual(grouping.hashes)
    const nowhere = rulesOf("error.type:T -> {{ default }}, <no-value-for-tag-region>")
    expect(decided(crash, nowhere).grouping.hashes).toEqual(grouping.hashes)
  })

  test("names the event, with variables in the name", () => {
    const rules = rulesOf('error.type:T -> t title="Payment: {{ error.type }} in {{ function }}"')
    const { title, event } = decided(crash, rules)
    expect(title.title).toBe("Payment: T in charge")
    expect(title.metadata).toMatchObject({ type: "T", title: "Payment: T in charge" })
    expect(event.title).toBe("Payment: T in charge")
  })

  test("is remembered with what the client had sent, so that other rules start from that", () => {
    const rules = rulesOf('error.type:T -> ours title="X"')
    const theirs = { ...crash, fingerprint: ["theirs"] }
    const { event } = decided(theirs, rules)
    expect(event._fingerprint_info).toEqual({
      client_fingerprint: ["theirs"],
      matched_rule: { text: 'error.type:T -> ours title="X"', is_builtin: false },
    })
    const again = decide(event, tagsOf(event), defaultRules())
    expect(again).toEqual(decided(theirs))
  })
})

describe("a line that is no rule", () => {
  test.each([
    ["error.type:A", 13, "expected -> and a fingerprint"],
    ["colour:red -> x", 1, 'there is nothing called "colour" to match'],
    ["category:x -> x", 1, 'there is nothing called "category" to match'],
    ["-> x", 1, "expected a matcher, like error.type:Timeout"],
    ["error.type:A ->", 16, "expected a fingerprint"],
    ['error.type:A -> x colour="red"', 19, 'there is no attribute "colour"'],
    ["error.type:A -> {{ error.type", 17, "expected a variable, like {{ error.type }}"],
    ['error.type:A -> title="x"', 26, "expected a fingerprint"],
    ["[ level:error ] | function:f -> x", 3, 'there is nothing called "level" to match'],
  ])("%j is told with its column", (line, column, message) => {
    expect(parseFingerprintRules(`\n${line}`).errors).toEqual([{ line: 2, column, message }])
  })
})

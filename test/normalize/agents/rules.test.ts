import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import regexes from "uap-core/regexes.yaml" with { type: "text" }
import { neededTexts } from "#normalize/agents/needed-text.ts"
import { readUserAgent } from "#normalize/agents/user-agent.ts"
import { effortOf } from "../../support/effort.ts"

type Listed = { regex: string; regex_flag?: string }
const rules = Object.values(Bun.YAML.parse(regexes) as Record<string, Listed[]>).flat()
const expressions = rules.map(({ regex, regex_flag }) => new RegExp(regex, regex_flag))

/** As long as a user agent is looked at. */
const LENGTH = 400
const EVERY_RULE_MS = 100

/** Mostly matching texts; none for the few expressions that the generator does not understand. */
function samplesOf({ source }: RegExp, seed: number): string[] {
  const known = source.replace(/\\b|\(\?<?[=!][^()]*\)/gi, "")
  try {
    const matching = fc.stringMatching(new RegExp(known), { size: "-1" })
    return fc.sample(matching, { numRuns: 3, seed })
  } catch {
    return []
  }
}

describe("what an expression needs", () => {
  test.each([
    ["(Chrome)/(\\d+)", ["chrome"]],
    ["foo|BAR", ["foo", "bar"]],
    ["foo|\\d", null],
    ["a(?:bcd|efgh)?xyz", ["xyz"]],
    ["(?:bcd|efgh)i", ["bcd", "efgh"]],
    ["abc*", ["ab"]],
    ["abc+d", ["abc"]],
    ["x(?!needle)y{0,2}zz", ["zz"]],
    ["[needle]\\.[^\\]]com", ["com"]],
    ["\\w+\\d", null],
  ])("%s: %j", (expression, texts) => {
    expect(neededTexts(expression)).toEqual(texts)
  })

  test("is in everything that it matches", () => {
    let matched = 0
    for (const [index, expression] of expressions.entries()) {
      const needed = neededTexts(expression.source)
      for (const text of samplesOf(expression, index)) {
        if (!needed || !expression.test(text)) continue
        matched++
        const isThere = needed.some((each) => text.toLowerCase().includes(each))
        expect([expression.source, text, isThere]).toEqual([expression.source, text, true])
      }
    }
    expect(matched).toBeGreaterThan(1500)
  })

  test("is known of nearly all, so that few are tried", () => {
    const unknown = expressions.filter(({ source }) => !neededTexts(source))
    expect(unknown.length).toBeLessThan(10)
  })
})

const ATOMS = [" ", "a", "A", "0", "_", "-", ".", "/", ";", "; a", "a.", "0.", "a ", "x/1."]

/** Runs of what an expression knows, behind what it begins with. */
function* attacks({ source }: RegExp): Generator<string> {
  const words = source
    .replace(/\\[bBdDsSwW]|[()[\]{}^$*+?|]/g, " ")
    .replaceAll("\\", "")
    .split(" ")
    .filter((word) => word.length > 1)
    .slice(0, 6)
  const runs = [...ATOMS, ...words.flatMap((word) => [word, `${word} `, `${word}/1.`])]
  for (const start of ["", ...words.slice(0, 2), words.slice(0, 2).join(" ")]) {
    for (const run of runs) yield `${(start + run.repeat(LENGTH)).slice(0, LENGTH - 1)}!`
  }
}

/** A warm look: the first one compiles. */
function costOf(expression: RegExp, text: string): number {
  const startedAt = performance.now()
  expression.exec(text)
  return performance.now() - startedAt
}

function worstFor(expression: RegExp): { text: string; ms: number } {
  let worst = { text: "", ms: 0 }
  for (const text of attacks(expression)) {
    const ms = Math.min(costOf(expression, text), costOf(expression, text))
    if (ms > worst.ms) worst = { text, ms }
  }
  return worst
}

describe("a hostile user agent", () => {
  test("cannot keep the expressions busy, all of them together", () => {
    const worst = expressions.map(worstFor).sort((a, b) => b.ms - a.ms)
    const sum = worst.reduce((total, { ms }) => total + ms, 0)
    expect([sum < EVERY_RULE_MS, worst[0]?.text, sum]).toEqual([true, worst[0]?.text, sum])
    for (const { text } of worst.slice(0, 50)) {
      expect(effortOf(() => readUserAgent(text + Math.random()))).toBeLessThan(EVERY_RULE_MS)
    }
  }, 60_000)

  test("may be of any length", () => {
    for (const text of ["Mozilla ", "; ", "Build", "HTC ", "iPod ", "\0", "é", "💩"]) {
      const long = text.repeat(1_000_000 / text.length)
      expect(effortOf(() => readUserAgent(long))).toBeLessThan(EVERY_RULE_MS)
    }
  })

  test("is forgotten again", () => {
    const known = readUserAgent("curl/1.0")
    expect(readUserAgent("curl/1.0")).toBe(known)
    for (let index = 0; index < 2000; index++) readUserAgent(`x/${index}`)
    expect(readUserAgent("curl/1.0")).not.toBe(known)
    expect(readUserAgent("curl/1.0")).toEqual(known)
  })
})

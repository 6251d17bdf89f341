import { expect, test } from "bun:test"
import { type Observed, planRegroup } from "#maintenance/regroup/plan.ts"

const event = (issueId: string, ...hashes: string[]): Observed => ({
  issueId,
  hashes,
  title: `t${hashes[0]}`,
})

test("issues whose events get one new hash become the oldest of those with most", () => {
  const plan = planRegroup([event("2", "h"), event("1", "h"), event("3", "h")], new Map())
  expect(plan.adopt).toEqual({ h: "1" })
  expect(plan.flows.map(({ from, into }) => [from, into])).toEqual([
    ["2", "1"],
    ["1", "1"],
    ["3", "1"],
  ])
})

test("an issue whose events get several new hashes keeps the most frequent, the others are made", () => {
  const plan = planRegroup([event("1", "a"), event("1", "b"), event("1", "b")], new Map())
  expect(plan.adopt).toEqual({ b: "1" })
  expect(plan.made).toEqual({ "new 0": "ta" })
  expect(plan.flows).toEqual([
    { from: "1", into: "new 0", events: 1 },
    { from: "1", into: "1", events: 2 },
  ])
})

test("an issue that keeps events by a known hash gives new hashes away", () => {
  const plan = planRegroup([event("1", "new"), event("1", "old")], new Map([["old", "1"]]))
  expect(plan.adopt).toEqual({})
  expect(Object.keys(plan.made)).toHaveLength(1)
})

test("a second hash that is known decides where the first leads nowhere", () => {
  const plan = planRegroup([event("1", "new app", "system")], new Map([["system", "1"]]))
  expect(plan.flows).toEqual([{ from: "1", into: "1", events: 1 }])
  expect(plan.made).toEqual({})
})

import { expect, test } from "bun:test"
import { planAdoption } from "#maintenance/remap/plan-adoption.ts"

const part = (issueId: string, hash: string, events = 1) => ({ issueId, hashes: [hash], events })

test("of issues whose events get one new hash that with most of them takes it over", () => {
  expect(planAdoption([part("1", "h"), part("2", "h", 5)], new Map())).toEqual({ h: "2" })
  expect(planAdoption([part("2", "h"), part("1", "h")], new Map())).toEqual({ h: "1" })
})

test("a hash goes to an issue that has nothing else, however many events another gives it", () => {
  const parts = [part("1", "h", 5), part("2", "h")]
  expect(planAdoption(parts, new Map(), ["1"])).toEqual({ h: "2" })
})

test("each issue keeps its own largest part, not the hash that most events of all have", () => {
  const parts = [part("1", "small", 3), part("1", "large", 7), part("2", "small", 10)]
  expect(planAdoption(parts, new Map())).toEqual({ small: "2", large: "1" })
})

test("what leads somewhere already is nobody's to take", () => {
  expect(planAdoption([part("1", "h")], new Map([["h", "2"]]))).toEqual({})
  const parts = [part("1", "own"), part("1", "new", 5)]
  expect(planAdoption(parts, new Map([["own", "1"]]))).toEqual({})
})

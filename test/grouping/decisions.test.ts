import { expect, test } from "bun:test"
import { decisions } from "./cases/decisions.ts"
import { isSameIssue } from "./given.ts"

test.each(decisions)("%s", (_title, one, other, isSame) => {
  expect(isSameIssue(one, other)).toBe(isSame)
})

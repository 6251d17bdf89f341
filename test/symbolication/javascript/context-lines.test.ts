import { expect, test } from "bun:test"
import { contextAt, cutLine, linedText } from "#symbolication/javascript/context-lines.ts"

test("five lines before and after, fewer at the ends", () => {
  const text = linedText(Array.from({ length: 20 }, (_, n) => `line ${n + 1}`).join("\r\n"))
  expect(contextAt(text, 9, 0)).toEqual({
    pre: ["line 5", "line 6", "line 7", "line 8", "line 9"],
    line: "line 10",
    post: ["line 11", "line 12", "line 13", "line 14", "line 15"],
  })
  expect(contextAt(text, 0, 0)).toMatchObject({ pre: [], line: "line 1" })
  expect(contextAt(text, 20, 0)).toBeNull()
})

test("a long line is cut around the column", () => {
  const line = "0123456789".repeat(30)
  expect(cutLine(line, 0)).toBe(`${line.slice(0, 140)} {snip}`)
  expect(cutLine(line, 150)).toBe(`{snip} ${line.slice(90, 230)} {snip}`)
  expect(cutLine(line, 299)).toBe(`{snip} ${line.slice(160)}`)
  expect(cutLine(line.slice(0, 150), 0)).toBe(line.slice(0, 150))
})

test("half a character is no character", () => {
  expect(cutLine(`${"a".repeat(139)}😀${"b".repeat(100)}`, 0).isWellFormed()).toBe(true)
})

test("offsets and positions lead to each other", () => {
  const text = linedText("ab\ncde\n\nf")
  expect([0, 3, 5, 7, 8].map((at) => text.positionOf(at))).toEqual([
    { line: 0, column: 0 },
    { line: 1, column: 0 },
    { line: 1, column: 2 },
    { line: 2, column: 0 },
    { line: 3, column: 0 },
  ])
  expect(text.offsetOf(1, 2)).toBe(5)
})

import { expect, test } from "bun:test"
import { highlight, highlightBudget } from "#web/ui/components/trace/highlight.ts"
import { effortOf } from "../../../support/effort.ts"

const languages = ["javascript", "typescript", "java", "python", "php", "ruby", "go", "sql", "xml"]

test("no block takes long, however it is made", () => {
  for (const language of languages) {
    for (const length of [200, 201, 2_000, 200_000]) {
      const lines = Array.from({ length: 11 }, () => "x".repeat(length))
      // 200 letters a line cost 11 ms in the slowest grammar; anything longer is not highlighted at all.
      expect(effortOf(() => highlight(lines, language, highlightBudget()))).toBeLessThan(500)
    }
  }
})

test("a long line, an unknown language and a spent budget stay plain", () => {
  expect(highlight(["x".repeat(201)], "python", highlightBudget())).toBeNull()
  expect(highlight(["x = 1"], null, highlightBudget())).toBeNull()
  expect(highlight(["budget = 1"], "python", { blocks: 0, milliseconds: 15 })).toBeNull()
  expect(highlight(["budget = 2"], "python", { blocks: 8, milliseconds: 0 })).toBeNull()
})

test("a page has eight blocks of colours; known blocks cost nothing", () => {
  const budget = highlightBudget()
  const made = Array.from({ length: 10 }, (_, index) =>
    highlight([`block = ${index}`], "python", { ...budget, blocks: budget.blocks - index }),
  )
  expect(made.filter((block) => block !== null)).toHaveLength(8)
  expect(highlight(["block = 0"], "python", { blocks: 0, milliseconds: 0 })).not.toBeNull()
})

test("a string over several lines is closed and opened again on each", () => {
  const lines = highlight(['x = """one', 'two"""', "y = 1"], "python", highlightBudget())
  expect(lines).toHaveLength(3)
  for (const line of lines ?? []) {
    expect(line.match(/<span/g)?.length ?? 0).toBe(line.match(/<\/span>/g)?.length ?? 0)
  }
  expect(lines?.[1]).toContain("hljs-string")
})

test("source is escaped", () => {
  const [line] = highlight(['x = "<script>alert(1)</script>"'], "python", highlightBudget()) ?? []
  expect(line).not.toContain("<script>")
  expect(line).toContain("&lt;script&gt;")
})

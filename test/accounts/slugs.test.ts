import { expect, test } from "bun:test"
import { slugOf, slugProblem } from "#accounts/slugs.ts"

test("a slug is made of a name as far as it goes", () => {
  expect(slugOf("My Café & Co.")).toBe("my-cafe-co")
  expect(slugOf("  --x--  ")).toBe("x")
  expect(slugOf("日本")).toBe("")
  expect(slugOf("x".repeat(80)).length).toBe(50)
})

test("pages of ours, ids and odd texts are no slugs", () => {
  for (const slug of [
    "",
    "settings",
    "robots.txt",
    "42",
    "-a",
    "A",
    "a b",
    "x".repeat(51),
    "deleting_7",
  ]) {
    expect([slug, slugProblem(slug) === null]).toEqual([slug, false])
  }
  for (const slug of ["a", "back-end_2", "0x", "x".repeat(50)]) expect(slugProblem(slug)).toBeNull()
})

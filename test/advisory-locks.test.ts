import { expect, test } from "bun:test"
import { join } from "node:path"
import { Glob } from "bun"

const src = join(import.meta.dir, "../src")

test("no two advisory locks share a number", async () => {
  const paths = await Array.fromAsync(new Glob("**/*.ts").scan(src))
  const texts = await Promise.all(paths.map((path) => Bun.file(join(src, path)).text()))
  const numbers = texts.flatMap((text) =>
    [...text.matchAll(/_LOCK = (7_300_\d+)/g)].map(([, number]) => number),
  )
  expect(numbers.length).toBeGreaterThan(3)
  expect(numbers.toSorted()).toEqual([...new Set(numbers)].toSorted())
})

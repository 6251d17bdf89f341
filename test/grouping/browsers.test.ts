import { expect, test } from "bun:test"
import { decided, thrown } from "./given.ts"

const bundle = (more: Record<string, unknown>) => ({
  abs_path: "https://shop.example/assets/app.js",
  filename: "/assets/app.js",
  ...more,
})
const native = (name: string, path: string) => ({ function: name, abs_path: path, filename: path })

/** One click, one error, as SDKs read it from the stacks of four browsers. */
const seen = {
  Chrome: [
    bundle({ lineno: 90, colno: 11 }),
    native("Array.forEach", "<anonymous>"),
    bundle({ function: "HTMLButtonElement.<anonymous>", lineno: 12, colno: 5 }),
    bundle({ function: "Basket.checkout", lineno: 40, colno: 9 }),
    bundle({ function: "Object.total", lineno: 51, colno: 22 }),
  ],
  Firefox: [
    bundle({ function: "forEach/<", lineno: 90, colno: 4 }),
    bundle({ function: "checkout", lineno: 40, colno: 4 }),
    bundle({ function: "total", lineno: 51, colno: 3 }),
  ],
  Safari: [
    native("forEach", "[native code]"),
    bundle({ function: "?", lineno: 12, colno: 30 }),
    bundle({ function: "checkout", lineno: 40, colno: 30 }),
    bundle({ function: "total", lineno: 51, colno: 40 }),
  ],
  Edge: [
    bundle({ function: "Anonymous function", lineno: 12, colno: 5 }),
    bundle({ function: "Basket.prototype.checkout", lineno: 40, colno: 9 }),
    bundle({ function: "total", lineno: 51, colno: 22 }),
  ],
}
const words: Record<string, string> = {
  Chrome: "Cannot read properties of undefined (reading 'price')",
  Firefox: 'can\'t access property "price", item is undefined',
  Safari: "undefined is not an object (evaluating 'item.price')",
  Edge: "Unable to get property 'price' of undefined or null reference",
}

test("the same error from Chrome, Firefox, Safari and Edge is one issue", () => {
  const hashes = Object.entries(seen).map(([browser, frames]) => {
    const event = thrown("javascript", frames, { type: "TypeError", value: words[browser] })
    return decided(event).grouping.hashes.join()
  })
  expect(new Set(hashes).size).toBe(1)
})

import { expect, test } from "bun:test"
import { compileGlob, type GlobKind } from "#grouping/rules/glob.ts"

test.each<[GlobKind, string, string, boolean]>([
  ["text", "shop.*", "shop.core.cart", true],
  ["text", "*core*", "shop.core.cart", true],
  ["text", "s?op", "shop", true],
  ["text", "s?op", "sop", false],
  ["text", "*a*b", "xaxxb", true],
  ["text", "a*a", "a", false],
  ["text", "Shop", "shop", false],
  ["text", "{load,save}", "save", true],
  ["text", "{load,{save,keep}}_*", "keep_all", true],
  ["text", "x[0-9]", "x7", true],
  ["text", "x[!0-9]", "x7", false],
  ["text", "?[[]Bar*", "-[Bar go]", true],
  ["text", "-\\[Bar*", "-[Bar go]", true],
  ["path", "/src/*.js", "/src/a.js", true],
  ["path", "/src/*.js", "src/a.js", true],
  ["path", "/src/*.js", "/src/b/a.js", false],
  ["path", "**/b/*.js", "/src/b/a.js", true],
  ["path", "**/b/?.js", "/src/b//.js", false],
  ["path", "C:\\Windows\\**", "c:/windows/system32/x.dll", true],
  ["path", "x*/y/**z", "xa/y/b/z", true],
])("as a %s, %j fits %j: %j", (kind, pattern, text, fits) => {
  expect(compileGlob(pattern, kind)?.(text)).toBe(fits)
})

test.each(["{a", "a}", "[a", `{${"a,".repeat(100)}}`])("%j is no pattern", (pattern) => {
  expect(compileGlob(pattern, "text")).toBeNull()
})

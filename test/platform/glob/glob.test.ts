import { expect, test } from "bun:test"
import { compileGlob, type GlobKind } from "#platform/glob/glob.ts"

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
  const glob = compileGlob(pattern, kind)
  expect("matches" in glob && glob.matches(text)).toBe(fits)
})

test.each([
  ["a[bc", "A [ has no ]"],
  ["a{b,c", "A { has no }"],
  ["a}", "A } has no {"],
  ["a\\", "ends with a \\"],
  ["{a,b,c,d}".repeat(4), "more than 64 patterns"],
  [`{${"a,".repeat(100)}}`, "more than 64 patterns"],
  ["{".repeat(50_000), "too deep"],
])("%.20j is no pattern, and why is told", (pattern, fault) => {
  const glob = compileGlob(pattern, "text")
  expect("fault" in glob && glob.fault).toContain(fault)
})

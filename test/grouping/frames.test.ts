import { describe, expect, test } from "bun:test"
import { isSameIssue, thrown } from "./given.ts"

type Frame = Record<string, unknown>
type Case = [behaviour: string, platform: string, a: Frame, b: Frame, same: boolean]

const PAGE = "https://shop.test/app.js"
const LINE_OF_120 = "x".repeat(120)

const cases: Case[] = [
  [
    "line, column and blanks never matter",
    "python",
    { module: "shop.pay", function: "charge", context_line: "  return card.take()", lineno: 4 },
    {
      module: "shop.pay",
      function: "charge",
      context_line: "return   card.take()",
      lineno: 90,
      colno: 2,
    },
    true,
  ],
  [
    "another function splits",
    "python",
    { module: "m", function: "f" },
    { module: "m", function: "g" },
    false,
  ],
  [
    "another line of source splits in python",
    "python",
    { module: "m", function: "f", context_line: "a()" },
    { module: "m", function: "f", context_line: "b()" },
    false,
  ],
  [
    "the line of source is not looked at in java",
    "java",
    { module: "m", function: "f", context_line: "a();" },
    { module: "m", function: "f", context_line: "b();" },
    true,
  ],
  [
    "a line over 120 characters is minified",
    "javascript",
    { module: "app/x", function: "f", context_line: `${LINE_OF_120}1` },
    { module: "app/x", function: "f", context_line: `${LINE_OF_120}2` },
    true,
  ],
  [
    "a line of 120 characters is source",
    "javascript",
    { module: "app/x", function: "f", context_line: LINE_OF_120 },
    { module: "app/x", function: "f", context_line: LINE_OF_120.replaceAll("x", "y") },
    false,
  ],
  [
    "the module takes the place of the file",
    "python",
    { module: "m", function: "f", filename: "a.py" },
    { module: "m", function: "f", filename: "b.py" },
    true,
  ],
  [
    "only the file's own name counts, in any case",
    "go",
    { filename: "/srv/Pay.go", function: "f" },
    { filename: "D:\\x\\pay.go", function: "f" },
    true,
  ],
  [
    "another file splits",
    "go",
    { filename: "/srv/pay.go", function: "f" },
    { filename: "/srv/ship.go", function: "f" },
    false,
  ],
  [
    "a web address says nothing",
    "javascript",
    { function: "go", abs_path: PAGE, filename: "/app.js" },
    { function: "go", abs_path: "https://cdn.test/b.js", filename: "/b.js" },
    true,
  ],
  [
    "the query of a script is cut",
    "javascript",
    { function: "go", abs_path: "app:///m.js?v=1", filename: "m.js?v=1" },
    { function: "go", abs_path: "app:///m.js?v=2", filename: "m.js?v=2" },
    true,
  ],
  [
    "objects before a script's function do not count",
    "javascript",
    { function: "go", abs_path: PAGE },
    { function: "Cart.prototype.go", abs_path: PAGE },
    true,
  ],
  [
    "source takes the place of a mapped function",
    "javascript",
    { function: "a", module: "src/pay", context_line: "throw e", data: { sourcemap: "m" } },
    { function: "b", module: "src/pay", context_line: "throw e", data: { sourcemap: "m" } },
    true,
  ],
  [
    "but not of one that was not mapped",
    "javascript",
    { function: "a", module: "src/pay", context_line: "throw e" },
    { function: "b", module: "src/pay", context_line: "throw e" },
    false,
  ],
  [
    "a proxy's number in java",
    "java",
    { module: "a.B$$EnhancerBySpringCGLIB$$1f2e", function: "f" },
    { module: "a.B$$EnhancerBySpringCGLIB$$77aa", function: "f" },
    true,
  ],
  [
    "a reflection accessor's number in java",
    "java",
    { module: "sun.reflect.GeneratedMethodAccessor3", function: "invoke" },
    { module: "sun.reflect.GeneratedMethodAccessor41", function: "invoke" },
    true,
  ],
  [
    "a hibernate proxy in java",
    "java",
    { module: "a.B$HibernateProxy$x1", function: "f" },
    { module: "a.B$HibernateProxy$y2", function: "f" },
    true,
  ],
  [
    "a lambda's number in java",
    "java",
    { module: "a.B", function: "lambda$pay$1" },
    { module: "a.B", function: "lambda$pay$7" },
    true,
  ],
  [
    "a template's numbers in ruby",
    "ruby",
    { filename: "v.erb", function: "_v_erb__4321_98765" },
    { filename: "v.erb", function: "_v_erb__1234_56789" },
    true,
  ],
  [
    "a ruby block is a block",
    "ruby",
    { filename: "a.rb", function: "block in pay" },
    { filename: "a.rb", function: "block (2 levels) in x" },
    true,
  ],
  [
    "a raw function that is no name",
    "javascript",
    { function: "fn", raw_function: "Shop.<anonymous>", filename: "a.js" },
    { function: "gn", raw_function: "Shop.b/<", filename: "a.js" },
    true,
  ],
  [
    "a php class without a name",
    "php",
    { filename: "a.php", function: "class@anonymous/srv/a.php0x1::run" },
    { filename: "a.php", function: "class@anonymous/srv/a.php0x2::run" },
    true,
  ],
  [
    "arguments and templates in c++",
    "native",
    { function: "void run<int>(int, char) const" },
    { function: "run<long>(long)" },
    true,
  ],
  [
    "a rust hash",
    "native",
    { function: "shop::pay::h0123456789abcdef" },
    { function: "shop::pay::hfedcba9876543210" },
    true,
  ],
  [
    "packages, addresses and variables",
    "native",
    { function: "f", package: "/a.so", instruction_addr: "0x1" },
    { function: "f", package: "/b.so", instruction_addr: "0x2", vars: { a: 1 } },
    true,
  ],
]

describe("frames", () => {
  test.each(cases)("%s", (_behaviour, platform, a, b, same) => {
    expect(isSameIssue(thrown(platform, [a]), thrown(platform, [b]))).toBe(same)
  })

  test("browsers that spell the same stack differently agree", () => {
    const at = { abs_path: PAGE, filename: "/app.js" }
    const chrome = [
      { function: "Cart.add", ...at },
      { function: "eval", ...at },
      { function: "Array.map", abs_path: "<anonymous>", filename: "<anonymous>" },
      { function: "Object.sum", ...at },
    ]
    const safari = [
      { function: "add", ...at },
      { function: "map", abs_path: "[native code]", filename: "[native code]" },
      { function: "sum", ...at },
    ]
    expect(isSameIssue(thrown("javascript", chrome), thrown("javascript", safari))).toBe(true)
  })

  test("direct recursion does not count, mutual does", () => {
    const f = { module: "m", function: "f", lineno: 1 }
    const g = { module: "m", function: "g", lineno: 2 }
    expect(isSameIssue(thrown("python", [f, g]), thrown("python", [f, f, f, g]))).toBe(true)
    expect(isSameIssue(thrown("python", [f, g]), thrown("python", [f, g, f, g]))).toBe(false)
  })

  test("a lone script frame without a function leaves it to the message", () => {
    for (const frame of [{ abs_path: PAGE, filename: "/app.js" }, { filename: "app.js" }]) {
      const one = thrown("javascript", [frame], { value: "one" })
      expect(isSameIssue(one, thrown("javascript", [frame], { value: "two" }))).toBe(false)
      expect(
        isSameIssue(one, thrown("javascript", [{ ...frame, lineno: 7 }], { value: "one" })),
      ).toBe(true)
    }
  })

  test("a lone frame of another language says enough", () => {
    const frame = { filename: "/srv/pay.php" }
    const one = thrown("php", [frame], { value: "one" })
    expect(isSameIssue(one, thrown("php", [frame], { value: "two" }))).toBe(true)
  })

  test("names that are none leave it to the message, with its numbers aside", () => {
    const frames = [
      { function: "?", abs_path: PAGE },
      { function: "<anonymous>", abs_path: PAGE },
    ]
    const one = thrown("javascript", frames, { value: "item 1" })
    expect(isSameIssue(one, thrown("javascript", frames, { value: "item 2" }))).toBe(true)
    expect(isSameIssue(one, thrown("javascript", frames, { value: "order 1" }))).toBe(false)
  })
})

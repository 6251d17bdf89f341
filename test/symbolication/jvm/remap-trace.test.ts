import { expect, test } from "bun:test"
import { openMapping } from "#symbolication/jvm/mapping.ts"
import { type JvmFrame, remapTrace } from "#symbolication/jvm/remap-trace.ts"
import { effortOf } from "../../support/effort.ts"

const R8 = "com.android.tools.r8"
const note = (id: string, more: object = {}) => `# ${JSON.stringify({ id, ...more })}`
const open = (...lines: string[]) => openMapping(Buffer.from(lines.join("\n")))
const frame = (line?: number, name = "b", module = "a.a"): JvmFrame => ({
  module,
  function: name,
  line,
})
const CART = open("shop.Cart -> a.a:", "    1:3:void add():10:12 -> b")

/** One frame alone, as `Class.method:line`. */
const shown = (mapping: ReturnType<typeof open>, given: JvmFrame, thrown: string | null = null) =>
  remapTrace(mapping, [given], thrown)[0]?.map(
    ({ module, function: name, line }) => `${module}.${name}:${line}`,
  ) ?? null

test("a line within a range keeps its distance to the start", () => {
  expect(shown(CART, frame(2))).toEqual(["shop.Cart.add:11"])
})

test("a frame without a line has the name alone", () => {
  expect(shown(CART, frame())).toEqual(["shop.Cart.add:null"])
})

test("rows of one range are calls that were put into each other, the innermost first", () => {
  const mapping = open(
    "shop.Cart -> a.a:",
    "    5:5:int shop.Price.parse(java.lang.String):30 -> b",
    "    5:5:void add():12:12 -> b",
    "    6:6:void add():13:13 -> b",
    "shop.Price -> a.c:",
    note("sourceFile", { fileName: "Money.kt" }),
  )
  expect(shown(mapping, frame(5))).toEqual(["shop.Cart.add:12", "shop.Price.parse:30"])
  expect(remapTrace(mapping, [frame(5)], null)[0]).toMatchObject([
    { file: null },
    { file: "Money.kt" },
  ])
  // Without a line only the method that holds all of them is certain.
  expect(shown(mapping, frame())).toEqual(["shop.Cart.add:null"])
})

test("what the mapping does not know stays", () => {
  expect(remapTrace(CART, [frame(1, "b", "z.z"), null], null)).toEqual([null, null])
  expect(shown(CART, frame(1, "zz"))).toEqual(["shop.Cart.zz:1"])
})

test("a line that no row knows has the method when there is only one of that name, else the class", () => {
  expect(shown(CART, frame(99))).toEqual(["shop.Cart.add:null"])
  const overloaded = open(
    "shop.Cart -> a.a:",
    "    void add(int) -> b",
    "    void remove(java.lang.String) -> b",
  )
  expect(shown(overloaded, frame(4))).toEqual(["shop.Cart.b:4"])
})

test("all lines of a row may be one, or the same as they were, or any", () => {
  const mapping = open(
    "shop.Cart -> a.a:",
    "    1:9:void add():40 -> b",
    "    1:9:void remove() -> c",
    "    0:65535:void clear():7:7 -> d",
    "    void size() -> e",
    "    int count -> e",
  )
  const lines = ["b", "c", "d", "e"].map((name) => shown(mapping, frame(5, name))?.[0])
  expect(lines).toEqual([
    "shop.Cart.add:40",
    "shop.Cart.remove:5",
    "shop.Cart.clear:7",
    "shop.Cart.size:5",
  ])
})

test("what the compiler made is left out where a line proves it, and else marked", () => {
  const mapping = open(
    "shop.Cart -> a.a:",
    note("sourceFile", { fileName: "Cart.kt" }),
    "    1:1:void access$add():0 -> b",
    note(`${R8}.synthesized`),
    "    1:1:void lambda():9 -> b",
    "    2:2:void access$add():0 -> c",
    note(`${R8}.synthesized`),
  )
  expect(shown(mapping, frame(1))).toEqual(["shop.Cart.lambda:9"])
  expect(shown(mapping, frame(2, "c"))).toEqual([])
  expect(remapTrace(mapping, [frame(undefined, "c")], null)[0]).toMatchObject([
    { isSynthesized: true, file: "Cart.kt" },
  ])
})

test("code that R8 took out of a method is told at the place where it was", () => {
  const mapping = open(
    "shop.Cart -> a.a:",
    "    1:1:void add():20 -> b",
    "    5:5:void add():30 -> b",
    note(`${R8}.outlineCallsite`, { positions: { "3": 1, "4": 2 } }),
    "shop.Outline -> a.o:",
    "    3:4:void outline():0:0 -> o",
    note(`${R8}.outline`),
  )
  expect(remapTrace(mapping, [frame(5), frame(3, "o", "a.o")], null)).toMatchObject([
    [{ module: "shop.Cart", function: "add", line: 20 }],
    [],
  ])
})

test("frames before the place where an exception was thrown are taken away when it is that one", () => {
  const mapping = open(
    "shop.Cart -> a.a:",
    "    4:4:void requireItem():11:11 -> b",
    note(`${R8}.rewriteFrame`, {
      conditions: ["throws(Ljava/lang/NullPointerException;)"],
      actions: ["removeInnerFrames(1)"],
    }),
    "    4:4:void add():12:12 -> b",
  )
  expect(shown(mapping, frame(4), "java.lang.NullPointerException")).toEqual(["shop.Cart.add:12"])
  expect(shown(mapping, frame(4), "java.lang.Error")).toHaveLength(2)
  // Only the newest frame threw anything.
  const [older] = remapTrace(mapping, [frame(4), frame(9)], "java.lang.NullPointerException")
  expect(older).toHaveLength(2)
})

test("lines that make no sense, comments of a later R8 and Windows' line ends", () => {
  const mapping = open(
    "# compiler: R8",
    '# {"id":"com.android.tools.r8.mapping","version":"9.9"}',
    "# {broken",
    "    1:2:void orphan():1:1 -> b",
    "nonsense",
    "shop.Cart -> a.a:\r",
    "    1:1:void add(:1 -> b",
    "    99999999999:1:void add():1 -> b",
    "    -> ",
    "    2:2:void add():8 -> b\r",
    note(`${R8}.somethingNew`),
  )
  expect(shown(mapping, frame(2))).toEqual(["shop.Cart.add:8"])
})

test("whether a mapping knows lines at all", () => {
  expect(CART.hasLines).toBe(true)
  expect(open("shop.Cart -> a.a:", "    void add() -> b").hasLines).toBe(false)
  expect(open("").classOf("a.a")).toBeNull()
})

test("a class of a hundred thousand rows, and a comment that never ends, cost what their length does", () => {
  const rows = (count: number) =>
    open(
      "shop.Cart -> a.a:",
      ...Array.from({ length: count }, (_, n) => `    ${n}:${n}:void add():${n} -> b`),
    )
  const small = rows(20_000)
  const large = rows(80_000)
  const effort = (mapping: typeof small) => effortOf(() => shown(mapping, frame(0)))
  expect(effort(large) / effort(small)).toBeLessThan(40)
})

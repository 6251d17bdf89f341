import { expect, test } from "bun:test"
import { encode } from "@jridgewell/sourcemap-codec"
import { InvalidMap, openMap } from "#symbolication/javascript/source-map.ts"
import { effortOf } from "../../support/effort.ts"

type Segments = Parameters<typeof encode>[0]
const mapOf = (segments: Segments, more: object = {}) => ({
  version: 3,
  sources: ["src/till.ts"],
  names: ["add", "sum"],
  mappings: encode(segments),
  ...more,
})
const open = (map: unknown) =>
  openMap(Buffer.from(typeof map === "string" ? map : JSON.stringify(map)))

test("the nearest position to the left on the same line counts", () => {
  const map = open(mapOf([[[4, 0, 9, 2, 0]], [[10, 0, 1, 1]]]))
  expect(map.tokenAt(0, 4)).toMatchObject({
    source: "src/till.ts",
    line: 9,
    column: 2,
    name: "add",
  })
  expect(map.tokenAt(0, 400)).toMatchObject({ line: 9 })
  expect(map.tokenAt(0, 3)).toBeNull()
  expect(map.tokenAt(1, 9)).toBeNull()
  expect(map.tokenAt(2, 0)).toBeNull()
  expect(map.tokenAt(1_000_000, 0)).toBeNull()
})

test("code that the bundler made up maps to nothing", () => {
  const map = open(mapOf([[[0, 0, 1, 1], [5]]]))
  expect(map.tokenAt(0, 6)).toBeNull()
})

test("the folder of the sources and the sources themselves come from the map", () => {
  const map = open(mapOf([[[0, 0, 0, 0]]], { sourceRoot: "/root/", sourcesContent: ["one\ntwo"] }))
  const token = map.tokenAt(0, 0)
  expect(token?.source).toBe("/root/src/till.ts")
  expect(token?.content()?.lineAt(1)).toBe("two")
})

test("names belong to the identifier that begins there, or at most one column before", () => {
  const map = open(
    mapOf([
      [
        [4, 0, 9, 2, 0],
        [8, 0, 9, 6, 1],
        [9, 0, 9, 6],
      ],
    ]),
  )
  expect([4, 5, 6].map((column) => map.nameAt(0, column))).toEqual(["add", "add", null])
  // Two for the same place, the name in the first.
  expect(map.nameAt(0, 9)).toBe("sum")
})

test("an indexed map asks the section that covers the place, nested ones too", () => {
  const inner = mapOf([[[0, 0, 5, 0]]], { sources: ["inner.ts"] })
  const sections = [
    { offset: { line: 0, column: 0 }, map: mapOf([[[0, 0, 1, 0]]]) },
    { offset: { line: 0, column: 100 }, map: mapOf([[[2, 0, 2, 0]], [[0, 0, 3, 0]]]) },
    {
      offset: { line: 5, column: 10 },
      map: { version: 3, sections: [{ offset: { line: 1, column: 0 }, map: inner }] },
    },
  ]
  const map = open({ version: 3, sections })
  expect(map.tokenAt(0, 50)?.line).toBe(1)
  expect(map.tokenAt(0, 101)).toBeNull()
  expect(map.tokenAt(0, 102)?.line).toBe(2)
  expect(map.tokenAt(1, 0)?.line).toBe(3)
  expect(map.tokenAt(6, 4)?.source).toBe("inner.ts")
})

test("Metro's maps say in which function a place is", () => {
  // From line 1, column 0: <global>; from line 2, column 4: till.
  const scopes = [[{ names: ["<global>", "till"], mappings: "AAA,ICC" }]]
  const map = open(
    mapOf(
      [
        [
          [0, 0, 0, 3],
          [1, 0, 1, 2],
          [2, 0, 1, 7],
        ],
      ],
      { x_facebook_sources: scopes },
    ),
  )
  expect([0, 1, 2].map((column) => map.tokenAt(0, column)?.scope)).toEqual([
    "<global>",
    "<global>",
    "till",
  ])
})

test("a guard against being run as a script is not a part of the map", () => {
  expect(open(`)]}'\n${JSON.stringify(mapOf([[[0, 0, 1, 1]]]))}`).tokenAt(0, 0)?.line).toBe(1)
})

const nested = (depth: number): object =>
  depth === 0
    ? mapOf([[[0, 0, 0, 0]]])
    : { version: 3, sections: [{ offset: { line: 0, column: 0 }, map: nested(depth - 1) }] }

test.each([
  ["no JSON", "{"],
  ["null", "null"],
  ["a list", "[]"],
  ["no mappings", { version: 3, sources: [] }],
  ["mappings that are a list", { version: 3, sources: [], mappings: [] }],
  ["no sources", { version: 3, mappings: "" }],
  ["too many mappings", { version: 3, sources: [], mappings: ",".repeat(5_000_001) }],
  ["sections that are no list", { version: 3, sections: {} }],
  ["a section without a map", { version: 3, sections: [{ offset: { line: 0, column: 0 } }] }],
  ["a section elsewhere", { version: 3, sections: [{ offset: { line: 0, column: 0 }, url: "x" }] }],
  [
    "a section before the first line",
    { version: 3, sections: [{ offset: { line: -1, column: 0 }, map: mapOf([]) }] },
  ],
  [
    "sections out of order",
    {
      version: 3,
      sections: [9, 3].map((line) => ({ offset: { line, column: 0 }, map: mapOf([]) })),
    },
  ],
  ["sections within sections within sections", nested(50)],
  ["brackets without end", "[".repeat(500_000)],
  ["too many sections", { version: 3, sections: Array.from({ length: 10_001 }, () => ({})) }],
])("%s is no map", (_, map) => {
  expect(() => open(map)).toThrow(InvalidMap)
})

test("nonsense in a map finds nothing", () => {
  const map = open({
    version: 3,
    sources: [null, 7, "src/a.ts"],
    names: [null, {}],
    sourcesContent: [1, {}, 3],
    x_facebook_sources: [null, [{ names: "x", mappings: 4 }]],
    mappings: `AAAA,EC${"D".repeat(50)}A,!!!!,☃,gggggggggggggggggggB,AADDD;`,
  })
  for (let column = 0; column < 50; column++) {
    const token = map.tokenAt(0, column)
    if (token) expect([token.source, token.content()]).toEqual(["src/a.ts", null])
    map.nameAt(0, column)
  }
})

test("a million mappings in one line are asked quickly", () => {
  const line = Array.from({ length: 1_000_000 }, (_, n): [number, number, number, number] => [
    n * 3,
    0,
    n,
    n % 80,
  ])
  const map = open(mapOf([line]))
  map.tokenAt(0, 0)
  expect(
    effortOf(() => {
      for (let n = 0; n < 1000; n++)
        expect(map.tokenAt(0, n * 2777)?.line).toBe(Math.floor((n * 2777) / 3))
    }),
  ).toBeLessThan(1000)
})

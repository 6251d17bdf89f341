import { expect, test } from "bun:test"
import { encode } from "@jridgewell/sourcemap-codec"
import { linedText } from "#symbolication/javascript/context-lines.ts"
import { eligibilityOf, withoutAsync } from "#symbolication/javascript/eligible-frame.ts"
import { mapFrame, type OpenFile } from "#symbolication/javascript/map-frame.ts"
import { scopesOf } from "#symbolication/javascript/scopes.ts"
import { openMap } from "#symbolication/javascript/source-map.ts"

const original = [
  "export function addToBasket(item) {",
  "  throw new Error(item)",
  "}",
  "addToBasket(1)",
].join("\n")
const minified = "function a(b){throw new Error(b)}a(1);"
/** `a` was addToBasket; the throw, and the call. */
const map = {
  version: 3,
  sources: ["webpack:///./src/basket.ts"],
  sourcesContent: [original],
  names: ["addToBasket", "item"],
  mappings: encode([
    [
      [0, 0, 0, 7],
      [9, 0, 0, 16, 0],
      [14, 0, 1, 2],
      [33, 0, 3, 0, 0],
      [35, 0, 3, 12],
    ],
  ]),
}
const fileOf = (more: Partial<OpenFile> = {}, json: object = map): OpenFile => ({
  body: linedText(minified),
  scopes: scopesOf(minified),
  map: openMap(Buffer.from(JSON.stringify(json))),
  mapUrl: "https://till.example/static/basket.js.map",
  ...more,
})
const frame = (column: number | undefined, name = "a") => ({
  absPath: "https://till.example/static/basket.js",
  line: 1,
  column,
  function: name,
})

test("a frame gets its original place, its function's name and the lines around it", () => {
  const { result } = mapFrame(frame(15), fileOf(), null)
  expect(result).toEqual({
    kind: "mapped",
    frame: {
      absPath: "webpack:///./src/basket.ts",
      filename: "./src/basket.ts",
      module: "src/basket",
      line: 2,
      column: 3,
      function: "addToBasket",
      context: {
        pre: ["export function addToBasket(item) {"],
        line: "  throw new Error(item)",
        post: ["}", "addToBasket(1)"],
      },
      sourceMap: "https://till.example/static/basket.js.map",
    },
    raw: { pre: [], line: minified, post: [] },
  })
})

test("without scopes the caller tells the name of what it called", () => {
  const caller = mapFrame(frame(34, "?"), fileOf({ scopes: null }), null)
  expect(caller.called).toBe("addToBasket")
  const { result } = mapFrame(frame(15), fileOf({ scopes: null }), caller.called)
  expect(result).toMatchObject({ frame: { function: "addToBasket" } })
})

test("outside of every function the engine's word stays", () => {
  for (const called of [null, "addToBasket"]) {
    expect(mapFrame(frame(34, "b"), fileOf(), called).result).toMatchObject({
      frame: { function: "b" },
    })
  }
})

test("a missing column is the first one", () => {
  expect(mapFrame(frame(undefined), fileOf(), null).result).toMatchObject({
    kind: "mapped",
    frame: { line: 1, column: 8 },
  })
})

test("a position that only an earlier line has is an invalid location", () => {
  const { result } = mapFrame({ ...frame(15), line: 2 }, fileOf(), null)
  expect(result).toEqual({ kind: "invalid_location", raw: null })
  expect(mapFrame({ ...frame(15), line: 0 }, fileOf(), null).result.kind).toBe("invalid_location")
})

test("a file without a map is its own source", () => {
  const { result } = mapFrame(frame(15), fileOf({ map: null }), null)
  expect(result).toMatchObject({ kind: "source", context: { line: minified } })
})

test("a map without sources still tells the place", () => {
  const { sourcesContent: _none, ...bare } = map
  expect(mapFrame(frame(15), fileOf({}, bare), null).result).toMatchObject({
    frame: { line: 2, context: null },
  })
})

test("relative sources stand beside the map, or beside the file that holds it", () => {
  const relative = { ...map, sources: ["../src/basket.ts"] }
  const { result } = mapFrame(frame(15), fileOf({}, relative), null)
  expect(result).toMatchObject({
    frame: {
      absPath: "https://till.example/src/basket.ts",
      filename: "../src/basket.ts",
      module: "src/basket",
    },
  })
  expect(mapFrame(frame(15), fileOf({ mapUrl: null }, relative), null).result).toMatchObject({
    frame: {
      absPath: "https://till.example/src/basket.ts",
      sourceMap: "https://till.example/static/basket.js",
    },
  })
})

test.each([
  ["javascript", { abs_path: "https://till.example/a.js", lineno: 1 }, "program"],
  ["javascript", { abs_path: "https://till.example/a.js" }, "other"],
  ["javascript", { lineno: 1 }, "other"],
  ["javascript", { abs_path: "[native code]", lineno: 1 }, "engine"],
  ["javascript", { abs_path: "native" }, "engine"],
  ["node", { abs_path: "node:fs", lineno: 1 }, "engine"],
  ["node", { abs_path: "internal/process/task_queues", lineno: 1 }, "engine"],
  ["node", { abs_path: "/srv/till/a.js", lineno: 1 }, "program"],
  ["node", { abs_path: "C:\\till\\a.js", lineno: 1 }, "program"],
  ["node", { abs_path: "file:///srv/till/a.mjs", lineno: 1 }, "program"],
  ["python", { abs_path: "/srv/till/a.py", lineno: 1 }, "other"],
  ["python", { abs_path: "/srv/till/a.js", lineno: 1, platform: "node" }, "program"],
])("on %s, %j is %s", (platform, given, eligibility) => {
  expect(eligibilityOf(given, platform)).toBe(eligibility as never)
})

test("old clients' word in front of the address goes", () => {
  expect(withoutAsync("async https://till.example/a.js")).toBe("https://till.example/a.js")
})

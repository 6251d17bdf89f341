import { expect, test } from "bun:test"
import { foldRepeats, functionName } from "#symbolication/javascript/function-names.ts"
import { bundlerPath, isPackagePath, moduleOf } from "#symbolication/javascript/source-paths.ts"
import { joinUrl, urlCandidates } from "#symbolication/javascript/urls.ts"

test.each([
  ["https://till.example/basket.js", "basket"],
  ["https://till.example/static/js/v4.0/basket/drop.min.js?cache=3", "basket/drop"],
  ["https://till.example/_next/12ab34cd/pages/basket.js", "pages/basket"],
  ["https://till.example/q/00112233445566778899aabbccddeeff/basket/drop.js", "basket/drop"],
  ["/opt/index-a1b2c3d4e5f6.js", "opt/index"],
  ["../../parts/basket.ts", "parts/basket"],
  ["~/node_modules/right/trim.js", "right/trim"],
  ["https://till.example/scripts/js/", "js"],
])("the module of %s is %s", (url, module) => {
  expect(moduleOf(url)).toBe(module)
})

test.each([
  ["webpack:///./app/Basket.tsx", "./app/Basket.tsx"],
  ["webpack://till/./app/Basket.tsx", "./app/Basket.tsx"],
  ["webpack-internal:///./app/Basket.tsx", "./app/Basket.tsx"],
  ["webpack:///app/Basket.tsx", "app/Basket.tsx"],
  ["webpack:///./~/right/trim.js", "~/right/trim.js"],
  ["turbopack:///[project]/site/page.tsx", "site/page.tsx"],
  ["https://till.example/basket.js", null],
])("bundlers' %s is shown as %s", (url, shown) => {
  expect(bundlerPath(url)).toBe(shown)
})

test("code of packages is known by its path", () => {
  expect(["~/right/trim.js", "./node_modules/right/trim.js"].map(isPackagePath)).toEqual([
    true,
    true,
  ])
  expect(["./app/my_node_modules/x.ts", "src/Basket.tsx"].map(isPackagePath)).toEqual([
    false,
    false,
  ])
})

test.each([
  ["one.two.three", "one.two.three"],
  ["y.y.y.go", "{y#3}.go"],
  ["m.n.n.go", "m.{n#2}.go"],
  ["go.go", "go.go"],
])("%s folds to %s", (name, folded) => {
  expect(foldRepeats(name)).toBe(folded)
})

test("a name that says nothing gives way to what the caller called, and then to the engine's", () => {
  const names = { scope: "<anonymous>", called: "addToBasket", raw: "t" }
  expect(functionName(names)).toBe("addToBasket")
  expect(functionName({ ...names, called: null })).toBe("t")
  expect(functionName({ ...names, scope: "Basket.add" })).toBe("Basket.add")
  expect(functionName({ scope: null, called: null, raw: undefined })).toBeUndefined()
})

test.each([
  ["https://w.example/p/q.js", ["https://w.example/p/q.js", "~/p/q.js"]],
  [
    "https://w.example/p/q.js?v=2#top",
    ["https://w.example/p/q.js?v=2", "https://w.example/p/q.js", "~/p/q.js?v=2", "~/p/q.js"],
  ],
  ["app:///main.js", ["app:///main.js", "~/main.js"]],
  ["/srv/till/main.js", ["/srv/till/main.js", "~/srv/till/main.js"]],
])("%s may have been uploaded as %j", (url, names) => {
  expect(urlCandidates(url)).toEqual(names)
})

test.each([
  ["https://w.example/p/q.js", "q.js.map", "https://w.example/p/q.js.map"],
  ["https://w.example/p/q.js", "../maps/q.map", "https://w.example/maps/q.map"],
  ["https://w.example/p/q.js", "../../../q.map", "https://w.example/q.map"],
  ["https://w.example/p/q.js", "/maps/q.map", "https://w.example/maps/q.map"],
  ["https://w.example/p/q.js", "~/maps/q.map", "https://w.example/maps/q.map"],
  ["https://w.example/p/q.js", "//cdn.example/q.map", "https://cdn.example/q.map"],
  ["https://w.example/p/q.js", "webpack:///./q.ts", "webpack:///./q.ts"],
  ["app:///dist/q.js", "q.js.map", "app:///dist/q.js.map"],
  ["~/p/q.js", "q.js.map", "~/p/q.js.map"],
  ["~/p/q.js", "../q.js.map", "~/q.js.map"],
  ["", "q.js.map", "q.js.map"],
])("from %s, %s is %s", (base, reference, joined) => {
  expect(joinUrl(base, reference)).toBe(joined)
})

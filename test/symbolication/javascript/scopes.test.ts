import { expect, test } from "bun:test"
import { MAX_PARSED_CHARS, scopesOf } from "#symbolication/javascript/scopes.ts"

/** The name of the function around the `@`. */
function nameAt(code: string): string | null {
  const at = code.indexOf("@")
  const parts = scopesOf(code.replace("@", ""))?.nameAt(at)
  return parts ? parts.map(({ text }) => text).join("") : null
}

test.each([
  ["function go(){ @x() }", "go"],
  ["const go=()=>{ @x() }", "go"],
  ["let a={go(){ @x() }}", "a.go"],
  ["a.b.go=function(){ @x() }", "a.b.go"],
  ["a['b'].go=function(){ @x() }", "a.b.go"],
  ["this.go=()=>@x()", "this.go"],
  ["class Till{add(){ @x() }}", "Till.add"],
  ["class Till{static #add(){ @x() }}", "Till.#add"],
  ["class Till{constructor(){ @x() }}", "new Till"],
  ["class Till{get sum(){ return @x() }}", "get Till.sum"],
  ["var Till=class{set sum(y){ @x() }}", "set Till.sum"],
  ["class Till{add=()=>{ @x() }}", "Till.add"],
  ["function outer(){ [1].map(function(){ @x() }) }", ""],
  ["function outer(){ function inner(){} @x() }", "outer"],
  ["function go({a=()=>{ @x() }}){}", "a"],
])("in %s it is %s", (code, name) => {
  expect(nameAt(code)).toBe(name)
})

test.each([
  "import x from 'y'; function go(){ @x(import.meta.url) } export default go",
  "with(a){ function go(){ @x() } }",
  "var await=1; function go(){ @x(await) }",
  "const a={get b(){return 1},set b(c){}}; class D{get e(){return 1} set e(f){}} function go(){ @x() }",
  "function go(){ function a(){ return [()=>1, function(){}] } @x() }",
])("modules, sloppy scripts and whatever stands beside: %s", (code) => {
  expect(nameAt(code)).toBe("go")
})

test("a place is looked for among its neighbours, however deep it lies", () => {
  const before = "function z(){return ()=>function(){}}".repeat(500)
  const nested = `${"function a(){".repeat(100)}function go(){ @x() }${"}".repeat(100)}`
  expect(nameAt(before + nested + before)).toBe("go")
})

test("a file of very many statements", () => {
  expect(nameAt(`${"t(1,2);".repeat(300_000)}function go(){ @x() }`)).toBe("go")
})

test("outside of functions there is no name", () => {
  expect(nameAt("@x(); function go(){}")).toBeNull()
})

test("where a renamed identifier stands is told, so that the map can be asked", () => {
  expect(scopesOf("a.b=function(){ x() }")?.nameAt(17)).toEqual([
    { text: "a", at: 0 },
    { text: ".", at: null },
    { text: "b", at: 2 },
  ])
})

test("what cannot be parsed, nests too deeply or is too large has no scopes", () => {
  expect(scopesOf("function (")).toBeNull()
  expect(scopesOf("[".repeat(200_000))).toBeNull()
  expect(scopesOf("x;".repeat(MAX_PARSED_CHARS / 2 + 1))).toBeNull()
})

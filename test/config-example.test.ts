import { expect, test } from "bun:test"
import { Glob } from "bun"
import { exampleConfig } from "#cli/configuration/example.ts"
import { type OptionKey, options } from "#config.ts"
import { parseYamlLayer } from "#platform/options/yaml-file.ts"

const PATH = "config/config.example.yml"

test("the example file is what the code says", async () => {
  // When this fails: bun scripts/write-config-example.ts
  expect(await Bun.file(PATH).text()).toBe(exampleConfig())
})

test("uncommented, the example file sets every option to its default", () => {
  const text = exampleConfig().replaceAll(/^# ([a-z0-9-]+\.[a-z0-9.-]+: )/gm, "$1")
  const layer = parseYamlLayer(text, PATH)
  const values = Object.fromEntries([...layer].map(([key, { value }]) => [key, value]))
  const defaults = Object.entries(options).map(([key, option]) => [key, option.initial])
  expect(values).toEqual(Object.fromEntries(defaults))
})

test("every option has a default that fits and a sentence that ends", () => {
  for (const key of Object.keys(options) as OptionKey[]) {
    const option = options[key]
    expect([key, option.schema.safeParse(option.initial).success]).toEqual([key, true])
    expect([key, option.description]).toEqual([key, expect.stringMatching(/^\S.{5,100}\.$/)])
  }
})

test("every option is read by some code", async () => {
  const sources = await Array.fromAsync(new Glob("src/**/*.{ts,tsx}").scan("."))
  const others = sources.filter((path) => !path.startsWith("src/options/"))
  const texts = await Promise.all(others.map((path) => Bun.file(path).text()))
  const code = texts.join("\n")
  expect(Object.keys(options).filter((key) => !code.includes(`"${key}"`))).toEqual([])
})

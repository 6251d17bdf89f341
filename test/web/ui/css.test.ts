import { expect, test } from "bun:test"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { Glob } from "bun"
import { assetRoutes, assetUrl } from "#web/ui/assets.ts"
import { stylesheet } from "#web/ui/css.ts"

const ui = join(import.meta.dir, "../../../src/web/ui")
const tokens = await Bun.file(join(ui, "css/tokens.css")).text()

async function texts(pattern: string) {
  const paths = await Array.fromAsync(new Glob(pattern).scan(ui))
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await Bun.file(join(ui, path)).text() })),
  )
}

test("only tokens.css knows colours", async () => {
  const coloured = (await texts("css/**/*.css"))
    .filter(({ path }) => !path.endsWith("tokens.css"))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch)\(/gi)].map(
        ([hit]) => `${path}: ${hit}`,
      ),
    )
  expect(coloured).toEqual([])
})

test("every token in use exists", async () => {
  const known = new Set([...stylesheet.matchAll(/(--[\w-]+)\s*:/g)].map(([, name]) => name))
  const unknown = [...stylesheet.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name)
  expect([...new Set(unknown.filter((name) => !known.has(name)))]).toEqual([])
})

test("light-dark() reaches the browser as written, and every stylesheet is in it", async () => {
  expect(stylesheet).toContain("light-dark(#f6f7f9, #0e1218)")
  for (const { path, text } of await texts("css/**/*.css")) {
    expect([path, stylesheet.includes(text)]).toEqual([path, true])
  }
})

test("every rule stands in a layer", async () => {
  for (const { path, text } of await texts("css/**/*.css")) {
    const outside = text.replace(/\/\*[\s\S]*?\*\//g, "").trim()
    expect([path, outside === "" || outside.startsWith("@layer ")]).toEqual([path, true])
  }
})

test("pages write no inline style, no inline handler and nothing raw", async () => {
  // Highlighted source and sanitised comments.
  const mayBeRaw = ["components/trace/code-block.tsx", "issues/detail/activity/comment.tsx"]
  const offences = (await texts("**/*.tsx")).flatMap(({ path, text }) => [
    ...(/\sstyle=/.test(text) ? [`${path}: style`] : []),
    ...(/\son[a-z]+=[{"]/.test(text) ? [`${path}: handler`] : []),
    ...(/hx-on|"js:|dangerouslySetInnerHTML/.test(text) ? [`${path}: script`] : []),
    ...(/\braw\(/.test(text) && !mayBeRaw.includes(path) ? [`${path}: raw`] : []),
  ])
  expect(offences).toEqual([])
})

const gzipped = async (name: Parameters<typeof assetUrl>[0]) => {
  const response = await assetRoutes().request(assetUrl(name), {
    headers: { "accept-encoding": "gzip" },
  })
  return { response, bytes: (await response.arrayBuffer()).byteLength }
}

test("assets keep to their budgets and are served compressed, for ever", async () => {
  const css = await gzipped("app.css")
  expect(css.response.headers.get("content-encoding")).toBe("gzip")
  expect(css.response.headers.get("cache-control")).toContain("immutable")
  expect(css.bytes).toBeLessThan(12 * 1024)
  expect((await gzipped("app.js")).bytes).toBeLessThan(8 * 1024)
  expect((await gzipped("icons.svg")).bytes).toBeLessThan(5 * 1024)
  expect((await gzipped("htmx.js")).bytes).toBeLessThan(15 * 1024)
  expect(gzipSync(stylesheet).byteLength).toBeGreaterThan(1_000)
})

test("an old hash gets today's file uncached; an unknown name is not found", async () => {
  const old = await assetRoutes().request("/_static/000000000000/app.css")
  expect([old.status, old.headers.get("cache-control")]).toEqual([200, "no-cache"])
  for (const path of ["/_static/x/none.css", "/_static/x/__proto__", "/_static/x/constructor"]) {
    expect((await assetRoutes().request(path)).status).toBe(404)
  }
})

/** `--name: light-dark(#…, #…)` as [light, dark]. */
const colours = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, [light, dark] as const],
  ),
)

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string, theme: 0 | 1): number {
  const [light, dark] = [luminance(colours.get(one)![theme]), luminance(colours.get(other)![theme])]
  return (Math.max(light, dark) + 0.05) / (Math.min(light, dark) + 0.05)
}

const papers = ["bg", "surface", "sunken", "selected", "hover"]
const pairs: [string, string, number][] = [
  ...["text", "muted", "faint", "accent", "accent-hover"].flatMap((ink) =>
    papers.map((paper): [string, string, number] => [ink, paper, 4.5]),
  ),
  ...["fatal", "error", "warning", "info", "debug", "success"].flatMap(
    (tone): [string, string, number][] => [
      [tone, `${tone}-bg`, 4.5],
      [tone, "surface", 4.5],
    ],
  ),
  ...["keyword", "string", "number", "comment", "function", "type"].flatMap(
    (part): [string, string, number][] => [
      [`syntax-${part}`, "sunken", 4.5],
      [`syntax-${part}`, "code-line", 4.5],
    ],
  ),
  ...[1, 2, 3, 4, 5, 6].map((hue): [string, string, number] => [`series-${hue}`, "surface", 4.5]),
  ["on-accent", "accent", 4.5],
  ["border-strong", "bg", 3],
  ["border-strong", "surface", 3],
  ["focus", "bg", 3],
  ["focus", "surface", 3],
  ["focus", "selected", 3],
]

for (const theme of [0, 1] as const) {
  test(`every pair of colours has the contrast it needs, ${theme === 0 ? "light" : "dark"}`, () => {
    const weak = pairs
      .map(([ink, paper, least]) => ({ ink, paper, least, ratio: contrast(ink, paper, theme) }))
      .filter(({ ratio, least }) => ratio < least)
      .map(({ ink, paper, ratio }) => `${ink} on ${paper}: ${ratio.toFixed(2)}`)
    expect(weak).toEqual([])
  })
}

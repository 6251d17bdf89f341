import { expect, test } from "bun:test"
import { join } from "node:path"
import { Glob } from "bun"
import { effortOf } from "./support/effort.ts"

const src = join(import.meta.dir, "../src")
/** A literal where JavaScript allows one; what does not compile was a division or a path in a text. */
const LITERAL =
  /(?<=(?:^|[=(,:?&|!{}[;\s>])\s*)\/(?![*/])((?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[\s.,;)\]}:?&|]|$)/gm
const LENGTH = 15_000
/** Linear ones take a fraction of a millisecond for so much; quadratic ones, a hundred. */
const MAX_EFFORT_MS = 25

/** Never given more than a kilobyte, by whoever calls. */
const SHORT_INPUT = new Set([
  "accounts/users/common-passwords.ts /[^a-z]{1,64}$/",
  // Random bytes of our own.
  "accounts/tokens/tokens.ts /=+$/",
])

type Found = { at: string; expression: RegExp }

async function expressions(): Promise<Found[]> {
  const paths = await Array.fromAsync(new Glob("**/*.{ts,tsx,js}").scan(src))
  const found = await Promise.all(
    paths.sort().map(async (path) => literalsIn(path, await Bun.file(join(src, path)).text())),
  )
  return found.flat()
}

function literalsIn(path: string, text: string): Found[] {
  return [...text.matchAll(LITERAL)].flatMap(([, source = "", flags = ""]) => {
    try {
      // A sticky one is tried anywhere: its caller moves it along the text.
      const expression = new RegExp(source, flags.replace("y", "g"))
      return [{ at: `${path} /${source}/${flags}`, expression }]
    } catch {
      return []
    }
  })
}

const COMMON = [
  " ",
  "a",
  "A",
  "0",
  "_",
  "-",
  ".",
  "/",
  "\\",
  "@",
  "=",
  '"',
  "(",
  "<",
  "\t ",
  "\r\n",
]
const PAIRS = ["a.", "a ", "a@", "a-", "0.", "a0", "::", "//", "a=b&", "0x", "é", "💩"]
const ENDS = ["", "!", "\0", "\n!"]

/** What an expression can be made to try again and again: runs of what it knows, behind what it begins with. */
function* attacks(source: string): Generator<string> {
  const words = source
    .replace(/\\[bBdDsSwW]/g, " ")
    .replace(/[()[\]{}^$*+?|]/g, " ")
    .replaceAll("\\", "")
    .split(" ")
    .filter(Boolean)
  const atoms = new Set([...COMMON, ...PAIRS, ...words.slice(0, 12).flatMap((w) => [w, `${w}a`])])
  for (const start of ["", "A", ...words.slice(0, 1)]) {
    for (const atom of atoms) {
      const run = atom.repeat(Math.ceil(LENGTH / atom.length))
      for (const end of ENDS) yield start + run + end
    }
  }
}

/** A moment's look tells the suspects; only they are measured. */
function isSlow(expression: RegExp, input: string): boolean {
  const run = () => input.replace(expression, "x")
  const startedAt = performance.now()
  run()
  return performance.now() - startedAt > MAX_EFFORT_MS / 2 && effortOf(run) > MAX_EFFORT_MS
}

test("no regular expression takes more than linear time", async () => {
  const all = await expressions()
  expect(all.length).toBeGreaterThan(200)
  const slow = all
    .filter(({ at }) => !SHORT_INPUT.has(at))
    .flatMap(({ at, expression }) => {
      const input = attacks(expression.source).find((each) => isSlow(expression, each))
      return input === undefined ? [] : [`${at} with ${JSON.stringify(input.slice(0, 20))}…`]
    })
  expect(slow).toEqual([])
}, 60_000)

test("the measure finds what backtracks", () => {
  for (const bad of [/^[A-Za-z\s-]+={0,2}\s*$/, /\s+$/]) {
    const finds = [...attacks(bad.source)].some((input) => isSlow(bad, input))
    expect([bad.source, finds]).toEqual([bad.source, true])
  }
}, 60_000)

/** In paths `*` and `?` stay within a folder, case does not matter, and `\` is a separator like `/`. */
export type GlobKind = "text" | "path"

/** Whether a text fits a pattern. Takes time in proportion to the text, whatever the pattern. */
export type Glob = (text: string) => boolean

const MAX_ALTERNATIVES = 64

/** `*`, `?`, `[a-z]`, `[!a]`, `{this,that}`; in texts `\` takes a character's meaning away. null: not a pattern. */
export function compileGlob(
  pattern: string,
  kind: GlobKind,
  { ignoreCase = kind === "path" } = {},
): Glob | null {
  const cased = ignoreCase ? pattern.toLowerCase() : pattern
  const alternatives = alternativesOf(kind === "path" ? cased.replaceAll("\\", "/") : cased)
  const globs = alternatives?.map((alternative) => globOf(alternative, kind))
  if (!globs || globs.includes(null)) return null
  const tests = globs.filter((glob) => glob !== null)
  const [only] = tests
  const test: Glob = only && tests.length === 1 ? only : (text) => tests.some((glob) => glob(text))
  if (!ignoreCase) return test
  return kind === "path" ? (path) => fitsPath(test, path) : (text) => test(text.toLowerCase())
}

/** A relative path is also looked at as if it began at the root. */
function fitsPath(test: Glob, path: string): boolean {
  const text = path.toLowerCase().replaceAll("\\", "/")
  return test(text) || (!text.startsWith("/") && test(`/${text}`))
}

/** The pattern once for each choice of its braces; null when they are not balanced or too many. */
function alternativesOf(pattern: string): string[] | null {
  const open = findOutsideClass(pattern, "{")
  const close = findOutsideClass(pattern, "}")
  if (open === -1) return close === -1 ? [pattern] : null
  const group = groupAt(pattern, open)
  if (!group) return null
  const results: string[] = []
  for (const choice of group.choices) {
    const rest = alternativesOf(pattern.slice(0, open) + choice + pattern.slice(group.end))
    if (!rest || results.length + rest.length > MAX_ALTERNATIVES) return null
    results.push(...rest)
  }
  return results
}

function findOutsideClass(pattern: string, wanted: string): number {
  for (let index = 0; index < pattern.length; index++) {
    const letter = pattern[index]
    if (letter === wanted) return index
    if (letter === "\\") index++
    else if (letter === "[") index = Math.max(index, endOfClass(pattern, index))
  }
  return -1
}

/** Index of the "]" that ends a class; directly after its start it is a member. -1: never ends. */
function endOfClass(pattern: string, start: number): number {
  const first = pattern[start + 1] === "!" || pattern[start + 1] === "^" ? start + 2 : start + 1
  return pattern.indexOf("]", first + 1)
}

function groupAt(pattern: string, open: number) {
  const choices: string[] = []
  let depth = 0
  let from = open + 1
  for (let index = open; index < pattern.length; index++) {
    const letter = pattern[index]
    if (letter === "\\") index++
    else if (letter === "{") depth++
    else if (letter === "," && depth === 1) {
      choices.push(pattern.slice(from, index))
      from = index + 1
    } else if (letter === "}" && --depth === 0) {
      choices.push(pattern.slice(from, index))
      return { choices, end: index + 1 }
    }
  }
  return null
}

type Step =
  | { is: "letter"; letter: string }
  | { is: "one"; notSlash: boolean }
  | { is: "many"; notSlash: boolean }
  | { is: "class"; has: (letter: string) => boolean }

function stepsOf(pattern: string, kind: GlobKind): Step[] | null {
  const steps: Step[] = []
  for (let index = 0; index < pattern.length; ) {
    const read = readStep(pattern, index, kind)
    if (!read) return null
    steps.push(read.step)
    index += read.length
  }
  return steps
}

function readStep(
  pattern: string,
  at: number,
  kind: GlobKind,
): { step: Step; length: number } | null {
  const letter = pattern[at] ?? ""
  const notSlash = kind === "path"
  switch (letter) {
    case "?":
      return { step: { is: "one", notSlash }, length: 1 }
    case "*": {
      let length = 1
      while (pattern[at + length] === "*") length++
      return { step: { is: "many", notSlash: notSlash && length === 1 }, length }
    }
    case "[": {
      const end = endOfClass(pattern, at)
      if (end === -1) return null
      return {
        step: { is: "class", has: classOf(pattern.slice(at + 1, end)) },
        length: end + 1 - at,
      }
    }
    case "\\": {
      const taken = pattern[at + 1]
      if (taken !== undefined) return { step: { is: "letter", letter: taken }, length: 2 }
    }
  }
  return { step: { is: "letter", letter }, length: 1 }
}

function classOf(members: string): (letter: string) => boolean {
  const isNegated = members[0] === "!" || members[0] === "^"
  const listed = isNegated ? members.slice(1) : members
  const ranges: [from: string, to: string][] = []
  for (let index = 0; index < listed.length; index++) {
    const from = listed[index] ?? ""
    const to = listed[index + 2]
    if (listed[index + 1] === "-" && to !== undefined) {
      ranges.push([from, to])
      index += 2
    } else ranges.push([from, from])
  }
  return (letter) => ranges.some(([from, to]) => letter >= from && letter <= to) !== isNegated
}

function globOf(pattern: string, kind: GlobKind): Glob | null {
  const steps = stepsOf(pattern, kind)
  if (!steps) return null
  const pieces = piecesOf(steps)
  return pieces ? (text) => fitsPieces(pieces, text) : walkOf(steps)
}

/** The literal texts between stars that cross everything; null when there is more to it. */
function piecesOf(steps: readonly Step[]): string[] | null {
  const pieces = [""]
  for (const step of steps) {
    if (step.is === "letter") pieces.push((pieces.pop() ?? "") + step.letter)
    else if (step.is === "many" && !step.notSlash) pieces.push("")
    else return null
  }
  return pieces
}

function fitsPieces(pieces: readonly string[], text: string): boolean {
  const [first = ""] = pieces
  if (pieces.length === 1) return text === first
  const last = pieces.at(-1) ?? ""
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] ?? ""
    const found = text.indexOf(piece, at)
    if (found === -1) return false
    at = found + piece.length
  }
  return at <= text.length - last.length
}

/** Follows all ways through the pattern at once; a text without the longest literal needs no walk. */
function walkOf(steps: readonly Step[]): Glob {
  const needed = longestLiteral(steps)
  return (text) => {
    if (!text.includes(needed)) return false
    let places = reach(steps, [0])
    for (const letter of text.split("")) {
      places = reach(
        steps,
        places.flatMap((place) => nextPlaces(steps[place], place, letter)),
      )
      if (places.length === 0) return false
    }
    return places.includes(steps.length)
  }
}

function longestLiteral(steps: readonly Step[]): string {
  let [longest, run] = ["", ""]
  for (const step of steps) {
    run = step.is === "letter" ? run + step.letter : ""
    if (run.length > longest.length) longest = run
  }
  return longest
}

function nextPlaces(step: Step | undefined, place: number, letter: string): number[] {
  switch (step?.is) {
    case "letter":
      return step.letter === letter ? [place + 1] : []
    case "class":
      return step.has(letter) ? [place + 1] : []
    case "one":
      return step.notSlash && letter === "/" ? [] : [place + 1]
    case "many":
      return step.notSlash && letter === "/" ? [] : [place]
    default:
      return []
  }
}

/** These places and those behind stars that stand for nothing, each once. */
function reach(steps: readonly Step[], from: readonly number[]): number[] {
  const places = new Set<number>()
  for (let place of from) {
    places.add(place)
    while (steps[place]?.is === "many") places.add(++place)
  }
  return [...places]
}

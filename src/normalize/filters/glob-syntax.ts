export type Token =
  | "any"
  | "run"
  | { character: string }
  | { ranges: [from: string, to: string][]; isNegated: boolean }

/** One of the patterns that a glob with `{a,b}` stands for. */
export type Alternative = Token[]

type Fault = { fault: string }

/** `{a,b}` multiplies; so many are enough for any list, and not more than can be tried for each event. */
const MAX_ALTERNATIVES = 64

/** Reads a glob; a fault in words for the person who wrote it. */
export function readGlob(source: string): { alternatives: Alternative[] } | Fault {
  const characters = [...source]
  let alternatives: Alternative[] = [[]]
  for (let at = 0; at < characters.length; ) {
    const read = characters[at] === "{" ? readChoice(characters, at) : readOne(characters, at)
    if ("fault" in read) return read
    if (alternatives.length * read.choices.length > MAX_ALTERNATIVES) {
      return { fault: `Its braces stand for more than ${MAX_ALTERNATIVES} patterns.` }
    }
    alternatives = alternatives.flatMap((before) =>
      read.choices.map((choice) => withoutDoubles([...before, ...choice])),
    )
    at = read.next
  }
  return { alternatives }
}

type Read = { choices: Alternative[]; next: number }

function readOne(characters: readonly string[], at: number): Read | Fault {
  const read = readToken(characters, at)
  return "fault" in read ? read : { choices: [[read.token]], next: read.next }
}

function readChoice(characters: readonly string[], start: number): Read | Fault {
  const choices: Alternative[] = [[]]
  for (let at = start + 1; at < characters.length; ) {
    const character = characters[at]
    if (character === "}") return { choices, next: at + 1 }
    if (character === "{") return { fault: "Braces cannot stand within braces." }
    if (character === ",") {
      choices.push([])
      at++
      continue
    }
    const read = readToken(characters, at)
    if ("fault" in read) return read
    choices.at(-1)?.push(read.token)
    at = read.next
  }
  return { fault: "A { has no }. Write \\{ where the character itself is meant." }
}

function readToken(
  characters: readonly string[],
  at: number,
): { token: Token; next: number } | Fault {
  const character = characters[at] ?? ""
  if (character === "*") return { token: "run", next: at + 1 }
  if (character === "?") return { token: "any", next: at + 1 }
  if (character === "[") return readClass(characters, at)
  if (character !== "\\") return { token: { character }, next: at + 1 }
  const escaped = characters[at + 1]
  if (escaped === undefined) return { fault: "It ends with a \\. Write \\\\ for the character." }
  return { token: { character: escaped }, next: at + 2 }
}

/** A `]` that comes first is one of the class. */
function readClass(
  characters: readonly string[],
  start: number,
): { token: Token; next: number } | Fault {
  const isNegated = characters[start + 1] === "!" || characters[start + 1] === "^"
  const first = start + (isNegated ? 2 : 1)
  const ranges: [string, string][] = []
  for (let at = first; at < characters.length; ) {
    const from = characters[at] ?? ""
    if (from === "]" && at > first) return { token: { ranges, isNegated }, next: at + 1 }
    const to = characters[at + 2]
    const isRange = characters[at + 1] === "-" && to !== undefined && to !== "]"
    ranges.push([from, isRange ? to : from])
    at += isRange ? 3 : 1
  }
  return { fault: "A [ has no ]. Write \\[ where the character itself is meant." }
}

function withoutDoubles(tokens: Alternative): Alternative {
  return tokens.filter((token, index) => token !== "run" || tokens[index - 1] !== "run")
}

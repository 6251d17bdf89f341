export type Token =
  | { is: "character"; character: string }
  | { is: "one" }
  | { is: "class"; ranges: [from: string, to: string][]; isNegated: boolean }
  /** `*`; `**` is deep. */
  | { is: "run"; isDeep: boolean }

type Fault = { fault: string }
type Cursor = { characters: readonly string[]; at: number; depth: number }

/** `{a,b}` multiplies; so many are enough for any list, and not more than can be tried each time. */
const MAX_ALTERNATIVES = 64
const MAX_DEPTH = 10

/** The patterns without braces that a pattern stands for; a fault in words for the person who wrote it. */
export function readGlob(source: string): { alternatives: Token[][] } | Fault {
  const cursor = { characters: [...source], at: 0, depth: 0 }
  return readSequence(cursor)
}

/** Up to the end, or to the `,` or `}` of the braces it stands in. */
function readSequence(cursor: Cursor): { alternatives: Token[][] } | Fault {
  let alternatives: Token[][] = [[]]
  while (!endsSequence(cursor)) {
    const next = readPart(cursor)
    if ("fault" in next) return next
    if (alternatives.length * next.alternatives.length > MAX_ALTERNATIVES) return TOO_MANY
    const [only] = next.alternatives
    if (only && next.alternatives.length === 1) for (const each of alternatives) each.push(...only)
    else {
      alternatives = alternatives.flatMap((before) =>
        next.alternatives.map((after) => [...before, ...after]),
      )
    }
  }
  return { alternatives }
}

function endsSequence({ characters, at, depth }: Cursor): boolean {
  const character = characters[at]
  return character === undefined || (depth > 0 && (character === "," || character === "}"))
}

function readPart(cursor: Cursor): { alternatives: Token[][] } | Fault {
  const character = cursor.characters[cursor.at]
  if (character === "{") return readChoice(cursor)
  if (character === "}") {
    return { fault: "A } has no {. Write \\} where the character itself is meant." }
  }
  const read = readToken(cursor)
  return "fault" in read ? read : { alternatives: [[read.token]] }
}

const TOO_MANY = { fault: `Its braces stand for more than ${MAX_ALTERNATIVES} patterns.` }

function readChoice(cursor: Cursor): { alternatives: Token[][] } | Fault {
  if (++cursor.depth > MAX_DEPTH) return { fault: "Its braces stand too deep within each other." }
  const alternatives: Token[][] = []
  while (cursor.characters[cursor.at] !== "}" || alternatives.length === 0) {
    if (cursor.at >= cursor.characters.length) {
      return { fault: "A { has no }. Write \\{ where the character itself is meant." }
    }
    cursor.at++
    const read = readSequence(cursor)
    if ("fault" in read) return read
    alternatives.push(...read.alternatives)
    if (alternatives.length > MAX_ALTERNATIVES) return TOO_MANY
  }
  cursor.at++
  cursor.depth--
  return { alternatives }
}

function readToken(cursor: Cursor): { token: Token } | Fault {
  const character = cursor.characters[cursor.at] ?? ""
  if (character === "*") return { token: readRun(cursor) }
  if (character === "[") return readClass(cursor)
  cursor.at++
  if (character === "?") return { token: { is: "one" } }
  if (character !== "\\") return { token: { is: "character", character } }
  const escaped = cursor.characters[cursor.at++]
  return escaped === undefined
    ? { fault: "It ends with a \\. Write \\\\ for the character." }
    : { token: { is: "character", character: escaped } }
}

function readRun(cursor: Cursor): Token {
  const start = cursor.at
  while (cursor.characters[cursor.at] === "*") cursor.at++
  return { is: "run", isDeep: cursor.at - start > 1 }
}

/** A `]` that comes first is one of the class. */
function readClass(cursor: Cursor): { token: Token } | Fault {
  const { characters } = cursor
  const isNegated = characters[cursor.at + 1] === "!" || characters[cursor.at + 1] === "^"
  const first = cursor.at + (isNegated ? 2 : 1)
  const ranges: [string, string][] = []
  for (let at = first; at < characters.length; ) {
    const from = characters[at] ?? ""
    if (from === "]" && at > first) {
      cursor.at = at + 1
      return { token: { is: "class", ranges, isNegated } }
    }
    const to = characters[at + 2]
    const isRange = characters[at + 1] === "-" && to !== undefined && to !== "]"
    ranges.push([from, isRange ? to : from])
    at += isRange ? 3 : 1
  }
  return { fault: "A [ has no ]. Write \\[ where the character itself is meant." }
}

/** Whether the token, which is no run, stands for the character. */
export function isOneOf(token: Token, character: string): boolean {
  switch (token.is) {
    case "character":
      return token.character === character
    case "class":
      return (
        token.ranges.some(([from, to]) => from <= character && character <= to) !== token.isNegated
      )
    default:
      return token.is === "one"
  }
}

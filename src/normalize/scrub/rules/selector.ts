import { AppError } from "#platform/errors.ts"
import { isTypeName, TYPE_NAMES } from "./value-types.ts"

/** One step of a path: a member by name, a value by type, any one member (`*`), any number of them (`**`). */
export type PathItem =
  | { kind: "key"; name: string }
  | { kind: "type"; name: string }
  | { kind: "any" }
  | { kind: "deep" }

/** Where a rule applies. */
export type Selector =
  | { kind: "path"; items: PathItem[] }
  | { kind: "not"; of: Selector }
  | { kind: "and" | "or"; all: Selector[] }

export const MAX_SELECTOR_CHARACTERS = 500
const MAX_PARENTHESES = 20
/** A path's state is a sum of bits. */
const MAX_ITEMS = 28
const MAX_PATHS = 20

/**
 * Reads `$user.email`, `extra.foo || request.data`, `**.password && !(tags.**)`, `$http.headers.'x-foo'`. Throws
 * `invalid` naming the column where it stops making sense.
 */
export function parseSelector(text: string): Selector {
  if (text.length > MAX_SELECTOR_CHARACTERS) {
    throw refusal(
      MAX_SELECTOR_CHARACTERS,
      `a source has at most ${MAX_SELECTOR_CHARACTERS} characters`,
    )
  }
  const reader = new Reader(text)
  const selector = readOr(reader, 0)
  if (!reader.isAtEnd()) throw reader.refusal('expected "&&", "||" or the end')
  return selector
}

class Reader {
  readonly text: string
  at = 0
  paths = 0

  constructor(text: string) {
    this.text = text
    this.skipBlanks()
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length
  }

  /** Whether `token` comes next; then it is behind us, with the blanks after it. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false
    this.at += token.length
    return true
  }

  takeOperator(token: string): boolean {
    this.skipBlanks()
    const isTaken = this.take(token)
    if (isTaken) this.skipBlanks()
    return isTaken
  }

  skipBlanks(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++
  }

  takeWord(): string {
    const start = this.at
    while (/[\p{L}\p{N}_-]/u.test(this.text.charAt(this.at))) this.at++
    return this.text.slice(start, this.at)
  }

  refusal(problem: string, at = this.at): AppError {
    return refusal(at, problem)
  }
}

function refusal(at: number, problem: string): AppError {
  return new AppError("invalid", `Column ${at + 1}: ${problem}.`, { column: at + 1 })
}

function readOr(reader: Reader, depth: number): Selector {
  const all = [readAnd(reader, depth)]
  while (reader.takeOperator("||")) all.push(readAnd(reader, depth))
  return joined("or", all)
}

function readAnd(reader: Reader, depth: number): Selector {
  const all = [readNot(reader, depth)]
  while (reader.takeOperator("&&")) all.push(readNot(reader, depth))
  return joined("and", all)
}

function joined(kind: "and" | "or", all: Selector[]): Selector {
  const [only, ...others] = all
  return only && others.length === 0 ? only : { kind, all }
}

function readNot(reader: Reader, depth: number): Selector {
  if (depth > MAX_PARENTHESES) throw reader.refusal("nested too deeply")
  if (reader.takeOperator("!")) return { kind: "not", of: readNot(reader, depth + 1) }
  if (!reader.takeOperator("(")) return readPath(reader)
  const inner = readOr(reader, depth + 1)
  if (!reader.takeOperator(")")) throw reader.refusal('expected ")"')
  return inner
}

function readPath(reader: Reader): Selector {
  const start = reader.at
  const items = [readItem(reader)]
  while (reader.take(".")) items.push(readItem(reader))
  if (items.length > MAX_ITEMS) {
    throw reader.refusal(`a path has at most ${MAX_ITEMS} parts`, start)
  }
  if (++reader.paths > MAX_PATHS) {
    throw reader.refusal(`a source has at most ${MAX_PATHS} paths`, start)
  }
  return { kind: "path", items }
}

function readItem(reader: Reader): PathItem {
  if (reader.take("**")) return { kind: "deep" }
  if (reader.take("*")) return { kind: "any" }
  if (reader.take("$")) return readType(reader)
  if (reader.take("'")) return { kind: "key", name: readQuoted(reader) }
  const name = reader.takeWord()
  if (name !== "") return { kind: "key", name: name.toLowerCase() }
  if (reader.isAtEnd()) throw reader.refusal("expected a name, $type, * or **")
  throw reader.refusal("expected a name, $type, * or **; other characters stand in '…'")
}

function readType(reader: Reader): PathItem {
  const start = reader.at - 1
  const name = reader.takeWord().toLowerCase()
  if (isTypeName(name)) return { kind: "type", name }
  throw reader.refusal(`there is no type $${name}, only ${TYPE_NAMES.join(", ")}`, start)
}

/** Up to the closing quote; a doubled one stands for itself. */
function readQuoted(reader: Reader): string {
  const start = reader.at - 1
  let name = ""
  while (!reader.isAtEnd()) {
    if (reader.take("''")) name += "'"
    else if (reader.take("'")) return name.toLowerCase()
    else name += reader.text.charAt(reader.at++)
  }
  throw reader.refusal("this quote is never closed", start)
}

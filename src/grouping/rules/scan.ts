/** What is wrong with a text of rules, and where; both count from 1. */
type RuleError = { line: number; column: number; message: string }

/** The first mistake of a line. */
class RuleSyntaxError extends Error {
  readonly column: number
  constructor(message: string, column: number) {
    super(message)
    this.column = column
  }
}

const MAX_RULES = 1_000
const MAX_LINE_CHARACTERS = 4_096
const MAX_ERRORS = 20
const TOO_MANY = `there are more than ${MAX_RULES} rules`
const TOO_LONG = `a rule has at most ${MAX_LINE_CHARACTERS} characters`

export type Parsed<Rule> = { rules: Rule[]; errors: RuleError[] }

/** One rule a line; blank lines and those that begin with "#" say nothing. Wrong lines are told, the others read. */
export function readRules<Rule>(
  text: string,
  readRule: (scanner: Scanner, line: { text: string; number: number }) => Rule,
): Parsed<Rule> {
  const rules: Rule[] = []
  const errors: RuleError[] = []
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (!isRule(line)) continue
    if (errors.length === MAX_ERRORS) break
    try {
      if (rules.length === MAX_RULES) throw new RuleSyntaxError(TOO_MANY, 1)
      if (line.length > MAX_LINE_CHARACTERS) throw new RuleSyntaxError(TOO_LONG, 1)
      rules.push(readRule(new Scanner(line), { text: line.trim(), number: index + 1 }))
    } catch (error) {
      if (!(error instanceof RuleSyntaxError)) throw error
      errors.push({ line: index + 1, column: error.column, message: error.message })
    }
  }
  return { rules, errors }
}

function isRule(line: string): boolean {
  const trimmed = line.trim()
  return trimmed !== "" && !trimmed.startsWith("#")
}

/** Walks through one line of rules. */
export class Scanner {
  readonly #line: string
  #at = 0

  constructor(line: string) {
    this.#line = line
  }

  get column(): number {
    return this.#at + 1
  }

  /** What follows the blanks here. */
  next(): string {
    while (this.#line[this.#at]?.trim() === "") this.#at++
    return this.#line[this.#at] ?? ""
  }

  startsWith(text: string): boolean {
    return this.#line.startsWith(text, this.#at)
  }

  /** Goes past `text` when it stands here, after blanks. */
  take(text: string): boolean {
    this.next()
    if (!this.startsWith(text)) return false
    this.#at += text.length
    return true
  }

  /** What the sticky expression finds right here, "" when nothing. */
  match(sticky: RegExp): string {
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#line)?.[0] ?? ""
    this.#at += found.length
    return found
  }

  /** `"…"`, in which `\\` stands for `\`; there is no way to write a quote. */
  quoted(): string {
    const start = this.column
    this.#at++
    const end = this.#line.indexOf('"', this.#at)
    if (end === -1) this.fail('there is no closing "', start)
    const text = this.#line.slice(this.#at, end)
    this.#at = end + 1
    return text.replaceAll("\\\\", "\\")
  }

  /** True at the end of the line or before a comment. */
  isDone(): boolean {
    const next = this.next()
    return next === "" || next === "#"
  }

  back(characters: number): void {
    this.#at -= characters
  }

  fail(message: string, column = this.column): never {
    throw new RuleSyntaxError(message, column)
  }
}

import { RE2JS, RE2JSSyntaxException } from "re2js"
import { AppError, messageOf } from "#platform/errors.ts"
import type { Span } from "./shapes.ts"

export const MAX_EXPRESSION_CHARACTERS = 500
/** Steps for each character of a text, at worst: `[0-9]{1,200}` has 400. */
const MAX_PROGRAM_SIZE = 500

/**
 * An administrator's regular expression. The language is RE2's, that of Sentry's own rules: without look-around and
 * back references, and so linear in the text, which anybody may write.
 */
export type Expression = {
  /** Steps for each character of a text, at worst. */
  size: number
  isIn(text: string): boolean
  /** What it finds behind `from`, and where to go on; of an expression with a group only what is in the first one. */
  find(text: string, from: number): { span: Span; next: number } | null
}

/** Throws `invalid` saying why it cannot be used. */
export function checkExpression(source: string): void {
  if (source === "") throw new AppError("invalid", "Write a regular expression.")
  if (source.length > MAX_EXPRESSION_CHARACTERS) {
    throw new AppError("invalid", `At most ${MAX_EXPRESSION_CHARACTERS} characters.`)
  }
  const expression = compiled(source)
  if (expression.programSize() > MAX_PROGRAM_SIZE) {
    throw new AppError("invalid", "This repeats too much: use smaller numbers in {}.")
  }
  if (expression.test("")) {
    throw new AppError("invalid", "This finds nothing, everywhere: use + instead of *.")
  }
}

function compiled(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const isSyntax = error instanceof RE2JSSyntaxException
    const reason = isSyntax ? `${error.getDescription()}: ${error.getPattern()}` : messageOf(error)
    throw new AppError("invalid", `This is no regular expression of RE2: ${reason}`)
  }
}

/** Throws `invalid` for what is none. */
export function expressionOf(source: string): Expression {
  const expression = compiled(source)
  const group = expression.groupCount() > 0 ? 1 : 0
  return {
    size: expression.programSize(),
    isIn: (text) => expression.test(text),
    find(text, from) {
      const matcher = expression.matcher(text)
      if (!matcher.find(from)) return null
      // A group that took no part: better too much than too little.
      const part = matcher.start(group) < 0 ? 0 : group
      const span = { start: matcher.start(part), end: matcher.end(part) }
      return { span, next: Math.max(matcher.end(), from + 1) }
    },
  }
}

import { isIP } from "node:net"
import { found, scan } from "./words.ts"

export const FILTERED = "[Filtered]"

/** American Express has 15 digits, the others 16; blanks and dashes may stand between them. */
export const CARD = /(?<!\w)(?:3[47]\d|4\d{3}|5[1-5]\d\d|65\d\d|6011)(?:[-\s]?\d){12}(?!\w)/g
export const SOCIAL_SECURITY = /(?<!\w)\d{3}-\d{2}-\d{4}(?!\w)/g
export const ACCOUNT = /(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)/g
/** To the end of the text when the key was cut. */
export const KEY_BLOCK =
  /(-----BEGIN [A-Z ]{0,40}(?:PRIVATE|PUBLIC) KEY(?: BLOCK)?-----)[\s\S]*?(-----END [A-Z ]{1,60}-----|$)/g
export const USER_INFO = /(\/\/[^\s/@:"']{0,128}:)[^\s/@"']{1,256}(@)/g
export const BEARER = /(\bbearer\s{1,4})[\w.~+/=-]{4,}/gi
/** `password=x`, `"password": "x"`; not `auth: failed`, which is prose; nor what is hidden already. */
export const ASSIGNMENT =
  /((?:password|passwd|secret|api[_-]?key|auth|credentials|mysql_pwd|private[_-]?key|token)\w{0,32}(?:["']?\s{0,4}=|["']\s{0,4}:)\s{0,4})(?!\[Filtered\])(?:"[^"]{1,4096}"|'[^']{1,4096}'|[^\s"'&;,]{1,4096})/gi
export const USER_PATH =
  /([/\\](?:users|home|profiles|documents and settings)[/\\])[^/\\\s"',;:)]{1,128}/gi

const TELLING = found.word | found.bearer | found.token

/** Whether a value speaks of a secret, and so is one. */
export function isTelling(text: string): boolean {
  return (scan(text) & TELLING) !== 0
}

/**
 * A value of free-form data without secrets: a text with a telling word is replaced as a whole, numbers and
 * passwords of known form in place. Linear in the text; the text itself when there is nothing to hide.
 */
export function scrubValue(text: string): string {
  const bits = scan(text)
  if (bits === 0) return text
  if (bits & TELLING) return FILTERED
  const clean = withoutNumbers(text, bits)
  return bits & found.userPath ? clean.replace(USER_PATH, `$1${FILTERED}`) : clean
}

/**
 * A text that people read and issues are grouped by (a message, a URL): only the secret itself is replaced, so that
 * "auth failed" stays what it is.
 */
export function scrubProse(text: string): string {
  const bits = scan(text)
  if (bits === 0) return text
  let clean = withoutNumbers(text, bits)
  if (bits & found.bearer) clean = clean.replace(BEARER, `$1${FILTERED}`)
  if (bits & found.assignment) clean = clean.replace(ASSIGNMENT, `$1${FILTERED}`)
  return clean
}

function withoutNumbers(text: string, bits: number): string {
  let clean = text
  if (bits & found.dashes) clean = clean.replace(KEY_BLOCK, `$1${FILTERED}$2`)
  if (bits & found.authority && clean.includes("@")) {
    clean = clean.replace(USER_INFO, `$1${FILTERED}$2`)
  }
  if ((bits & found.digits) === 0) return clean
  return clean
    .replace(CARD, FILTERED)
    .replace(SOCIAL_SECURITY, FILTERED)
    .replace(ACCOUNT, (account) => (isAccount(account) ? FILTERED : account))
}

/** The check digits of ISO 13616: moved to the end and with letters as numbers, the rest by 97 is 1. */
export function isAccount(account: string): boolean {
  const compact = account.replaceAll(" ", "")
  let rest = 0
  for (const letter of compact.slice(4) + compact.slice(0, 4)) {
    const number = Number.parseInt(letter, 36)
    rest = (rest * (number > 9 ? 100 : 10) + number) % 97
  }
  return rest === 1
}

export const ADDRESS =
  /(?<![\w:.])(?:(?:\d{1,3}\.){3}\d{1,3}|(?=[0-9A-Fa-f]{0,4}:)[0-9A-Fa-f:.]{2,45})(?![\w:])/g

/** Every IP address in a text as "[ip]". */
export function scrubAddresses(text: string): string {
  if (!text.includes(".") && !text.includes(":")) return text
  return text.replace(ADDRESS, (match) => (isIP(match) ? "[ip]" : match))
}

/** The parts of the built-in list, by Sentry's names, that a text was changed by in place. */
export function rulesInText(
  text: string,
  wanted: { scrubData: boolean; scrubDefaults: boolean; scrubIp: boolean },
): string[] {
  const bits = wanted.scrubData && wanted.scrubDefaults ? scan(text) : 0
  const rules = NAMED.flatMap(([rule, bit, expression]) =>
    bits & bit && text.search(expression) !== -1 ? [rule] : [],
  )
  return wanted.scrubIp && scrubAddresses(text) !== text ? [...rules, "@ip:replace"] : rules
}

const NAMED: [rule: string, bit: number, expression: RegExp][] = [
  ["@pemkey:filter", found.dashes, KEY_BLOCK],
  ["@urlauth:filter", found.authority, USER_INFO],
  ["@creditcard:filter", found.digits, CARD],
  ["@usssn:filter", found.digits, SOCIAL_SECURITY],
  ["@iban:filter", found.digits, ACCOUNT],
  ["@bearer:filter", found.bearer, BEARER],
  ["@password:filter", found.assignment, ASSIGNMENT],
  ["@userpath:filter", found.userPath, USER_PATH],
]

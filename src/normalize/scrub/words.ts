/** Parts of names that announce a secret, in lower case; "-" in a name counts as "_". */
const WORDS = [
  "password",
  "secret",
  "passwd",
  "api_key",
  "apikey",
  "auth",
  "credentials",
  "mysql_pwd",
  "privatekey",
  "private_key",
  "access_token",
  "stripetoken",
]
/** In a name, anything with "token"; in a text the word alone is too common (parser errors speak of tokens). */
const WORDS_OF_NAMES = [...WORDS, "token"]
const WHOLE_NAMES = new Set(["otp", "two_factor"])

/** Whether a member of this name holds a secret, as far as its name tells. */
export function isSecretName(name: string): boolean {
  const spelled = name.toLowerCase().replaceAll("-", "_")
  return WHOLE_NAMES.has(spelled) || WORDS_OF_NAMES.some((word) => spelled.includes(word))
}

/** Cookies that hold a session or a request-forgery token, by their whole name. */
const SECRET_COOKIES = new Set(
  (
    "sentrysid sudo su session __session sessionid user_session symfony phpsessid fasthttpsessionid " +
    "mysession irissessionid _vercel_jwt csrf xsrf _xsrf _csrf csrf_token xsrf_token fastcsrf _iris_csrf"
  ).split(" "),
)

export function isSecretCookie(name: string): boolean {
  return SECRET_COOKIES.has(name.toLowerCase().replaceAll("-", "_"))
}

/** What one pass over a text finds, as bits: which replacements are worth trying. */
export const found = {
  /** A word that condemns a value as a whole. */
  word: 1,
  /** As many digits as the shortest number that is a secret. */
  digits: 2,
  /** The line around a key. */
  dashes: 4,
  /** The start of a URL's authority. */
  authority: 8,
  /** A folder that is named after a person. */
  userPath: 16,
  /** A secret word, or token, as a name with a value: `name=`, `"name":`. */
  assignment: 32,
  /** "Bearer" and something. */
  bearer: 64,
  /** "token" followed by ":" or "=". */
  token: 128,
} as const

/** Digits of a social security number; cards and accounts have more. */
const MIN_DIGITS = 9

type Marker = { codes: Uint8Array; pairAt: number; bit: number }

/** Each word with the place of its rarest pair of letters, so that few positions of a text are looked at twice. */
const MARKERS: [word: string, pairAt: number, bit: number][] = [
  ["password", 3, found.word],
  ["passwd", 3, found.word],
  ["secret", 2, found.word],
  ["api_key", 3, found.word],
  ["apikey", 2, found.word],
  ["auth", 0, found.word],
  ["credentials", 0, found.word],
  ["mysql_pwd", 2, found.word],
  ["privatekey", 6, found.word],
  ["private_key", 7, found.word],
  ["token", 1, found.token],
  ["bearer", 0, found.bearer],
  ["_____", 0, found.dashes],
  ["//", 0, found.authority],
  ["/users/", 0, found.userPath],
  ["/home/", 0, found.userPath],
  ["/profiles/", 0, found.userPath],
  ["/documents and settings/", 0, found.userPath],
]

/** Lower case; "-" as "_" and "\" as "/", which are never told apart here. Beyond ASCII nothing matters. */
const FOLDED = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 65 && code <= 90) return code + 32
  if (code === 45) return 95
  return code === 92 ? 47 : code
})

const BY_PAIR: (Marker[] | undefined)[] = new Array(128 * 128)
const IS_PAIR = new Uint8Array(128 * 128)
for (const [word, pairAt, bit] of MARKERS) {
  const codes = Uint8Array.from({ length: word.length }, (_, index) => word.charCodeAt(index))
  const pair = (codes[pairAt] ?? 0) * 128 + (codes[pairAt + 1] ?? 0)
  IS_PAIR[pair] = 1
  BY_PAIR[pair] = [...(BY_PAIR[pair] ?? []), { codes, pairAt, bit }]
}

/**
 * Looks at each character of a text once and says what it could hold, as a sum of `found`. It runs over every string
 * of every event; regular expressions are left to the few that have something to find.
 */
export function scan(text: string): number {
  let bits = 0
  let digits = 0
  let previous = 0
  for (let index = 0; index < text.length; index++) {
    const code = folded(text, index)
    const pair = previous * 128 + code
    if (IS_PAIR[pair] === 1) bits |= markersAt(text, index - 1, pair)
    else if (code >= 48 && code <= 57) digits++
    previous = code
  }
  return digits >= MIN_DIGITS ? bits | found.digits : bits
}

function folded(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? (FOLDED[code] ?? 0) : 0
}

function markersAt(text: string, pairIndex: number, pair: number): number {
  let bits = 0
  for (const marker of BY_PAIR[pair] ?? []) {
    const start = pairIndex - marker.pairAt
    if (stands(text, start, marker.codes))
      bits |= bitsOf(text, start + marker.codes.length, marker.bit)
  }
  return bits
}

function stands(text: string, start: number, codes: Uint8Array): boolean {
  if (start < 0 || start + codes.length > text.length) return false
  for (let index = 0; index < codes.length; index++) {
    if (folded(text, start + index) !== codes[index]) return false
  }
  return true
}

const BLANK = 32
const EQUALS = 61
const COLON = 58

/** The marker's own bit, and what its surroundings add; "token" and "bearer" count only with a value behind. */
function bitsOf(text: string, end: number, bit: number): number {
  if (bit === found.bearer) {
    return text.charCodeAt(end) === BLANK && end + 1 < text.length ? bit : 0
  }
  if (bit !== found.word && bit !== found.token) return bit
  const sign = signBehind(text, end)
  if (sign === EQUALS) return bit | found.assignment
  if (sign === COLON) return isQuote(text, endOfName(text, end)) ? bit | found.assignment : bit
  return bit === found.word ? bit : 0
}

const MAX_NAME_CHARACTERS = 32

/** What follows the rest of a name, its closing quote and blanks. */
function signBehind(text: string, start: number): number {
  let index = endOfName(text, start)
  if (isQuote(text, index)) index++
  while (index < start + MAX_NAME_CHARACTERS && text.charCodeAt(index) === BLANK) index++
  return text.charCodeAt(index)
}

function endOfName(text: string, start: number): number {
  let index = start
  while (index < start + MAX_NAME_CHARACTERS && isNamePart(folded(text, index))) index++
  return index
}

function isQuote(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code === 34 || code === 39
}

function isNamePart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95
}

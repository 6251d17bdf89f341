/** Crockford's base 32: no I, L, O, U, so that an id survives being read out loud. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/** `formatShortId("backend", "88")` is `BACKEND-2R`. */
export function formatShortId(projectSlug: string, number: string | bigint): string {
  let rest = BigInt(number)
  let digits = ""
  do {
    digits = ALPHABET.charAt(Number(rest % 32n)) + digits
    rest /= 32n
  } while (rest > 0n)
  return `${projectSlug.toUpperCase()}-${digits}`
}

/** Reads `BACKEND-2R` in any case, with `_` or a space for the last dash and O, I, L for 0, 1, 1; null for anything else. */
export function parseShortId(text: string): { projectSlug: string; number: string } | null {
  const match = /^(?:issue:)?([a-z0-9][a-z0-9_-]{0,49})[-_ ]([0-9a-z]{1,12})$/i.exec(text.trim())
  if (!match?.[1] || !match[2]) return null
  let number = 0n
  for (const character of match[2].toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1")) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return null
    number = number * 32n + BigInt(digit)
  }
  return number < 2n ** 63n
    ? { projectSlug: match[1].toLowerCase(), number: number.toString() }
    : null
}

/** A release name taken apart. */
export type ParsedRelease = {
  /** "app" of "app@1.0.0". */
  package: string | null
  /** What stands behind the package, else the whole name. */
  raw: string
  /** null: not a version that can be ordered. */
  version: Version | null
  /** The commit or build that the name is, in place of a version. */
  buildHash: string | null
}
type Version = {
  major: number
  minor: number
  patch: number
  revision: number
  /** "rc.1"; null comes after all of them. */
  prerelease: string | null
  build: string | null
}

const HASH_LENGTHS = new Set([12, 16, 20, 32, 40, 64])
const HASH = /^[0-9a-f]{12,64}$/i
const SHORT_HASH_CHARACTERS = 12
const SHORT_SHA_CHARACTERS = 7
const SHORT_NUMBER = /^\d{1,15}$/
const VERSION =
  /^(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]{1,200})|([a-z][0-9A-Za-z.-]{0,200}))?(?:\+([0-9A-Za-z.-]{1,200}))?$/

/** Only `package@version` has a version: a bare name may be anything. */
export function parseRelease(name: string): ParsedRelease {
  const at = name.indexOf("@", 1)
  const raw = at > 0 ? name.slice(at + 1) : name
  const isHash = HASH_LENGTHS.has(raw.length) && HASH.test(raw)
  return {
    package: at > 0 ? name.slice(0, at) : null,
    raw,
    version: at > 0 && !isHash ? versionOf(raw) : null,
    buildHash: isHash ? raw : null,
  }
}

function versionOf(raw: string): Version | null {
  const match = VERSION.exec(raw)
  if (!match) return null
  const [, major, minor, patch, revision, dashed, lettered, build = null] = match
  // "1.0a1" is a version, "1a1" is not.
  if (lettered && minor === undefined) return null
  const [first, second, third, fourth] = [major, minor, patch, revision].map((part) =>
    Number(part ?? 0),
  )
  return {
    major: first ?? 0,
    minor: second ?? 0,
    patch: third ?? 0,
    revision: fourth ?? 0,
    prerelease: dashed ?? lettered ?? null,
    build,
  }
}

/**
 * A version as text that sorts (byte by byte) like the versions do: the four numbers, then prereleases by their text before the
 * release itself, then no build, builds by number, other builds by text. The package does not count. null: cannot be ordered.
 */
export function versionOrder(name: string): string | null {
  const { version } = parseRelease(name)
  if (!version) return null
  const { major, minor, patch, revision, prerelease, build } = version
  const numbers = [major, minor, patch, revision].map((number) => sortable(String(number)))
  // A blank sorts before all that a prerelease may hold: "rc" comes before "rc.1".
  const stage = prerelease === null ? "~" : `-${prerelease} `
  return `${numbers.join("")}${stage}${build === null ? "" : `+${buildOrder(build)}`}`
}

/** What the orders of all versions begin with that begin with the given numbers. */
export function orderPrefix(numbers: readonly string[]): string {
  return numbers.map((number) => sortable(String(Number(number)))).join("")
}

function buildOrder(build: string): string {
  return SHORT_NUMBER.test(build) ? `0${sortable(String(Number(build)))}` : `1${build}`
}

/** The count of its digits, as one digit, in front: numbers of up to 15 digits then sort as text. */
function sortable(digits: string): string {
  return digits.length.toString(16) + digits
}

/** How a release is shown where there is little room: no package, no build, the beginning of a hash. */
export function shortVersion(name: string): string {
  const { raw, version, buildHash } = parseRelease(name)
  if (buildHash) return buildHash.slice(0, SHORT_HASH_CHARACTERS)
  if (!version) return raw === "" ? name : raw
  return version.build === null ? raw : raw.slice(0, raw.indexOf("+"))
}

/** A commit as people call it. */
export function shortSha(sha: string): string {
  return sha.slice(0, SHORT_SHA_CHARACTERS)
}

/** The first line of a commit's message. */
export function subjectOf(message: string): string {
  return message.split("\n", 1)[0]?.trim() || "(no message)"
}

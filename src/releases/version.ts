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

/** How a release is shown where there is little room: no package, no build, the beginning of a hash. */
export function shortVersion(name: string): string {
  const { raw, version, buildHash } = parseRelease(name)
  if (buildHash) return buildHash.slice(0, SHORT_HASH_CHARACTERS)
  if (!version) return raw === "" ? name : raw
  return version.build === null ? raw : raw.slice(0, raw.indexOf("+"))
}

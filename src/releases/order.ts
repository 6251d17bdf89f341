/** A release, as far as it can come before or after another. */
export type KnownRelease = {
  id: string
  version: string
  /** Of versionOrder; null: only its date orders it. */
  versionOrder: string | null
  /** When it came out; when it was first heard of, if nobody said. */
  cameAt: Date
}

/** So many of a project's newest releases tell how it counts. */
export const NEWEST_LOOKED_AT = 10
const FEW = 2
const RECENT = 3
const SEMVER_OF_TEN = 3

/**
 * Whether a project's releases are versions that can be ordered, by whether each of its newest ones is: one odd name among them
 * does not turn versions into dates.
 */
export function followsSemver(newestFirst: readonly boolean[]): boolean {
  if (newestFirst.length <= FEW) return newestFirst[0] ?? false
  if (!newestFirst.slice(0, RECENT).includes(true)) return false
  const ofAll = newestFirst.filter(Boolean).length
  return newestFirst.length < NEWEST_LOOKED_AT || ofAll >= SEMVER_OF_TEN
}

export function isOlderVersion(a: KnownRelease, b: KnownRelease): boolean | null {
  if (a.versionOrder === null || b.versionOrder === null) return null
  return a.versionOrder < b.versionOrder
}

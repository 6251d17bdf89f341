import { isOlderVersion, type KnownRelease } from "#releases/order.ts"

/**
 * How a resolved issue was resolved, `issues.resolution_type`; null there: at once, whatever comes.
 * - in_release: that release has the fix
 * - in_next_release: whatever comes after `seenIn`; becomes in_release when it comes
 * - after_release: any version greater than `seenIn`, where releases are versions
 * - in_future_release: a version that does not exist yet; becomes in_release when it comes
 * - in_commit: with the release that has the commit
 */
export type ResolutionType =
  | "in_release"
  | "in_next_release"
  | "after_release"
  | "in_future_release"
  | "in_commit"

export type Resolution = {
  type: ResolutionType | null
  /** What has the fix; of in_next_release and after_release the newest that was known. */
  release: KnownRelease | null
  /** The greatest release in which the issue had been seen. */
  seenIn: KnownRelease | null
  /** Of in_future_release. */
  future: Pick<KnownRelease, "version" | "versionOrder"> | null
}

/**
 * Whether a resolution still holds for an event of this release, because the release never had the fix. An event without one is
 * taken for an old one.
 */
export function holdsFor(
  resolution: Resolution,
  event: KnownRelease | null,
  followsSemver: boolean,
): boolean {
  if (resolution.type === null || resolution.type === "in_commit") return false
  if (event === null) return true
  const isSemver = followsSemver && event.versionOrder !== null
  if (resolution.type === "in_future_release") return isBeforeFuture(resolution, event, isSemver)
  return judgedBySeen(resolution, event, isSemver) ?? judgedByRelease(resolution, event, isSemver)
}

function isBeforeFuture({ future }: Resolution, event: KnownRelease, isSemver: boolean): boolean {
  if (!future || future.version === event.version) return false
  const isOlder = isSemver ? isOlderVersion(event, { ...event, ...future }) : null
  // What is there already came before what is not.
  return isOlder ?? true
}

/** null: cannot be told from where the issue had been seen. */
function judgedBySeen({ seenIn, release }: Resolution, event: KnownRelease, isSemver: boolean) {
  if (!seenIn) return null
  if (!isSemver) return seenIn.id === event.id || seenIn.cameAt > event.cameAt
  const isNewer = isOlderVersion(seenIn, event)
  if (isNewer === false) return true
  return release && isNewer !== null ? isOlderVersion(event, release) : null
}

function judgedByRelease(
  { type, release }: Resolution,
  event: KnownRelease,
  isSemver: boolean,
): boolean {
  if (!release) return false
  if (type === "in_next_release") {
    return release.id === event.id || release.cameAt > event.cameAt
  }
  if (release.id === event.id) return false
  const isOlder = isSemver ? isOlderVersion(event, release) : null
  return isOlder ?? release.cameAt >= event.cameAt
}

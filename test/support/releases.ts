import type { App } from "#app.ts"
import { setReleaseCommits } from "#issues/resolving/commits.ts"
import { createRelease } from "#releases/releases.ts"
import type { GivenProject } from "./issues.ts"

/** A release of a day of October with one commit, by Ann, that changed one file. */
export async function givenCommittedRelease(
  app: App,
  project: GivenProject,
  given: { version: string; day: number; path: string },
): Promise<{ sha: string }> {
  const key = { organizationId: project.organizationId, version: given.version }
  const releasedAt = new Date(Date.UTC(2026, 9, given.day))
  const sha = new Bun.CryptoHasher("sha1").update(given.version).digest("hex")
  const { release } = await createRelease(app, key, [project.projectId], { releasedAt })
  await setReleaseCommits(app, { ...key, releaseId: release.id }, [
    {
      sha,
      repository: "acme/shop",
      author: { email: "ann@example.test", name: "Ann" },
      message: `Change ${given.path}`,
      committedAt: releasedAt,
      files: [{ path: given.path, change: "M" }],
    },
  ])
  return { sha }
}

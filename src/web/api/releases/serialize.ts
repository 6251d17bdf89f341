import type { Release } from "#releases/catalog-store.ts"
import { parseRelease, shortVersion } from "#releases/version.ts"
import { apiTime } from "../time.ts"

export function serializeRelease(release: Release) {
  const { firstEventAt, lastEventAt, releasedAt } = release
  const parsed = parseRelease(release.version)
  return {
    id: Number(release.id),
    version: release.version,
    status: "open",
    shortVersion: shortVersion(release.version),
    versionInfo: {
      package: parsed.package,
      version: { raw: parsed.raw },
      description: shortVersion(release.version),
      buildHash: parsed.buildHash,
    },
    ref: release.ref,
    url: release.url,
    dateReleased: releasedAt && apiTime(releasedAt),
    dateCreated: apiTime(release.createdAt),
    data: {},
    newGroups: release.newIssues,
    owner: null,
    commitCount: 0,
    lastCommit: null,
    deployCount: 0,
    lastDeploy: null,
    authors: [],
    projects: release.projects.map((project) => ({
      id: Number(project.id),
      slug: project.slug,
      name: project.name,
      newGroups: project.newIssues,
      platform: project.platform,
      platforms: [project.platform],
      hasHealthData: false,
    })),
    firstEvent: firstEventAt && apiTime(firstEventAt),
    lastEvent: lastEventAt && apiTime(lastEventAt),
    currentProjectMeta: {},
    userAgent: null,
  }
}

import type { Release } from "#releases/catalog-store.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import type { Commit, Repository } from "#releases/history-store.ts"
import { parseRelease, shortVersion } from "#releases/version.ts"
import { apiTime } from "../time.ts"

export function serializeRelease(release: Release) {
  const { firstEventAt, lastEventAt, releasedAt } = release
  const parsed = parseRelease(release.version)
  return {
    id: Number(release.id),
    version: release.version,
    status: release.status,
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
    commitCount: release.commitCount,
    lastCommit: release.lastCommit && {
      id: release.lastCommit.sha,
      message: release.lastCommit.message,
      dateCreated: apiTime(new Date(release.lastCommit.committedAt)),
      author: release.lastCommit.author,
    },
    deployCount: release.deployCount,
    lastDeploy: release.lastDeploy && serializeDeploy(deployOf(release.lastDeploy)),
    authors: release.authors,
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

/** jsonb has times as text. */
function deployOf(last: NonNullable<Release["lastDeploy"]>): Deploy {
  const startedAt = last.startedAt === null ? null : new Date(last.startedAt)
  return { ...last, startedAt, finishedAt: new Date(last.finishedAt) }
}

export function serializeDeploy({ id, environment, name, url, startedAt, finishedAt }: Deploy) {
  return {
    id,
    environment,
    name,
    url,
    dateStarted: startedAt && apiTime(startedAt),
    dateFinished: apiTime(finishedAt),
  }
}

export function serializeCommit({ sha, message, committedAt, repository, author }: Commit) {
  return {
    id: sha,
    message,
    dateCreated: apiTime(committedAt),
    pullRequest: null,
    suspectCommitType: "",
    repository: serializeRepository(repository),
    author,
  }
}

export function serializeRepository({ id, name, url, createdAt }: Repository) {
  return {
    id,
    name,
    url,
    provider: { id: "unknown", name: "Unknown provider" },
    status: "active",
    dateCreated: apiTime(createdAt),
    integrationId: null,
    externalSlug: name,
    externalId: name,
  }
}

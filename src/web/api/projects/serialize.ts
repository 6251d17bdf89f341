import type { ProjectListing } from "#projects/listing-store.ts"
import type { Access } from "../caller.ts"
import { apiTime } from "../time.ts"
import { LETTER_AVATAR } from "../users/serialize.ts"

/** A project in a list. */
export function serializeProject(project: ProjectListing, access: Access) {
  return {
    id: project.id,
    slug: project.slug,
    name: project.name,
    platform: project.platform,
    dateCreated: apiTime(project.createdAt),
    isBookmarked: false,
    isMember: project.isMember,
    hasAccess: true,
    features: [],
    access: [...access.scopes],
    firstEvent: project.firstEventAt && apiTime(project.firstEventAt),
    firstTransactionEvent: false,
    hasMinifiedStackTrace: false,
    hasMonitors: false,
    hasReplays: false,
    hasSessions: false,
    hasFeedbacks: false,
    hasLogs: false,
    team: project.teams[0] ?? null,
    teams: project.teams,
    status: "active",
    color: "#3f70bf",
    isPublic: false,
    isInternal: false,
    platforms: [platformFamily(project.platform)],
    environments: project.environments,
    latestRelease: project.latestRelease === null ? null : { version: project.latestRelease },
    latestDeploys: null,
    eventProcessing: { symbolicationDegraded: false },
    avatar: LETTER_AVATAR,
  }
}

/** What events of `javascript-react` call themselves. */
function platformFamily(platform: string): string {
  return platform.split("-")[0] ?? platform
}

import { ROLE_DESCRIPTIONS, ROLES, type Role, scopesOf } from "#accounts/organizations/roles.ts"
import type { OrganizationSettings } from "#accounts/organizations/settings.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import type { Team } from "#accounts/organizations/teams-store.ts"
import type { Access } from "../caller.ts"
import { serializeScrub } from "../scrubbing.ts"
import { apiTime } from "../time.ts"
import { LETTER_AVATAR } from "../users/serialize.ts"

/** `address` is system.url-prefix: clients refuse to talk to any other host that is named here. */
export function serializeOrganization(organization: Organization, address: string) {
  return {
    id: organization.id,
    slug: organization.slug,
    name: organization.name,
    dateCreated: apiTime(organization.createdAt),
    status: { id: "active", name: "active" },
    isEarlyAdopter: false,
    require2FA: false,
    requireEmailVerification: false,
    hasAuthProvider: false,
    allowMemberInvite: false,
    allowMemberProjectCreation: false,
    allowSuperuserAccess: true,
    avatar: { ...LETTER_AVATAR, avatarUrl: null },
    features: [],
    links: { organizationUrl: address, regionUrl: address },
  }
}

/** A list's object and what only one organization's answer tells; teams and projects come apart. */
export function serializeOrganizationDetail(
  organization: Organization,
  context: { address: string; access: Access; settings: OrganizationSettings; canScrape: boolean },
) {
  const { access, settings } = context
  return {
    ...serializeOrganization(organization, context.address),
    role: access.role,
    orgRole: access.role,
    orgRoleList: ROLES.map((role) => serializeRole(role)),
    availableRoles: ROLES.map((role) => ({ id: role, name: roleName(role) })),
    teamRoleList: TEAM_ROLES,
    access: [...access.scopes],
    onboardingTasks: [],
    quota: { maxRate: null, maxRateInterval: 60, accountLimit: 0, projectLimit: 100 },
    isDefault: false,
    defaultRole: organization.defaultRole,
    openMembership: true,
    enhancedPrivacy: false,
    ...serializeScrub(settings, false),
    storeCrashReports: 0,
    scrapeJavaScript: context.canScrape,
    attachmentsRole: "member",
    debugFilesRole: "member",
    eventsMemberAdmin: true,
    alertsMemberWrite: true,
    allowJoinRequests: false,
    trustedRelays: [],
    pendingAccessRequests: 0,
  }
}

export function serializeTeam(team: Team, access: Access, isMember: boolean) {
  return {
    id: team.id,
    slug: team.slug,
    name: team.name,
    dateCreated: apiTime(team.createdAt),
    isMember,
    teamRole: isMember ? "contributor" : null,
    flags: { "idp:provisioned": false },
    access: [...access.scopes],
    hasAccess: true,
    isPending: false,
    memberCount: team.memberCount,
    avatar: { ...LETTER_AVATAR, avatarUrl: null },
  }
}

function serializeRole(role: Role) {
  return {
    id: role,
    name: roleName(role),
    desc: ROLE_DESCRIPTIONS[role],
    scopes: [...scopesOf(role)],
    allowed: true,
    isAllowed: true,
    isRetired: false,
    is_global: false,
    isGlobal: false,
    isTeamRolesAllowed: true,
    minimumTeamRole: "contributor",
  }
}

const TEAM_ROLES = [
  {
    id: "contributor",
    name: "Contributor",
    desc: "Takes part in the team.",
    scopes: [],
    allowed: true,
    isAllowed: true,
    isRetired: false,
    isMinimumRoleFor: null,
  },
]

function roleName(role: Role): string {
  return role.charAt(0).toUpperCase() + role.slice(1)
}

/**
 * From least to most. Rights come from the role alone: every member but billing sees all projects of the organization, and
 * teams decide only who gets mail and what can be assigned to them.
 */
export const ROLES = ["billing", "member", "admin", "manager", "owner"] as const

export type Role = (typeof ROLES)[number]

/** Sentry's names of rights. The three levels of a noun stand for see, change, and remove or hand out. */
export const SCOPES = [
  "org:read",
  "org:write",
  "org:admin",
  "org:integrations",
  "org:ci",
  "member:read",
  "member:write",
  "member:admin",
  "team:read",
  "team:write",
  "team:admin",
  "project:read",
  "project:write",
  "project:admin",
  "project:releases",
  "event:read",
  "event:write",
  "event:admin",
  "alerts:read",
  "alerts:write",
] as const

export type Scope = (typeof SCOPES)[number]

const BILLING: Scope[] = ["org:read"]
const MEMBER: Scope[] = [
  ...BILLING,
  "org:ci",
  "member:read",
  "team:read",
  "project:read",
  "project:releases",
  "event:read",
  "event:write",
  "event:admin",
  "alerts:read",
  "alerts:write",
]
const ADMIN: Scope[] = [
  ...MEMBER,
  "org:integrations",
  "project:write",
  "project:admin",
  "team:write",
  "team:admin",
]
const MANAGER: Scope[] = [...ADMIN, "org:write", "member:write", "member:admin"]
const OWNER: Scope[] = [...MANAGER, "org:admin"]

const SCOPES_BY_ROLE: Record<Role, ReadonlySet<Scope>> = {
  billing: new Set(BILLING),
  member: new Set(MEMBER),
  admin: new Set(ADMIN),
  manager: new Set(MANAGER),
  owner: new Set(OWNER),
}

export const ROLE_DESCRIPTIONS: Record<Role, string> = {
  billing: "Sees that the organization exists, and none of its projects.",
  member: "Works with issues of all projects, manages own alerts and uploads releases.",
  admin: "Also creates and changes projects, keys and teams.",
  manager: "Also invites and removes people and changes the organization.",
  owner: "Also hands out ownership and deletes the organization.",
}

export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SCOPES_BY_ROLE[role]
}

/** With the lesser levels of each noun: who may administer may change, and who may change may see. */
export function withImplied(scopes: readonly Scope[]): ReadonlySet<Scope> {
  const all = new Set<Scope>(scopes)
  for (const scope of scopes) {
    const [noun, level] = scope.split(":")
    const lesser = level === "admin" ? ["write", "read"] : level === "write" ? ["read"] : []
    for (const name of lesser.map((each) => `${noun}:${each}`)) if (isScope(name)) all.add(name)
  }
  return all
}

export function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text)
}

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}

export function isAtLeast(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(other)
}

/** The least role that has a right: who can be asked for it. */
export function leastRoleWith(scope: Scope): Role {
  return ROLES.find((role) => SCOPES_BY_ROLE[role].has(scope)) ?? "owner"
}

import { cliActor } from "#accounts/organizations/actor.ts"
import { insertMember } from "#accounts/organizations/members-store.ts"
import { createOrganization } from "#accounts/organizations/organizations.ts"
import type { Role } from "#accounts/organizations/roles.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { createUserToken } from "#accounts/tokens/tokens.ts"
import { hashPassword } from "#accounts/users/passwords.ts"
import { startSession } from "#accounts/users/sessions.ts"
import { insertUser } from "#accounts/users/store.ts"
import type { User } from "#accounts/users/user.ts"
import type { App } from "#app.ts"
import { cookieName } from "#web/middleware/cookies.ts"
import { type Visitor, visitorOf } from "./visitor.ts"

export const PASSWORD = "moss under seven bridges"

let made = 0

export async function givenUser(
  app: App,
  { isSuperuser = false, email = `person${++made}@example.test`, name = "" } = {},
): Promise<User> {
  const passwordHash = await hashPassword(app.config, PASSWORD)
  return insertUser(app.sql, { email, name, passwordHash, isSuperuser })
}

export function givenOrganization(app: App, slug = `org-${++made}`): Promise<Organization> {
  return app.sql.begin((tx) => createOrganization(tx, cliActor, { slug, name: slug }, null))
}

/** A user who is a member, and their member id. */
export async function givenMember(
  app: App,
  organization: { id: string },
  role: Role,
): Promise<User & { memberId: string }> {
  const user = await givenUser(app)
  const memberId = await insertMember(app.sql, {
    organizationId: organization.id,
    userId: user.id,
    email: user.email,
    role,
    invite: null,
    inviterId: null,
  })
  return { ...user, memberId }
}

/** A personal API token that does not expire. */
export function givenUserToken(app: App, user: { id: string }): Promise<string> {
  const token = { name: "script", scopes: ["org:read"], expiresAt: null }
  return app.sql.begin((tx) => createUserToken(tx, user, token, null))
}

/** A browser that is signed in as this user. */
export async function signedIn(app: App, user: { id: string }): Promise<Visitor> {
  const visitor = visitorOf(app)
  const client = { ip: "127.0.0.1", userAgent: "Firefox/140 Linux" }
  const token = await startSession(app, app.sql, user.id, client)
  visitor.cookies.set(cookieName(app.config, "session"), token)
  return visitor
}

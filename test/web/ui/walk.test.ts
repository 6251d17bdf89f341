import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { createProject } from "#projects/projects.ts"
import { testApp } from "../../support/app.ts"
import { givenMember, givenOrganization, givenUser, signedIn } from "../../support/people.ts"
import type { Visitor } from "../../support/visitor.ts"

const app = await testApp()
let owner: Visitor
let paths: string[] = []

beforeAll(async () => {
  const organization = await givenOrganization(app, "acme")
  const ann = await givenMember(app, organization, "owner")
  await app.sql`update users set is_superuser = true where id = ${ann.id}`
  const { key } = await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: organization.id,
      slug: "backend",
      name: "Backend",
      platform: "python",
      teams: ["acme"],
    }),
  )
  owner = await signedIn(app, ann)
  await givenUser(app)
  paths = [
    "/settings/account/details/",
    "/settings/account/security/",
    "/settings/account/notifications/",
    "/settings/account/api/auth-tokens/",
    "/settings/account/close-account/",
    "/organizations/acme/projects/",
    "/organizations/acme/projects/?query=back",
    "/organizations/acme/projects/new/",
    "/organizations/acme/projects/backend/",
    "/organizations/acme/projects/backend/getting-started/",
    "/settings/acme/",
    "/settings/acme/members/",
    `/settings/acme/members/${ann.memberId}/`,
    "/settings/acme/teams/",
    "/settings/acme/teams/acme/",
    "/settings/acme/auth-tokens/",
    "/settings/acme/audit-log/",
    "/settings/acme/projects/backend/",
    "/settings/acme/projects/backend/keys/",
    `/settings/acme/projects/backend/keys/${key.publicKey}/`,
    "/organizations/acme/stats/",
    "/organizations/acme/stats/?project=1&statsPeriod=90d&category=attachment",
    "/organizations/acme/stats/where/",
    `/organizations/acme/stats/where/?event=${"a".repeat(32)}`,
    "/manage/status/ingest/",
    "/settings/acme/rate-limits/",
    "/settings/acme/projects/backend/rate-limits/",
    "/settings/acme/projects/backend/filters/data-filters/",
    "/settings/acme/security-and-privacy/",
    "/settings/acme/projects/backend/security-and-privacy/",
    "/settings/acme/projects/backend/danger/",
    "/organizations/acme/releases/",
    "/organizations/acme/releases/?query=x&sort=semver&status=archived",
    "/manage/",
    "/manage/?format=json",
  ]
})

test("every page of an owner answers with a page, no-store and no inline code", async () => {
  for (const path of paths) {
    const response = await owner.get(path)
    const html = await response.text()
    expect([path, response.status]).toEqual([path, 200])
    expect(response.headers.get("cache-control")).toBe("no-store")
    expect(html).not.toMatch(/ style="| on[a-z]+="|<script>/)
  }
})

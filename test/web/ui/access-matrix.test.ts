import { beforeAll, describe, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { ROLES, type Scope, scopesOf } from "#accounts/organizations/roles.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { proposeRules } from "#maintenance/regroup/rule-changes.ts"
import { createProject } from "#projects/projects.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../support/app.ts"
import { givenEnvelope } from "../../support/envelopes.ts"
import { givenEvents, zeroDivision } from "../../support/issues.ts"
import { givenDays } from "../../support/occurrences.ts"
import { givenMember, givenOrganization, givenUser, signedIn } from "../../support/people.ts"
import { givenUpload } from "../../support/uploads.ts"
import { type Visitor, visitorOf } from "../../support/visitor.ts"

type Right =
  /** Answers everybody. */
  | "everybody"
  /** Anybody with an account. */
  | "account"
  /** Members of the organization in the path, whatever their role. */
  | "member"
  | "superuser"
  /** Needs something that is not there in this test: a token, a wizard under way. */
  | "nobody"
  | Scope

/** Which right each route asks for. A route that is not here makes this file fail. */
const RIGHTS: Record<string, Right> = {
  "GET /auth/login/": "everybody",
  "POST /auth/login/": "everybody",
  "GET /auth/login/:org/": "everybody",
  "GET /auth/register/": "everybody",
  "GET /login-redirect/": "everybody",
  "GET /auth/logout/": "everybody",
  "POST /auth/logout/": "everybody",
  "GET /account/recover/": "everybody",
  "POST /account/recover/": "everybody",
  "GET /account/recover/confirm/:user{[0-9]{1,18}}/:token/": "nobody",
  "POST /account/recover/confirm/:user{[0-9]{1,18}}/:token/": "nobody",
  "GET /accept/:org/:member{[0-9]{1,18}}/:token/": "nobody",
  "POST /accept/:org/:member{[0-9]{1,18}}/:token/": "nobody",
  "GET /setup/": "nobody",
  "POST /setup/": "nobody",
  "GET /setup/address/": "nobody",
  "POST /setup/address/": "nobody",
  "GET /setup/mail/": "nobody",
  "POST /setup/mail/": "nobody",
  "GET /setup/project/": "nobody",
  "POST /setup/project/": "nobody",
  "GET /setup/event/": "nobody",
  "POST /setup/event/": "nobody",

  "GET /": "account",
  "GET /issues/": "account",
  "GET /projects/": "account",
  "GET /account/": "account",
  "GET /account/settings/": "account",
  "GET /account/settings/security/": "account",
  "GET /account/settings/notifications/": "account",
  "GET /settings/account/": "account",
  "GET /api/new-token/": "account",
  "GET /settings/account/api/auth-tokens/new-token/": "account",
  "GET /orgredirect/*": "account",
  "GET /settings/account/details/": "account",
  "POST /settings/account/details/": "account",
  "GET /settings/account/security/": "account",
  "POST /settings/account/security/": "account",
  "GET /settings/account/notifications/": "account",
  "POST /settings/account/notifications/": "account",
  "GET /settings/account/close-account/": "account",
  "POST /settings/account/close-account/": "account",
  "GET /settings/account/api/auth-tokens/": "account",
  "POST /settings/account/api/auth-tokens/": "account",

  "GET /manage/": "superuser",
  "POST /manage/": "superuser",
  "GET /manage/ui/": "superuser",
  "GET /manage/status/ingest/": "superuser",

  "GET /organizations/:org/": "member",
  "GET /organizations/:org/settings/": "member",
  "GET /organizations/:org/members/": "member",
  "GET /organizations/:org/teams/": "member",
  "GET /organizations/:org/insights/projects/": "member",
  "GET /organizations/:org/user-feedback/": "member",
  "GET /organizations/:org/issues/feedback/": "member",
  "GET /settings/:org/auth-tokens/new-token/": "member",
  "GET /settings/:org/stats/": "member",
  "GET /settings/:org/projects/:project/install/": "member",
  "GET /settings/:org/projects/:project/filters/": "member",
  "GET /settings/:org/:project/filters/data-filters/": "member",
  "GET /:org/:project/settings/filters/": "member",
  "GET /:org/:project/settings/filters/data-filters/": "member",
  "GET /:org/": "member",
  "GET /:org/issues/:issue/": "member",
  "GET /:org/:project/": "member",
  "GET /:org/:project/getting-started/": "member",
  "GET /:org/:project/getting-started/:platform/": "member",
  "GET /:org/:project/settings/": "member",
  "GET /:org/:project/issues/:issue/": "member",
  "GET /:org/:project/group/:issue/": "member",
  "GET /:org/:project/issues/:issue/events/:event/": "member",

  "GET /organizations/:org/issues/": "event:read",
  "POST /organizations/:org/issues/": "event:write",
  "GET /organizations/:org/issues/changes/": "event:read",
  "GET /organizations/:org/issues/bulk/": "event:write",
  "POST /organizations/:org/issues/bulk/": "event:write",
  "GET /organizations/:org/search/": "event:read",
  "GET /organizations/:org/issues/:issue/": "event:read",
  "POST /organizations/:org/issues/:issue/": "event:write",
  "GET /organizations/:org/issues/:issue/preview/": "event:read",
  "GET /organizations/:org/issues/:issue/changes/": "event:read",
  "GET /organizations/:org/issues/:issue/activity/": "event:read",
  "POST /organizations/:org/issues/:issue/activity/": "event:write",
  "GET /organizations/:org/issues/:issue/merged/": "event:read",
  "POST /organizations/:org/issues/:issue/merged/": "event:write",
  "GET /organizations/:org/issues/:issue/similar/": "event:read",
  "GET /organizations/:org/issues/:issue/delete/": "event:admin",
  "POST /organizations/:org/issues/:issue/delete/": "event:admin",
  "GET /organizations/:org/issues/:issue/events/": "event:read",
  "GET /organizations/:org/issues/:issue/events/:event/": "event:read",
  "GET /organizations/:org/issues/:issue/events/:event/json/": "event:read",
  "GET /organizations/:org/issues/:issue/events/:event/source-maps/": "event:read",
  "GET /organizations/:org/issues/:issue/events/:event/attachments/:attachment/": "event:read",
  "POST /organizations/:org/issues/:issue/events/:event/attachments/:attachment/": "event:admin",
  "GET /organizations/:org/issues/:issue/attachments/": "event:read",
  "GET /organizations/:org/issues/:issue/feedback/": "event:read",
  "GET /organizations/:org/releases/": "project:read",
  "GET /organizations/:org/releases/:version/": "project:read",
  "POST /organizations/:org/releases/:version/": "project:releases",
  "GET /organizations/:org/releases/:version/compare/": "project:read",
  "GET /organizations/:org/explore/releases/": "member",
  "GET /organizations/:org/explore/releases/:version/": "member",
  "GET /organizations/:org/explore/releases/:version/commits/": "member",
  "GET /organizations/:org/explore/releases/:version/files-changed/": "member",
  "GET /organizations/:org/releases/:version/commits/": "project:read",
  "GET /organizations/:org/releases/:version/files-changed/": "project:read",
  "GET /organizations/:org/feedback/": "event:read",
  "GET /organizations/:org/feedback/:feedback{[0-9]{1,18}}/": "event:read",
  "POST /organizations/:org/feedback/:feedback{[0-9]{1,18}}/": "event:write",
  "GET /organizations/:org/feedback/:feedback{[0-9]{1,18}}/attachments/:attachment/": "event:read",
  "POST /organizations/:org/feedback/:feedback{[0-9]{1,18}}/attachments/:attachment/":
    "event:admin",
  "GET /organizations/:org/issues/:issue/events/:event/md/": "event:read",
  "GET /organizations/:org/issues/:issue/distributions/": "event:read",
  "GET /organizations/:org/issues/:issue/distributions/:key/": "event:read",

  "GET /organizations/:org/stats/": "project:read",
  "GET /organizations/:org/stats/where/": "event:read",
  "GET /organizations/:org/projects/": "project:read",
  "GET /organizations/:org/projects/new/": "project:write",
  "POST /organizations/:org/projects/new/": "project:write",
  "GET /organizations/:org/projects/:project/": "project:read",
  "GET /organizations/:org/projects/:project/getting-started/": "project:read",
  "GET /settings/:org/": "org:read",
  "POST /settings/:org/": "org:write",
  "GET /settings/:org/audit-log/": "org:write",
  "GET /settings/:org/members/": "member:read",
  "POST /settings/:org/members/": "member:write",
  "GET /settings/:org/members/:member{[0-9]{1,18}}/": "member:read",
  "POST /settings/:org/members/:member{[0-9]{1,18}}/": "member:admin",
  "GET /settings/:org/teams/": "team:read",
  "POST /settings/:org/teams/": "team:write",
  "GET /settings/:org/teams/:team/": "team:read",
  "POST /settings/:org/teams/:team/": "team:write",
  "GET /settings/:org/auth-tokens/": "org:write",
  "POST /settings/:org/auth-tokens/": "org:write",
  "GET /settings/:org/security-and-privacy/": "org:read",
  "POST /settings/:org/security-and-privacy/": "org:read",
  "GET /settings/:org/projects/:project/security-and-privacy/": "project:read",
  "POST /settings/:org/projects/:project/security-and-privacy/": "project:read",
  "GET /settings/:org/projects/:project/": "project:read",
  "POST /settings/:org/projects/:project/": "project:write",
  "GET /settings/:org/projects/:project/danger/": "project:read",
  "POST /settings/:org/projects/:project/danger/": "project:admin",
  "GET /settings/:org/rate-limits/": "org:read",
  "POST /settings/:org/rate-limits/": "org:write",
  "GET /settings/:org/projects/:project/rate-limits/": "project:read",
  "POST /settings/:org/projects/:project/rate-limits/": "project:write",
  "GET /settings/:org/projects/:project/filters/data-filters/": "project:read",
  "POST /settings/:org/projects/:project/filters/data-filters/": "project:write",
  "GET /settings/:org/projects/:project/issue-grouping/": "project:read",
  "POST /settings/:org/projects/:project/issue-grouping/": "project:write",
  "GET /settings/:org/projects/:project/issue-grouping/changes/:change/": "project:read",
  "POST /settings/:org/projects/:project/issue-grouping/changes/:change/": "project:write",
  "GET /settings/:org/projects/:project/keys/": "project:read",
  "POST /settings/:org/projects/:project/keys/": "project:write",
  "GET /settings/:org/projects/:project/keys/:key/": "project:read",
  "GET /settings/:org/projects/:project/loader-script/": "project:read",
  "GET /settings/:org/projects/:project/debug-symbols/": "project:read",
  "POST /settings/:org/projects/:project/debug-symbols/": "project:releases",
  "GET /settings/:org/projects/:project/source-maps/": "project:read",
  "POST /settings/:org/projects/:project/source-maps/": "project:write",
  "GET /settings/:org/projects/:project/source-maps/:upload/": "project:read",
  "POST /settings/:org/projects/:project/source-maps/:upload/": "project:releases",
  "POST /settings/:org/projects/:project/keys/:key/": "project:write",
}

const app = await testApp()
const people = new Map<string, Visitor>()
const values: Record<string, string> = {
  ":org": "acme",
  ":project": "backend",
  ":team": "acme",
  ":issue": "1",
  ":version": "2.14.1",
  ":event": "latest",
  ":token": "no-such-token",
  ":platform": "python",
  ":user{[0-9]{1,18}}": "1",
  "*": "organizations/:orgslug/settings/auth-tokens/",
}

beforeAll(async () => {
  const organization = await givenOrganization(app, "acme")
  for (const role of ROLES) {
    const user = await givenMember(app, organization, role)
    people.set(role, await signedIn(app, user))
    values[":member{[0-9]{1,18}}"] = user.memberId
  }
  people.set(
    "stranger",
    await signedIn(app, await givenMember(app, await givenOrganization(app, "elsewhere"), "owner")),
  )
  people.set("superuser", await signedIn(app, await givenUser(app, { isSuperuser: true })))
  people.set("anonymous", visitorOf(app))
  const made = await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: organization.id,
      slug: "backend",
      name: "Backend",
      platform: "python",
      teams: ["acme"],
    }),
  )
  values[":key"] = made.key.publicKey
  const place = { organizationId: organization.id, projectId: made.project.id }
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  const { issueId, eventId } = await givenEvents(app, { ...place, slug: "backend" }, [
    zeroDivision(),
  ])
  await foldTags(app.sql, new AbortController().signal)
  Object.assign(values, { ":issue": issueId, ":key": made.key.publicKey })
  await givenEnvelope(app, place, [["attachment", "a log"]], { eventId })
  await givenEnvelope(app, place, [
    ["feedback", { contexts: { feedback: { message: "Love it" } } }],
    ["attachment", "a log"],
  ])
  values[":upload"] = await givenUpload(app, place)
  const attachments = await app.sql`select id from attachments order by id`
  const [feedback] = await app.sql`select id from feedback`
  values[":attachment"] = attachments[0]!.id
  values[":attachment of feedback"] = attachments[1]!.id
  values[":feedback{[0-9]{1,18}}"] = feedback!.id
  values[":change"] = await proposeRules(app, {
    project: made.project,
    texts: { fingerprintRules: "", stackTraceRules: "" },
    actor: cliActor,
  })
})

const routes = [
  ...new Set(
    uiRoutes(app)
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`),
  ),
]

test("every route declares which right it asks for, and only routes do", () => {
  expect(routes.toSorted()).toEqual(Object.keys(RIGHTS).toSorted())
})

const WHO = [...ROLES, "stranger", "superuser", "anonymous"]

/** The POST that logs out would end the session that the others need. */
describe.each(routes.filter((route) => route !== "POST /auth/logout/"))("%s", (route) => {
  test.each(WHO)(`answers %s as declared`, async (who) => {
    const [method = "", pattern = ""] = route.split(" ")
    const path = pathOf(pattern)
    const visitor = people.get(who)
    // An action that no page knows: nothing is changed, and getting so far means being let in.
    const response = await (method === "GET"
      ? visitor?.get(path)
      : visitor?.post(path, { action: "matrix" }))
    const status = response?.status ?? 0
    expect(status).toBeLessThan(500)
    const expected = expectedOf(RIGHTS[route] ?? "nobody", who, method)
    if (expected === "in") {
      expect([401, 403, 404]).not.toContain(status)
      expect(response?.headers.get("location") ?? "").not.toStartWith("/auth/login/?")
    } else {
      expect(status).toBe(expected)
    }
    if (expected === 302) expect(response?.headers.get("location")).toStartWith("/auth/login/")
  })
})

/** The pattern with acme's things in it; a tag's key shares its name with a DSN's. */
function pathOf(pattern: string, org = "acme"): string {
  return pattern.replace(/:\w+(\{.*?\}+)?|\*/g, (name) => {
    if (name === ":org") return org
    if (name === ":attachment" && pattern.includes(":feedback")) {
      return values[":attachment of feedback"] ?? name
    }
    if (name === ":key" && pattern.includes("/distributions/")) return "environment"
    return values[name] ?? name
  })
}

/** Redirects to pages that answer for themselves. */
const SHORT_LINKS = Object.keys(RIGHTS).filter((route) => RIGHTS[route] === "member")

test("nothing of another organization is reached through one's own", async () => {
  const own = /:(project|issue|team|member)\b/
  const inside = routes.filter((route) => route.includes(":org") && own.test(route))
  expect(inside.length).toBeGreaterThan(25)
  for (const route of inside) {
    const [method = "", pattern = ""] = route.split(" ")
    if (SHORT_LINKS.includes(route)) continue
    const path = pathOf(pattern, "elsewhere")
    const stranger = people.get("stranger")
    const response = await (method === "GET"
      ? stranger?.get(path)
      : stranger?.post(path, {
          action: "save",
          confirm: "acme",
          name: "x",
          slug: "x",
          role: "owner",
        }))
    const refused = method === "GET" ? [404] : [404, 422]
    expect([route, refused.includes(response?.status ?? 0)]).toEqual([route, true])
  }
})

function expectedOf(right: Right, who: string, method: string): number | "in" {
  if (right === "everybody") return "in"
  if (who === "anonymous") return anonymousAnswer(right, method)
  if (right === "nobody") return 404
  if (right === "account") return "in"
  if (right === "superuser") return who === "superuser" ? "in" : 404
  if (who === "stranger") return 404
  if (who === "superuser" || right === "member") return "in"
  const role = ROLES.find((each) => each === who) ?? "billing"
  return scopesOf(role).has(right) ? "in" : 403
}

function anonymousAnswer(right: Right, method: string): number {
  if (right === "nobody") return 404
  return method === "GET" ? 302 : 401
}

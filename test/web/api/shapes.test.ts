import { beforeAll, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { expectGolden } from "../../support/golden.ts"
import { givenEvents, givenMember, givenShop, zeroDivision } from "../../support/issues.ts"

const app = await testApp()

let client: ApiClient
let issueId: string
beforeAll(async () => {
  const shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "Ann", role: "owner" })
  const [team] = await app.sql`
    insert into teams (organization_id, slug, name) values (${shop.organizationId}, 'core', 'Core') returning id`
  await app.sql`insert into project_teams (project_id, team_id) values (${shop.projectId}, ${team?.id})`
  await app.sql`insert into team_members (team_id, member_id) select ${team?.id}, id from org_members`
  await givenEvents(app, shop, [zeroDivision({ release: "2.14.0" })])
  issueId = (await givenEvents(app, shop, [fullEvent])).issueId
  const issues = [{ projectId: shop.projectId, id: issueId }]
  const to = { userId: ann }
  await applyAction(app, { issues, actor: ann, action: { kind: "assign", to } })
  await foldTags(app.sql, new AbortController().signal)
  client = apiClient(app, await givenUserToken(app, ann))
})

/** One of everything that the shapes have a place for. */
const fullEvent = zeroDivision({
  logentry: { message: "dividing %s", params: ["4711"], formatted: "dividing 4711" },
  breadcrumbs: { values: [{ category: "query", message: "select 1", timestamp: 1767495600.25 }] },
  contexts: { trace: { trace_id: "12".repeat(16), span_id: "12".repeat(8) } },
  extra: { cart: { items: 3 } },
  modules: { django: "5.2" },
  tags: { customer: "acme" },
  sdk: { name: "sentry.python.django", version: "2.40.0" },
  server_name: "web-3",
})

/** Each answer that has a file of its own; the test compares them field by field. */
const answers: [name: string, path: () => string][] = [
  ["index", () => "/"],
  ["user", () => "/users/me/"],
  ["organizations", () => "/organizations/"],
  ["organization", () => "/organizations/shop/"],
  ["projects", () => "/projects/"],
  ["organization-projects", () => "/organizations/shop/projects/"],
  ["issues", () => "/organizations/shop/issues/"],
  ["issue", () => `/organizations/shop/issues/${issueId}/`],
  ["issue-events", () => `/issues/${issueId}/events/`],
  ["event", () => `/issues/${issueId}/events/latest/`],
]

for (const [name, path] of answers) {
  test(`the answer "${name}" has the shape that clients know`, async () => {
    await expectGolden(name, await (await client.get(path())).json())
  })
}

import { beforeAll, expect, test } from "bun:test"
import { periodOf } from "#issues/stream/period.ts"
import { searchIssues } from "#issues/stream/search.ts"
import { issueSeries } from "#issues/stream/series-store.ts"
import type { StreamScope } from "#issues/stream/stream.ts"
import { testDatabase } from "../../support/database.ts"
import { givenDays, givenProject } from "../../support/occurrences.ts"
import { givenIssue, NOW, scopeOver } from "../../support/stream.ts"

const { sql } = await testDatabase()
const project = await givenProject(sql, "backend")
const ids: Record<string, string> = {}
let viewerId = ""
let environmentId = ""

const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)

beforeAll(async () => {
  await givenDays(sql, ["2026-11-24", "2026-11-23", "2026-11-20"])
  const [user] = await sql<{ id: string }[]>`
    insert into users (email, name) values ('ada@acme.test', 'Ada') returning id`
  viewerId = user!.id
  const [member] = await sql<{ id: string }[]>`
    insert into org_members (organization_id, user_id, email, role)
    values (${project.organizationId}, ${viewerId}, 'ada@acme.test', 'owner') returning id`
  const [team] = await sql<{ id: string }[]>`
    insert into teams (organization_id, slug, name) values (${project.organizationId}, 'core', 'Core') returning id`
  await sql`insert into team_members (team_id, member_id) values (${team!.id}, ${member!.id})`
  const releases = await sql<{ id: string }[]>`
    insert into releases (organization_id, version, created_at)
    values (${project.organizationId}, 'shop@1.0.0', ${hoursAgo(50)}), (${project.organizationId}, 'shop@2.0.0+7', ${hoursAgo(1)})
    returning id`
  await sql`insert into release_projects (project_id, release_id)
    select ${project.projectId}, id from unnest(${releases.map(({ id }) => id)}::bigint[]) id`
  const [environment] = await sql<{ id: string }[]>`
    insert into environments (project_id, name) values (${project.projectId}, 'production') returning id`
  environmentId = environment!.id

  ids.plain = await givenIssue(sql, project, {
    title: "TypeError: plain",
    culprit: "app/pay.py in total",
    metadata: { type: "TypeError", value: "plain" },
    substatus: "new",
    isUnhandled: true,
    timesSeen: 100,
    usersSeen: 3,
    lastSeen: hoursAgo(1),
    firstSeen: hoursAgo(30),
    firstReleaseId: releases[1]!.id,
    tags: { browser: "Firefox", release: "shop@2.0.0+7", environment: "production", user: "id:7" },
  })
  ids.mine = await givenIssue(sql, project, {
    title: "100%_done\\really",
    level: "fatal",
    priority: "high",
    platform: "node",
    logger: "root",
    assigneeUserId: viewerId,
    usersSeen: 9,
    lastSeen: hoursAgo(2),
    tags: { browser: "Chrome", release: "shop@1.0.0" },
  })
  ids.team = await givenIssue(sql, project, {
    substatus: "regressed",
    level: "warning",
    assigneeTeamId: team!.id,
    lastSeen: hoursAgo(3),
    tags: { environment: "staging" },
  })
  ids.resolved = await givenIssue(sql, project, {
    status: "resolved",
    substatus: null,
    lastSeen: hoursAgo(4),
  })
  ids.archived = await givenIssue(sql, project, {
    status: "archived",
    substatus: "archived_forever",
    lastSeen: hoursAgo(5),
  })
  ids.old = await givenIssue(sql, project, { lastSeen: hoursAgo(24 * 40) })
  ids.deleting = await givenIssue(sql, project, { status: "deleting", substatus: null })
  await sql`insert into issue_bookmarks (project_id, issue_id, user_id) values (${project.projectId}, ${ids.mine}, ${viewerId})`
  await sql`insert into issue_subscriptions (project_id, issue_id, user_id, is_active, reason)
    values (${project.projectId}, ${ids.team}, ${viewerId}, true, 'manual')`
  for (const [id, at, events] of [
    [ids.plain, hoursAgo(1), 2],
    [ids.plain, hoursAgo(25), 5],
    [ids.mine, hoursAgo(2), 4],
  ] as const) {
    const hour = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000)
    await sql`insert into issue_hours (project_id, issue_id, environment_id, hour, events)
      values (${project.projectId}, ${id}, ${environmentId}, ${hour}, ${events})`
  }
})

async function find(
  query: string,
  given: Partial<StreamScope> & { sort?: "date" | "new" | "freq" | "user" | "priority" } = {},
) {
  const answer = await searchIssues(sql, {
    ...scopeOver(project, { viewerId, ...given }),
    query,
    sort: given.sort ?? "date",
    limit: 100,
  })
  if (!answer.ok) throw new Error(answer.message)
  const names = new Map(Object.entries(ids).map(([name, id]) => [id, name]))
  return answer.page.issues.map(({ id }) => names.get(id))
}

const queries: [string, string[]][] = [
  ["", ["plain", "mine", "team", "resolved", "archived"]],
  ["is:unresolved", ["plain", "mine", "team"]],
  ["!is:unresolved", ["resolved", "archived"]],
  ["is:resolved", ["resolved"]],
  ["is:archived", ["archived"]],
  ["is:archived_forever", ["archived"]],
  ["is:new", ["plain"]],
  ["is:regressed", ["team"]],
  ["is:for_review", ["plain", "team"]],
  ["is:assigned", ["mine", "team"]],
  ["is:unresolved is:unassigned", ["plain"]],
  ["is:linked", []],
  ["assigned:me", ["mine"]],
  ["assigned:ada@acme.test", ["mine"]],
  ["assigned:[me, none] is:unresolved", ["plain", "mine"]],
  ["assigned:my_teams", ["team"]],
  ["assigned:#core", ["team"]],
  ["assigned:nobody@acme.test", []],
  ["bookmarks:me", ["mine"]],
  ["subscribed:me", ["team"]],
  ["level:[fatal,warning]", ["mine", "team"]],
  ["priority:high", ["mine"]],
  ["error.unhandled:true", ["plain"]],
  ["error.handled:true is:unresolved", ["mine", "team"]],
  ["PLAIN", ["plain"]],
  ["100%_done\\really", ["mine"]],
  ["100x_done", []],
  ["message:plain", ["plain"]],
  ["stack.filename:pay.py", ["plain"]],
  ['title:"TypeError: plain"', ["plain"]],
  ["title:*ERROR:*", ["plain"]],
  ["culprit:app/pay*", ["plain"]],
  ["platform:node", ["mine"]],
  ["logger:root", ["mine"]],
  ["!logger:root is:unresolved", ["plain", "team"]],
  ["type:error", ["plain", "mine", "team", "resolved", "archived"]],
  ["error.type:TypeError", ["plain"]],
  ["error.value:pl*", ["plain"]],
  ["browser:Firefox", ["plain"]],
  ["browser:[Firefox, Chrome]", ["plain", "mine"]],
  ["browser:fire*", ["plain"]],
  ["!browser:Firefox is:unresolved", ["mine", "team"]],
  ["has:browser", ["plain", "mine"]],
  ["!has:browser is:unresolved", ["team"]],
  ["user.id:7", ["plain"]],
  ["environment:staging", ["team"]],
  ["release:latest", ["plain"]],
  ["firstRelease:latest", ["plain"]],
  ["firstRelease:shop@2*", ["plain"]],
  ["release.version:2.0.0", ["plain"]],
  ["release.build:7", ["plain"]],
  ["release.package:shop", ["plain", "mine"]],
  ["firstSeen:-24h is:unresolved", ["mine", "team"]],
  ["lastSeen:+150m is:unresolved", ["team"]],
  ["timesSeen:>50", ["plain"]],
  ["project:backend", ["plain", "mine", "team", "resolved", "archived"]],
  ["project:other", []],
  ["browser:Chrome OR environment:staging", ["mine", "team"]],
  ["id:0123456789abcdef0123456789abcdef", []],
]

for (const [query, expected] of queries) {
  test(`"${query}" finds ${expected.length === 0 ? "nothing" : expected.join(", ")}`, async () => {
    expect(await find(query)).toEqual(expected)
  })
}

test("each order sorts by what it says", async () => {
  expect(await find("is:unresolved", { sort: "user" })).toEqual(["mine", "plain", "team"])
  expect(await find("is:unresolved", { sort: "priority" })).toEqual(["mine", "plain", "team"])
  expect(await find("is:unresolved", { sort: "freq" })).toEqual(["plain", "mine", "team"])
  expect(await find("is:unresolved", { sort: "new" })).toEqual(["mine", "team", "plain"])
})

test("a picked environment narrows the list and the numbers", async () => {
  expect(await find("", { environments: ["production"] })).toEqual(["plain"])
  expect(await find("is:unresolved", { environments: [""] })).toEqual(["plain", "mine"])
})

test("another project's issues are never found, whatever the query", async () => {
  const other = await givenProject(sql)
  await givenIssue(sql, other, { title: "TypeError: plain" })
  expect(await find("plain")).toEqual(["plain"])
  expect(await find("", { projectIds: [] })).toEqual([])
})

test("series have a bucket per day of the reader's zone and hour of UTC", async () => {
  const scope = scopeOver(project, { period: periodOf("24h", NOW, "UTC") })
  const refs = [{ projectId: project.projectId, id: ids.plain! }]
  const hourly = (await issueSeries(sql, scope, refs)).get(ids.plain!)
  expect(hourly).toHaveLength(24)
  expect(hourly?.at(-2)).toBe(2)
  expect(hourly?.reduce((sum, count) => sum + count, 0)).toBe(2)
  const daily = (await issueSeries(sql, scopeOver(project), refs)).get(ids.plain!)
  expect(daily?.slice(-2)).toEqual([5, 2])
  expect(await issueSeries(sql, scopeOver(project, { environments: ["staging"] }), refs)).toEqual(
    new Map(),
  )
})

test("pages follow one another without a gap or a repeat, in both directions and every order", async () => {
  const paged = await givenProject(sql)
  for (let count = 0; count < 7; count++) await givenIssue(sql, paged, { lastSeen: hoursAgo(1) })
  for (const sort of ["date", "new", "freq", "user", "priority"] as const) {
    const page = async (cursor?: string) => {
      const answer = await searchIssues(sql, {
        ...scopeOver(paged),
        query: "",
        sort,
        limit: 3,
        cursor,
      })
      if (!answer.ok) throw new Error(answer.message)
      return answer.page
    }
    const first = await page()
    const second = await page(first.next!)
    const third = await page(second.next!)
    const seen = [first, second, third].flatMap(({ issues }) => issues.map(({ id }) => id))
    expect(new Set(seen).size).toBe(7)
    expect([first.previous, third.next]).toEqual([null, null])
    expect((await page(third.previous!)).issues).toEqual(second.issues)
    expect((await page((await page(third.previous!)).previous!)).previous).toBeNull()
    expect(first.hits).toEqual({ count: 7, isMore: false })
  }
})

test("the order by events is exact, whether few old events bound it or not", async () => {
  const shop = await givenProject(sql)
  const hour = hoursAgo(1).toISOString()
  const [staging] = await sql<{ id: string }[]>`
    insert into environments (project_id, name) values (${shop.projectId}, 'staging') returning id`
  const events = new Map<string, number>()
  for (let number = 0; number < 40; number++) {
    // The busiest ever are quiet now, as after a fix; some are equal.
    const count = number < 15 ? number % 3 : 60 - (number % 20)
    const id = await givenIssue(sql, shop, { timesSeen: 1000 - number * 20 + count })
    events.set(id, count)
    if (count === 0) continue
    await sql`insert into issue_hours (project_id, issue_id, environment_id, hour, events)
      values (${shop.projectId}, ${id}, ${staging!.id}, ${hour}, ${count})`
  }
  const ranked = [...events].sort(([id, a], [other, b]) => b - a || Number(other) - Number(id))
  const pagesOf = async (given: Partial<StreamScope>) => {
    const found: string[] = []
    let cursor: string | null = ""
    while (cursor !== null) {
      const scope = { ...scopeOver(shop), ...given, query: "", sort: "freq", limit: 3 } as const
      const answer = await searchIssues(sql, { ...scope, cursor })
      if (!answer.ok) throw new Error(answer.message)
      found.push(...answer.page.issues.map(({ id }) => id))
      cursor = answer.page.next
    }
    return found
  }
  expect(await pagesOf({})).toEqual(ranked.map(([id]) => id))
  const seenThere = ranked.filter(([, count]) => count > 0).map(([id]) => id)
  expect(await pagesOf({ environments: ["staging"] })).toEqual(seenThere)
})

test("a made-up cursor is the first page", async () => {
  for (const cursor of [
    "x",
    Buffer.from("date|next|1|'; drop table issues").toString("base64url"),
  ]) {
    const answer = await searchIssues(sql, {
      ...scopeOver(project),
      query: "",
      sort: "date",
      limit: 2,
      cursor,
    })
    expect(answer.ok && answer.page.previous).toBeNull()
  }
})

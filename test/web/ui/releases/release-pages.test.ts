import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { partitionedTables } from "#migrations.ts"
import { createPartitions } from "#platform/partitions.ts"
import { createProject } from "#projects/projects.ts"
import { createRelease } from "#releases/releases.ts"
import { testApp } from "../../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"
import { givenCommittedRelease } from "../../../support/releases.ts"

const app = await testApp()
let shop: GivenProject
let ann: SignedIn
let bill: SignedIn

const pathOf = (version: string) => `/organizations/shop/releases/${encodeURIComponent(version)}/`
const html = async (path: string) => (await ann.get(path)).text()
const make = async (
  version: string,
  projectIds = [shop.projectId],
  releasedAt: Date | null = null,
) =>
  (
    await createRelease(app, { organizationId: shop.organizationId, version }, projectIds, {
      releasedAt,
    })
  ).release
/** Without marks: what a reader sees. */
const textOf = (page: string) => page.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ")

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "owner" }))
  bill = await signIn(app, await givenMember(app, shop, { name: "Bill", role: "billing" }))
})

test("the release before is of the same project, by version where the project counts in versions", async () => {
  const { project } = await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: shop.organizationId,
      slug: "till",
      name: "Till",
      platform: "python",
      teams: [],
    }),
  )
  await make("till@2.0.0", [project.id], new Date("2026-01-01"))
  await make("till@1.0.0", [project.id], new Date("2026-01-03"))
  await make("between@9", [shop.projectId], new Date("2026-01-02"))
  await make("till@3.0.0", [project.id], new Date("2026-01-02"))
  const page = await html(pathOf("till@2.0.0"))
  expect(page).toContain("<title>Release 2.0.0 · ")
  expect(await html(`${pathOf("till@2.0.0")}commits/`)).toContain(
    "<title>Commits · Release 2.0.0 · ",
  )
  expect(page).toContain('title="Before: 1.0.0"')
  expect(page).toContain('title="After: 3.0.0"')
  await app.sql`update releases set status = 'archived' where version = 'till@1.0.0'`
  expect(await html(pathOf("till@2.0.0"))).not.toContain("Before: ")
  await make("april", [project.id], new Date("2026-04-01"))
  expect(await html(pathOf("april"))).toContain('title="Before: 3.0.0"')
})

test("a hash is shown by its beginning, in monospace, and told in full", async () => {
  const hash = `${"0123456789abcdef".repeat(2)}01234567`
  await make(hash)
  const page = await html(pathOf(hash))
  expect(page).toMatch(
    new RegExp(`<h1[^>]*title="${hash}"[^>]*><span class="mono"><bdi>${hash.slice(0, 12)}</bdi>`),
  )
  expect(page).toContain("http://sentry.test:9000")
  expect(page).toContain(`sentry-cli releases set-commits --local ${hash}`)
})

test("a deploy is marked by a form, with the environment that it names", async () => {
  await make("deployed")
  const path = pathOf("deployed")
  const mark = (fields: Record<string, string>) =>
    ann.post(path, [["action", "deploy"], ...Object.entries(fields)])
  const made = await mark({
    environment: "canary",
    name: "blue",
    url: "https://ci.test/7",
    startedAt: "2026-11-20T10:00",
    finishedAt: "2026-11-20T10:05",
  })
  expect([made.status, made.headers.get("location")]).toEqual([303, `${path}#deploys`])
  const page = await html(path)
  expect(page).toContain('href="https://ci.test/7"')
  expect(textOf(page)).toContain("canary blue 20 Nov 2026 5 min")
  const [row] = await app.sql`
    select from environments where project_id = ${shop.projectId} and name = 'canary'`
  expect(row).toBeDefined()
  expect((await mark({ environment: "production" })).status).toBe(303)
  expect(textOf(await html(path))).toContain("too early to tell")
})

test("a deploy that cannot be is refused at its field, and what was typed stays", async () => {
  await make("refused")
  const refusal = async (fields: Record<string, string>) => {
    const answer = await ann.post(pathOf("refused"), [
      ["action", "deploy"],
      ...Object.entries(fields),
    ])
    return [answer.status, await answer.text()] as const
  }
  const cases: [Record<string, string>, string][] = [
    [{ environment: "" }, "Name the environment."],
    [{ environment: "none" }, "Invalid value for environment"],
    [{ environment: "a", url: "javascript:alert(1)" }, "Begin it with https://"],
    [{ environment: "a", name: "x".repeat(201) }, "no more than 200 characters"],
    [{ environment: "a", startedAt: "yesterday" }, "Enter a date and a time."],
    [{ environment: "a", finishedAt: "2999-01-01T00:00" }, "still to come"],
    [
      { environment: "a", startedAt: "2026-11-20T10:00", finishedAt: "2026-11-20T09:00" },
      "cannot start after",
    ],
  ]
  for (const [fields, message] of cases) {
    const [status, page] = await refusal({ name: "kept as typed", ...fields })
    expect([status, page.includes(message)]).toEqual([422, true])
    if (!fields.name) expect(page).toContain('value="kept as typed"')
  }
  expect(textOf(await html(pathOf("refused")))).toContain("Nobody told yet where")
})

test("who may not mark a deploy sees no form and is told which right is missing", async () => {
  await make("readable")
  const answer = await bill.post(pathOf("readable"), [["action", "deploy"]])
  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain("project:re")
})

test("a link of a deploy is one only when a browser opens it as a page", async () => {
  const { id } = await make("linked")
  await app.sql`insert into deploys (release_id, environment, name, url, finished_at)
    values (${id}, 'production', 'Run', 'javascript:alert(1)', now())`
  const page = await html(pathOf("linked"))
  expect(page).toContain("Run")
  expect(page).not.toContain("javascript:")
})

test("a deploy tells the events of the hours before and after it, as far as they are known", async () => {
  const { id } = await make("effective")
  const day = "2026-11-20"
  await createPartitions(app.sql, [partitionedTables.releaseHours], [day])
  const [environment] = await app.sql<{ id: string }[]>`
    insert into environments (project_id, name) values (${shop.projectId}, 'live') returning id`
  const hour = (at: string, events: number) => app.sql`
    insert into release_hours (project_id, release_id, environment_id, hour, events)
    values (${shop.projectId}, ${id}, ${environment!.id}, ${`${day}T${at}Z`}, ${events})`
  await hour("09:00", 1_200)
  await hour("10:00", 7)
  await hour("11:00", 34)
  await app.sql`insert into deploys (release_id, environment, finished_at) values
    (${id}, 'live', ${`${day}T10:40:00Z`}), (${id}, 'live', '2026-01-01T10:40:00Z')`
  const text = textOf(await html(pathOf("effective")))
  expect(text).toContain("1,200 → 34")
  expect(text).toContain("not counted")
})

test("the verdict sets a release beside the one before it", async () => {
  await make("verdict@1.0.0", [shop.projectId], new Date("2025-01-01"))
  await make("verdict@1.0.1", [shop.projectId], new Date("2025-01-02"))
  await givenEvents(app, shop, [
    zeroDivision({ release: "verdict@1.0.0", fingerprint: ["verdict one"] }),
  ])
  await givenEvents(app, shop, [
    zeroDivision({ release: "verdict@1.0.1", fingerprint: ["verdict two"] }),
    zeroDivision({ release: "verdict@1.0.1", fingerprint: ["verdict three"] }),
    zeroDivision({ release: "verdict@1.0.1", fingerprint: ["verdict one"] }),
  ])
  const text = textOf(await html(pathOf("verdict@1.0.1")))
  expect(text).toContain("Compared with the release before")
  expect(text).toContain("New issues 1 2 +1")
  expect(text).toContain("Came back 0 0 the same")
  expect(text).toContain("Events in the first hour 1 3 +200 %")
  await make("verdict@1.0.2", [shop.projectId], new Date("2025-01-03"))
  const waiting = textOf(await html(pathOf("verdict@1.0.2")))
  expect(waiting).toContain("Events in the first hour 3 none yet ")
  expect(waiting).not.toContain("−100 %")
})

test("two releases are compared at an address that can be passed on, the earlier one first", async () => {
  const one = await givenCommittedRelease(app, shop, { version: "pair@1", day: 1, path: "a.py" })
  const two = await givenCommittedRelease(app, shop, { version: "pair@2", day: 2, path: "b.py" })
  for (const [version, other] of [
    ["pair@2", "pair@1"],
    ["pair@1", "pair@2"],
  ] as const) {
    const page = await html(`${pathOf(version)}compare/?with=${encodeURIComponent(other)}`)
    expect(page.indexOf(one.sha.slice(0, 7))).toBeGreaterThan(0)
    expect(page.indexOf(two.sha.slice(0, 7))).toBeGreaterThan(page.indexOf(one.sha.slice(0, 7)))
    expect(textOf(page)).toContain("Commits 1 1")
  }
  const missing = await ann.get(`${pathOf("pair@1")}compare/?with=nowhere`)
  expect([missing.status, (await missing.text()).includes("no release of this name")]).toEqual([
    404,
    true,
  ])
  expect(await html(`${pathOf("pair@1")}compare/?with=pair%401`)).toContain("name another one")
})

test("what newest events missed of their maps is told, with the way to why", async () => {
  await make("mapless")
  const { issueId, eventId } = await givenEvents(app, shop, [
    { platform: "javascript", release: "mapless", logentry: { formatted: "no map" }, errors: [] },
  ])
  const errors = [
    { type: "js_no_source", name: "", data: { url: "https://shop.test/static/app.js?1" } },
  ]
  const event = { event_id: eventId, release: "mapless", errors }
  const payload = Buffer.concat([Buffer.from([0]), Buffer.from(JSON.stringify(event))])
  await app.sql`update events set payload = ${payload} where event_id = ${eventId}::uuid`
  const page = await html(pathOf("mapless"))
  expect(textOf(page)).toContain(
    "1 event of the newest 1 that were looked at needed a map that is missing: app.js",
  )
  expect(page).toContain(`/issues/${issueId}/events/${eventId}/source-maps/`)
})

test("hostile names are shown and neither reorder the page nor break it", async () => {
  const names = [
    "a\u202eb@1.0",
    `${"ü".repeat(99)}@1`,
    `<img src=x onerror="1">`,
    "100%",
    "a%2Fb",
    "..a",
    "a b@1+c?d#e&f",
    "'; drop",
  ]
  for (const name of names) {
    await make(name)
    for (const tail of ["", "commits/", "files-changed/", "compare/"]) {
      const answer = await ann.get(`${pathOf(name)}${tail}`)
      const page = await answer.text()
      expect([name, tail, answer.status]).toEqual([name, tail, 200])
      expect(page).not.toContain("<img src=x")
    }
  }
  const page = await html(pathOf("a\u202eb@1.0"))
  const [, word = ""] = /Type (\S+) to confirm/.exec(page) ?? []
  expect(word).toMatch(/^\d+$/)
  const removed = await ann.post(pathOf("a\u202eb@1.0"), [
    ["action", "delete"],
    ["confirm", word],
  ])
  expect(removed.status).toBe(303)
  for (const nobody of ["%00", "a%00b", "a%2Fb%2Fc"]) {
    expect((await ann.get(`/organizations/shop/releases/${nobody}/`)).status).toBe(404)
  }
})

test("addresses of newer Sentry lead here with what they ask", async () => {
  const moved = async (path: string) =>
    (await ann.get(`/organizations/shop/explore/releases/${path}`)).headers.get("location")
  expect(await moved("?project=1&query=x")).toBe("/organizations/shop/releases/?project=1&query=x")
  expect(await moved("a%20b%401%2B2/?project=1")).toBe(
    "/organizations/shop/releases/a%20b%401%2B2/?project=1",
  )
  expect(await moved("1/commits/")).toBe("/organizations/shop/releases/1/commits/")
  expect(await moved("1/files-changed/")).toBe("/organizations/shop/releases/1/files-changed/")
})

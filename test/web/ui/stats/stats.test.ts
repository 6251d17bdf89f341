import { beforeAll, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { partitionedTables } from "#migrations.ts"
import { utcDay } from "#platform/clock.ts"
import { createPartitions } from "#platform/partitions.ts"
import { createProject } from "#projects/projects.ts"
import { type OutcomeCount, recordOutcomes } from "#stats/outcome-store.ts"
import { recordStrangers } from "#stats/stranger-store.ts"
import type { ItemVerdict } from "#stats/verdict-book.ts"
import { insertVerdicts } from "#stats/verdict-store.ts"
import { testApp } from "../../../support/app.ts"
import { givenEvents, zeroDivision } from "../../../support/issues.ts"
import { givenMember, givenOrganization, givenUser, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
const now = Date.now()
const EVENT = "c".repeat(32)
let ann: Visitor
let admin: Visitor
let ours: Awaited<ReturnType<typeof given>>
let theirs: Awaited<ReturnType<typeof given>>

async function given(organization: Organization, slug: string) {
  const { project, key } = await app.sql.begin((tx) =>
    createProject(tx, cliActor, {
      organizationId: organization.id,
      slug,
      name: slug,
      platform: "python",
      teams: [],
    }),
  )
  return { projectId: project.id, organizationId: organization.id, slug, key }
}

const count = (of: typeof ours, given: Partial<OutcomeCount>): OutcomeCount => ({
  projectId: of.projectId,
  keyId: of.key.id,
  receivedAt: now,
  category: "error",
  outcome: "accepted",
  reason: "",
  quantity: 1,
  ...given,
})

const verdict = (of: typeof ours, given: Partial<ItemVerdict>): ItemVerdict => ({
  projectId: of.projectId,
  keyId: of.key.id,
  receivedAt: now,
  eventId: EVENT,
  category: "error",
  outcome: "rate_limited",
  reason: "project_quota",
  cause: "",
  client: "sentry.python/2.0",
  ...given,
})

beforeAll(async () => {
  await createPartitions(app.sql, Object.values(partitionedTables), [utcDay(new Date(now))])
  const acme = await givenOrganization(app, "acme")
  ours = await given(acme, "backend")
  theirs = await given(await givenOrganization(app, "elsewhere"), "hidden")
  ann = await signedIn(app, await givenMember(app, acme, "member"))
  admin = await signedIn(app, await givenUser(app, { isSuperuser: true }))
})

const page = async (path: string, visitor = ann) => {
  const response = await visitor.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return (await response.text()).replace(/^.*<main/s, "").replaceAll("<!-- -->", "")
}
const STATS = "/organizations/acme/stats/"
const WHERE = "/organizations/acme/stats/where/"

test("before anything arrives, the page says what it is for and what to do", async () => {
  const html = await page(STATS)
  expect(html).toContain("Nothing arrived in the last 24 hours")
  expect(html).toContain('href="/organizations/acme/projects/backend/getting-started/"')
  expect(html).toContain(`href="${WHERE}"`)
  expect(await page(WHERE)).toContain("Nothing was turned away")
})

test("numbers by outcome and reason, in words, with the switch that causes each", async () => {
  await recordOutcomes(app.sql, [
    count(ours, { quantity: 1204 }),
    count(ours, { outcome: "filtered", reason: "localhost", quantity: 3 }),
    count(ours, { outcome: "rate_limited", reason: "project_quota", quantity: 5 }),
    count(ours, { outcome: "client_discard", reason: "before_send", quantity: 7 }),
    count(ours, { outcome: "filtered", reason: "a-new-filter", quantity: 2 }),
    count(ours, { category: "attachment", quantity: 3 * 1024 * 1024 }),
    count(theirs, { quantity: 555_555 }),
  ])
  const html = await page(`${STATS}?project=${ours.projectId}`)
  expect(html).toContain(
    'aria-label="Last 24 hours: Accepted 1,204, Filtered 5, Rate-limited 5, Dropped by the SDK 7"',
  )
  expect(html).toContain("By the filter “Local development”")
  expect(html).toContain("By the filter “A new filter”")
  expect(html).toContain('href="/settings/acme/projects/backend/rate-limits/"')
  expect(html).toContain("By before_send in the program")
  expect(html).toContain("3.0 MiB")
  expect(html).not.toContain("555,555")
})

test("a category, a period and a key are picked by address; a project of others is not there", async () => {
  expect(await page(`${STATS}?category=attachment&statsPeriod=90d`)).toContain(
    "Last 90 days: Accepted 3.0 MiB",
  )
  expect(await page(`${STATS}?category=session`)).toContain("No sessions in the last 24 hours")
  const foreign = await page(`${STATS}?project=${theirs.projectId}&key=${theirs.key.id}`)
  expect(foreign).not.toContain("555,555")
  expect(foreign).toContain("By project")
})

test("the same as CSV, all categories", async () => {
  const response = await ann.get(`${STATS}?format=csv`)
  expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8")
  expect(response.headers.get("content-disposition")).toContain("attachment")
  const lines = (await response.text()).trim().split("\r\n")
  expect(lines[0]).toBe("from,category,outcome,reason,quantity")
  expect(
    lines
      .slice(1)
      .map((line) => line.replace(/^[^,]*,/, ""))
      .sort(),
  ).toContain('"error","filtered","localhost",3')
  expect(lines).toHaveLength(7)
})

test("an event that was stored leads to its page, one that was not says why and which switch", async () => {
  const { issueId, eventId } = await givenEvents(app, ours, [zeroDivision()])
  const stored = await page(`${WHERE}?event=${eventId}`)
  expect(stored).toContain("Accepted.")
  expect(stored).toContain(`href="/organizations/acme/issues/${issueId}/events/${eventId}/"`)
  await insertVerdicts(app.sql, [
    verdict(ours, {}),
    verdict(theirs, { eventId: "d".repeat(32), reason: "key_quota" }),
    verdict(ours, {
      eventId: null,
      outcome: "invalid",
      reason: "invalid_json",
      cause: "not a JSON text",
      client: "<b>\u202eevil",
    }),
  ])
  const limited = await page(`${WHERE}?event=${EVENT.toUpperCase()}`)
  expect(limited).toContain("Rate-limited.")
  expect(limited).toContain("Over the limit of the project")
  expect(limited).toContain('href="/settings/acme/projects/backend/rate-limits/"')
})

test("the last verdicts, by project, key and time, with hostile text made harmless", async () => {
  const all = await page(WHERE)
  expect(all).toContain("Not valid JSON: not a JSON text")
  expect(all).toContain("&lt;b&gt;")
  expect(all).toContain("\\u202e")
  expect(all).not.toContain("<b>\u202e")
  expect(all).toContain(`href="${WHERE}?event=${EVENT}"`)
  expect(await page(`${WHERE}?project=${ours.projectId}&key=999`)).toContain(
    "Nothing was turned away",
  )
  expect(await page(`${WHERE}?until=2020-01-01T00:00`)).toContain("Nothing was turned away")
  expect(await page(`${WHERE}?until=nonsense&offset=-5&project=x`)).toContain("Not valid JSON")
})

test("an event of which nothing is known: what may have happened to it; those of others are not known", async () => {
  for (const id of ["e".repeat(32), "d".repeat(32)]) {
    const html = await page(`${WHERE}?event=${id}`)
    expect(html).toContain("Nothing is known of this event")
    expect(html).toContain("7 (by before_send in the program)")
  }
  expect(await page(`${WHERE}?event=hello`)).toContain("This is neither an event id nor a DSN.")
})

test("feedback is found by its own id, and by the event it is about", async () => {
  const [own, about] = ["a".repeat(32), "b".repeat(32)]
  const [row] = await app.sql<{ id: string }[]>`
    insert into feedback ${app.sql({
      projectId: ours.projectId,
      organizationId: ours.organizationId,
      ...{ kind: "feedback", feedbackId: own, eventId: about, receivedAt: new Date(now) },
      ...{ name: "Eve", email: "", message: "It broke." },
    })} returning id`
  const link = `href="/organizations/acme/feedback/${row?.id}/"`
  const found = await page(`${WHERE}?event=${own}`)
  expect(found).toContain("Feedback, stored in backend")
  expect(found).toContain(link)
  expect(found).not.toContain("Nothing is known")
  const missing = await page(`${WHERE}?event=${about}`)
  expect(missing).toContain("Nothing is known of this event")
  expect(missing).toContain("Feedback about it is stored in backend")
  expect(missing).toContain(link)
})

test("a DSN says whose it is, or that nobody here has its key", async () => {
  const dsn = (key: string, project: string) =>
    encodeURIComponent(`https://${key}@sentry.test/${project}`)
  const known = await page(`${WHERE}?event=${dsn(ours.key.publicKey, ours.projectId)}`)
  expect(known).toContain(`href="/settings/acme/projects/backend/keys/${ours.key.publicKey}/"`)
  for (const key of [theirs.key.publicKey, "9".repeat(32)]) {
    expect(await page(`${WHERE}?event=${dsn(key, "1")}`)).toContain(
      "No project of this organization has the key of this DSN.",
    )
  }
})

test("who knocked with a foreign key is the operator's business alone", async () => {
  expect(await page("/manage/status/ingest/", admin)).toContain("Nobody knocked with a foreign key")
  const at = new Date(now)
  const stranger = {
    project: "77",
    reason: "unknown_key",
    client: "<i>x",
    origin: "",
    address: "192.0.2.1",
  }
  await recordStrangers(app.sql, [
    { ...stranger, publicKey: "9".repeat(32), requests: 1234, firstSeen: at, lastSeen: at },
    { ...stranger, publicKey: ours.key.publicKey, requests: 2, firstSeen: at, lastSeen: at },
  ])
  const html = await page("/manage/status/ingest/", admin)
  expect(html).toContain("There is no such key")
  expect(html).toContain("The key belongs to acme/backend")
  expect(html).toContain("1,234")
  expect(html).toContain("&lt;i&gt;x")
  expect((await ann.get("/manage/status/ingest/")).status).toBe(404)
})

test("pages that wait or are empty lead to it", async () => {
  expect(await page("/organizations/acme/projects/backend/")).toContain(
    `href="${WHERE}?project=${ours.projectId}"`,
  )
  expect(await page("/organizations/acme/issues/?query=nothing-like-this")).toContain(
    `href="${WHERE}"`,
  )
  const waiting = await given({ id: ours.organizationId } as Organization, "fresh")
  const late = await page("/organizations/acme/projects/fresh/getting-started/?late=1")
  expect(late).toContain(`href="${WHERE}"`)
  await recordOutcomes(app.sql, [
    count(waiting, { outcome: "invalid", reason: "cors", quantity: 4 }),
  ])
  expect(await page("/organizations/acme/projects/fresh/getting-started/?late=1")).toContain(
    "4 invalid (Sent from a website that is not allowed)",
  )
})

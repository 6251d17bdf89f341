import { beforeAll, beforeEach, expect, test } from "bun:test"
import type { IngestMessage } from "#messages.ts"
import type { FilterSettings } from "#normalize/filters/settings.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { testDatabase } from "../support/database.ts"
import { envelopeMessage, type GivenItem } from "../support/envelopes.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { DAY, givenDays, givenProject, NOON } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const never = new AbortController().signal
let project: { organizationId: string; projectId: string }

beforeAll(() => givenDays(sql))
beforeEach(async () => {
  project = await givenProject(sql)
  line.points.length = 0
})

async function givenFilters(filters: Partial<FilterSettings>) {
  await sql`
    update projects set settings = settings || ${sql.json({ filters })}
    where id = ${project.projectId}`
  line.projects.forget()
}
const run = (...messages: IngestMessage[]) =>
  processBatch(line, batchOf(messages.map((message) => recordOf(message))), never)
const sent = (event: object, given: Partial<IngestMessage> = {}) => messageOf(project, event, given)
const outcomes = async () => {
  const range = { projectId: project.projectId, from: new Date(0), to: new Date(NOON * 2) }
  const rows = await sumOutcomes(sql, range)
  return rows
    .map((row) => [row.category, row.outcome, row.reason, row.quantity].filter(Boolean).join(" "))
    .sort()
}
/** Rows that an event leaves behind when it is kept. */
async function traces() {
  const id = project.projectId
  const [row] = await sql`
    select
      (select count(*)::int from issues where project_id = ${id}) as issues,
      (select count(*)::int from events where project_id = ${id}) as events,
      (select count(*)::int from releases where organization_id = ${project.organizationId}) as releases,
      (select count(*)::int from environments where project_id = ${id}) as environments,
      (select count(*)::int from attachments where project_id = ${id}) as attachments,
      (select count(*)::int from feedback where project_id = ${id}) as feedback,
      (select count(*)::int from pgboss.job where name = 'evaluate-alerts' and data ->> 'projectId' = ${id}) as mails,
      (select change_seq::int from projects where id = ${id}) as changes`
  return row
}
const NOTHING = {
  issues: 0,
  events: 0,
  releases: 0,
  environments: 0,
  attachments: 0,
  feedback: 0,
  mails: 0,
  changes: 0,
}

const agent = (name: string) => ({ request: { headers: { "User-Agent": name } } })
const thrown = (type: string, value: string, path = "https://shop.test/a.js") => ({
  platform: "javascript",
  release: "shop@1",
  environment: "production",
  exception: {
    values: [{ type, value, stacktrace: { frames: [{ abs_path: path, lineno: 1 }] } }],
  },
})
const IE = (version: string, trident: string) =>
  agent(`Mozilla/5.0 (compatible; MSIE ${version}; Windows NT 6.1; Trident/${trident})`)

test("an event from localhost is dropped under the reason localhost when that is on", async () => {
  const event = { request: { url: "http://localhost:3000/" } }
  await run(sent(event))
  await givenFilters({ localhost: true })
  await run(sent(event))
  expect(await outcomes()).toEqual(["error accepted 1", "error filtered localhost 1"])
})

test("an event whose last frame is an extension's is dropped as browser-extensions", async () => {
  await givenFilters({ browserExtensions: true })
  await run(sent(thrown("Error", "no", "chrome-extension://x/y.js")))
  expect(await outcomes()).toEqual(["error filtered browser-extensions 1"])
})

test("an event whose message a pattern of the project matches is dropped as error-message", async () => {
  await givenFilters({ errorMessages: ["*Script error*"] })
  await run(sent(thrown("Error", "Script error.")))
  expect(await outcomes()).toEqual(["error filtered error-message 1"])
})

test("an event of Googlebot is dropped as web-crawlers, one of Slackbot 1.0 is stored", async () => {
  await givenFilters({ webCrawlers: true })
  await run(sent(agent("Googlebot/2.1")), sent(agent("Slackbot 1.0")))
  expect(await outcomes()).toEqual(["error accepted 1", "error filtered web-crawlers 1"])
})

test("of old browsers by default, Internet Explorer 9 is dropped as legacy-browsers and 11 is stored", async () => {
  await givenFilters({ legacyBrowsers: ["default"] })
  await run(
    sent(IE("9.0", "5.0")),
    sent(agent("Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0)")),
  )
  expect(await outcomes()).toEqual(["error accepted 1", "error filtered legacy-browsers 1"])
})

test("an event that comes from a listed network is dropped as ip-address, whoever its user is", async () => {
  await givenFilters({ clientAddresses: ["10.0.0.0/8"] })
  const user = { user: { ip_address: "10.9.9.9" } }
  await run(sent({}, { clientAddress: "10.1.2.3" }), sent(user, { clientAddress: "192.0.2.1" }))
  expect(await outcomes()).toEqual(["error accepted 1", "error filtered ip-address 1"])
})

test("a report about a browser's own page is dropped as invalid-csp without any setting", async () => {
  const report = (blocked: string) => ({
    "csp-report": {
      "document-uri": "https://shop.test/",
      "violated-directive": "img-src 'self'",
      "blocked-uri": blocked,
    },
  })
  const item = (blocked: string): GivenItem => ["raw_security", report(blocked)]
  await run(
    envelopeMessage(project, [item("chrome-extension://x/y.png")]),
    envelopeMessage(project, [item("https://evil.test/x.png")]),
  )
  expect(await outcomes()).toEqual(["security accepted 1", "security filtered invalid-csp 1"])
})

test("a dropped event leaves nothing behind: no issue, release, environment, mail or news", async () => {
  await givenFilters({ releases: ["shop@*"] })
  await run(sent(thrown("Error", "no")))
  expect(await traces()).toEqual(NOTHING)
  expect(await outcomes()).toEqual(["error filtered release-version 1"])
  const [row] = await sql`select first_event_at from projects where id = ${project.projectId}`
  expect(row!.firstEventAt).toBeNull()
  const series = line.points.map((point) => point.series)
  expect(series.filter((name) => name.includes("filtered")).length).toBe(1)
  expect(line.points.length).toBe(1)
})

test("what came with a dropped event falls with it, its files in the blob store, too", async () => {
  await givenFilters({ localhost: true })
  const event = { request: { url: "http://localhost/" } }
  const blobKey = `attachments/${DAY}/parked-of-a-dropped-event`
  await line.blobs.put(blobKey, Buffer.from("12345"))
  const parked = [
    {
      blobKey,
      name: "a.log",
      type: "event.attachment",
      contentType: "text/plain",
      size: 5,
      sha1: "0".repeat(40),
      preview: null,
    },
  ]
  const message = envelopeMessage(
    project,
    [
      ["event", event],
      ["attachment", "1234567"],
      ["user_report", { comments: "It broke" }],
      ["session", {}],
    ],
    { parked },
  )
  await run(message)
  expect(await outcomes()).toEqual([
    "attachment filtered localhost 12",
    "attachment_item filtered localhost 2",
    "error filtered localhost 1",
    "feedback filtered localhost 1",
    "session unsupported session 1",
  ])
  expect(await traces()).toEqual(NOTHING)
  expect(await line.blobs.exists(blobKey)).toBe(false)
  expect(await line.blobs.exists(`attachments/${DAY}/${message.id}-1`)).toBe(false)
})

test("a message delivered again, and twice in one batch, is dropped once", async () => {
  await givenFilters({ errorMessages: ["*no*"] })
  const message = sent(thrown("Error", "no"))
  await run(message, message)
  await run(message)
  expect(await outcomes()).toEqual(["error filtered error-message 1"])
})

test("what is dropped disturbs nothing else of its batch", async () => {
  await givenFilters({ errorMessages: ["Error: no"] })
  const other = await givenProject(sql)
  await run(
    sent(thrown("Error", "no")),
    sent(thrown("Error", "yes")),
    messageOf(other, thrown("Error", "no")),
  )
  expect(await outcomes()).toEqual(["error accepted 1", "error filtered error-message 1"])
  expect(await traces()).toMatchObject({ issues: 1, events: 1, releases: 1, mails: 1 })
  const [kept] = await sql`select title from issues where project_id = ${other.projectId}`
  expect(kept).toMatchObject({ title: "Error: no" })
})

test("what scrubbing would hide is part of what is judged", async () => {
  await givenFilters({ errorMessages: ["*4111 1111 1111 1111*"] })
  await run(sent({ message: "card 4111 1111 1111 1111 declined" }))
  expect(await outcomes()).toEqual(["error filtered error-message 1"])
})

test("settings that nobody could have saved drop nothing", async () => {
  await givenFilters({
    errorMessages: ["[", 7] as string[],
    clientAddresses: ["banana"],
    localhost: "yes" as unknown as boolean,
  })
  await run(sent({ message: "[", request: { url: "http://localhost/" } }))
  expect(await outcomes()).toEqual(["error accepted 1"])
})

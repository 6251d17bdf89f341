import { expect, test } from "bun:test"
import { urls } from "#urls.ts"
import { disposition } from "#web/attachment-answer.ts"
import { testApp } from "../../../support/app.ts"
import { givenEnvelope, PNG } from "../../../support/envelopes.ts"
import { givenMember, givenShop, zeroDivision } from "../../../support/issues.ts"
import { signIn } from "../../../support/pages.ts"

const app = await testApp()
const shop = await givenShop(app)
const ann = await signIn(app, await givenMember(app, shop, { name: "Ann" }))

/** An event with these files; the page of the event, and the addresses of the files in order. */
async function given(...files: [payload: string | Uint8Array, headers: object][]) {
  const eventId = await givenEnvelope(app, shop, [
    ["event", zeroDivision()],
    ...files
      .map(([payload, headers]) => ["attachment", payload, headers] as const)
      .map((item) => [...item] as [string, string | Uint8Array, object]),
  ])
  const [event] = await app.sql`select issue_id from events where event_id = ${eventId}::uuid`
  const rows = await app.sql`
    select id, blob_key from attachments where event_id = ${eventId}::uuid order by id`
  const page = urls.event(shop.slug, event!.issueId, eventId)
  return {
    page,
    hrefs: rows.map(({ id }) => urls.attachment(shop.slug, event!.issueId, eventId, id)),
    blobKeys: rows.map((row) => row.blobKey),
  }
}

test("an event's page lists its files: pictures as pictures, texts behind a link", async () => {
  const { page, hrefs } = await given(
    [PNG, { filename: "screenshot.png" }],
    ["a log", { filename: "app.log", content_type: "text/plain" }],
    [Buffer.from([0, 1, 2]), { filename: "crash.dmp", attachment_type: "event.minidump" }],
  )
  const html = await (await ann.get(page)).text()
  expect(html).toContain(`<img src="${hrefs[0]}?view" alt="screenshot.png"`)
  expect(html).toContain(`href="${hrefs[1]}?view"`)
  expect(html).not.toContain(`${hrefs[2]}?view`)
  expect(html).toContain("Minidump")
})

test("an issue's tab lists the files of all its events, each with its event", async () => {
  const { page } = await given([PNG, { filename: "first.png" }])
  await given(["later", { filename: "later.log", content_type: "text/plain" }])
  const tab = page.replace(/events\/.*$/, "attachments/")
  const html = await (await ann.get(tab)).text()
  expect(html.indexOf("later.log")).toBeLessThan(html.indexOf("first.png"))
  expect(html).toContain(`href="${page}"`)
  const [row] = await app.sql`
    insert into issues (project_id, organization_id, short_id, type, level, platform, title, first_seen, last_seen, active_at,
      first_received_day, last_received_day)
    values (${shop.projectId}, ${shop.organizationId}, 9999, 'error', 40, 'other', 'x', now(), now(), now(), current_date, current_date)
    returning id`
  const empty = await (await ann.get(tab.replace(/issues\/\d+/, `issues/${row!.id}`))).text()
  expect(empty).toContain("No files came with events of this issue")
  const stranger = await signIn(app, await givenMember(app, await givenShop(app), { name: "Zed" }))
  expect((await stranger.get(tab)).status).toBe(404)
})

test("a download is nothing that a browser would run", async () => {
  const script = "<script>alert(1)</script>"
  const { hrefs } = await given([
    script,
    { filename: "../../evil\u202e.html", content_type: "text/html" },
  ])
  const answer = await ann.get(hrefs[0]!)
  expect(await answer.text()).toBe(script)
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename=".._.._evil_.html"; filename*=UTF-8''.._.._evil_.html`,
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  })
})

test("what is looked at is served as what its bytes say, never as what its sender says", async () => {
  const { hrefs } = await given(
    [PNG, { filename: "a.html", content_type: "text/html" }],
    ["<b>not bold</b>", { filename: "b.html", content_type: "text/html" }],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>\0', { content_type: "image/svg+xml" }],
  )
  const types = await Promise.all(
    hrefs.map(async (href) => {
      const { status, headers } = await ann.get(`${href}?view`)
      return `${status} ${headers.get("content-type")} ${headers.get("content-disposition")?.slice(0, 6)}`
    }),
  )
  expect(types.slice(0, 2)).toEqual([
    "200 image/png inline",
    "200 text/plain; charset=utf-8 inline",
  ])
  expect(types[2]).toStartWith("404")
})

test("a deleted attachment is gone, its bytes too, and may be deleted by who may delete events", async () => {
  const { page, hrefs, blobKeys } = await given(["a log", { filename: "a.log" }])
  const billing = await signIn(app, await givenMember(app, shop, { name: "Bill", role: "billing" }))
  expect((await billing.post(hrefs[0]!, [["action", "delete"]])).status).toBe(403)
  expect((await ann.post(hrefs[0]!, [["action", "delete"]])).status).toBe(303)
  expect(await app.blobs.exists(blobKeys[0])).toBe(false)
  expect((await ann.get(hrefs[0]!)).status).toBe(404)
  expect(await (await ann.get(page)).text()).not.toContain("a.log")
})

test("nobody reads another organization's attachments, not even through an event of their own", async () => {
  const { hrefs } = await given(["secret", { filename: "a.log" }])
  const other = await givenShop(app)
  const eve = await signIn(app, await givenMember(app, other, { name: "Eve" }))
  expect((await eve.get(hrefs[0]!)).status).toBe(404)
  const own = await givenEnvelope(app, other, [["event", zeroDivision()]])
  const [event] = await app.sql`select issue_id from events where event_id = ${own}::uuid`
  const [theirs] = await app.sql`select id from attachments order by id desc limit 1`
  const path = urls.attachment(other.slug, event!.issueId, own, theirs!.id)
  expect((await eve.get(path)).status).toBe(404)
})

test("an attachment whose bytes are lost says so", async () => {
  const { hrefs, blobKeys } = await given(["a log", {}])
  await app.blobs.delete(blobKeys[0])
  expect((await ann.get(hrefs[0]!)).status).toBe(404)
})

test("a file name is told in both spellings, without what could end the header or hide its ending", () => {
  expect(disposition("attachment", 'a"b\r\nX: 1.log')).toBe(
    `attachment; filename="a_b__X_ 1.log"; filename*=UTF-8''a_b__X_%201.log`,
  )
  expect(disposition("inline", "übersicht (1).png")).toBe(
    `inline; filename="_bersicht (1).png"; filename*=UTF-8''%C3%BCbersicht%20%281%29.png`,
  )
})

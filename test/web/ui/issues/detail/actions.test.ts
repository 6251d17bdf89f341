import { beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { preferencesOf } from "#accounts/users/preferences.ts"
import { testApp } from "../../../../support/app.ts"
import { typical } from "../../../../support/event-kinds.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
} from "../../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../../support/pages.ts"

const app = await testApp()
let shop: GivenProject
let annId = ""
let ann: SignedIn
let bob: SignedIn
let org = ""
let issueId = ""
let made = 0

const page = (rest = "") => `/organizations/${org}/issues/${issueId}/${rest}`
const act = (action: string, more: readonly (readonly [string, string])[] = []) =>
  ann.post(page(), [["action", action], ...more])

async function issueRow() {
  const [row] = await app.sql`select * from issues where id = ${issueId}`
  return row ?? {}
}

async function activities(): Promise<string[]> {
  const rows = await app.sql<{ type: string }[]>`
    select type from issue_activity where issue_id = ${issueId} order by id`
  return rows.map(({ type }) => type)
}

beforeAll(async () => {
  shop = await givenShop(app)
  annId = await givenMember(app, shop, { name: "Ann" })
  ann = await signIn(app, annId)
  bob = await signIn(app, await givenMember(app, shop, { name: "Bob" }))
  const [row] = await app.sql<{ slug: string }[]>`
    select slug from organizations where id = ${shop.organizationId}`
  org = row?.slug ?? ""
})

beforeEach(async () => {
  made += 1
  ;({ issueId } = await givenEvents(app, shop, [typical({ fingerprint: [`actions ${made}`] })]))
})

describe("every action is a form that answers with the page", () => {
  const cases: [string, [string, string][], object, string[]][] = [
    ["resolve", [], { status: 1 }, ["set_resolved"]],
    ["resolve_in_next_release", [], { status: 1 }, ["set_resolved_in_release"]],
    [
      "resolve_in_version",
      [["version", "shop@9.9"]],
      { resolutionType: "in_future_release", resolvedVersion: "shop@9.9" },
      ["set_resolved_in_release"],
    ],
    ["archive_until_escalating", [], { status: 2 }, ["set_ignored"]],
    ["archive_forever", [], { substatus: "archived_forever" }, ["set_ignored"]],
    ["archive_for", [["minutes", "60"]], { status: 2 }, ["set_ignored"]],
    ["archive_until_events", [["count", "5"]], { status: 2 }, ["set_ignored"]],
    ["archive_for?minutes=60", [["minutes", "5"]], { status: 2 }, ["set_ignored"]],
    ["priority", [["priority", "low"]], { priority: 25 }, ["set_priority"]],
    ["review", [], { substatus: "ongoing" }, ["mark_reviewed"]],
  ]
  test.each(cases)("%p", async (action, fields, state, types) => {
    const response = await act(action, fields)
    expect([response.status, response.headers.get("location")]).toEqual([303, page()])
    expect(await issueRow()).toMatchObject(state)
    expect(await activities()).toEqual(types)
  })

  test("assign to me, to a person, to nobody; never to a stranger", async () => {
    await act("assign", [["assignee", "me"]])
    expect(await issueRow()).toMatchObject({ assigneeUserId: annId })
    await act("assign", [["assignee", ""]])
    expect(await issueRow()).toMatchObject({ assigneeUserId: null })
    const elsewhere = await givenMember(app, await givenShop(app), { name: "Eve" })
    const refused = await act("assign", [["assignee", `user:${elsewhere}`]])
    expect(refused.status).toBe(422)
    expect(await issueRow()).toMatchObject({ assigneeUserId: null })
  })

  test("what is refused leads back to the page it was sent from, and to no other site", async () => {
    const from = (referer: string) =>
      ann.post(page(), [["action", "resolve_in_version"]], { referer }).then((r) => r.text())
    const own = `http://sentry.test:9000${page("?query=a")}`
    expect(await from(own)).toContain(`href="${own}">Back</a>`)
    for (const other of ["http://evil.test/", "javascript://sentry.test:9000/%0aalert(1)", "x"]) {
      expect(await from(other)).not.toContain("Back</a>")
    }
  })

  test("archive until a time of one's own zone, and what it waits for stands in a sentence", async () => {
    await app.sql`update users set preferences = preferences || '{"timezone": "Asia/Tokyo"}' where id = ${annId}`
    expect((await act("archive_until", [["until", "2031-07-01T09:30"]])).status).toBe(303)
    expect(await issueRow()).toMatchObject({
      archiveRule: { until: "2031-07-01T00:30:00.000Z" },
    })
    expect(await (await ann.get(page())).text()).toContain(
      "Archived by Ann until 1 Jul 2031, 09:30",
    )
    await app.sql`update users set preferences = preferences - 'timezone' where id = ${annId}`
    for (const until of ["", "2020-01-01T00:00", "2031-02-30T99:00", "tomorrow"]) {
      expect([until, (await act("archive_until", [["until", until]])).status]).toEqual([until, 422])
    }
  })

  test("archive until more events or users come within a window, with what came so far", async () => {
    const fields = [
      ["count", "100"],
      ["window_minutes", "60"],
      ["users", "5"],
      ["user_window_minutes", ""],
    ] as const
    await act("archive_until_events", fields)
    await givenEvents(app, shop, [typical({ fingerprint: [`actions ${made}`] })])
    expect(await (await ann.get(page())).text()).toContain(
      "Archived by Ann until 100 more events in 1 hour (1 so far)",
    )
    await act("archive_until_users", fields)
    expect(await (await ann.get(page())).text()).toContain(
      "Archived by Ann until 5 more users (0 so far)",
    )
    expect(await (await ann.get(page("activity/"))).text()).toContain(
      "Ann archived this until 5 more users.",
    )
  })

  test("bookmark, follow and their opposites", async () => {
    await act("bookmark")
    await act("subscribe")
    expect(await (await ann.get(page())).text()).toContain("Remove the bookmark")
    await act("unbookmark")
    await act("unsubscribe")
    const html = await (await ann.get(page())).text()
    expect(html).toContain('aria-label="Bookmark"')
    expect(html).toContain("Mail me what happens here")
  })

  test("resolving can be undone from its message", async () => {
    await act("resolve")
    await act("unresolve")
    expect(await activities()).toEqual(["set_resolved", "set_unresolved"])
  })

  test("one that is not known changes nothing", async () => {
    expect((await act("explode")).status).toBe(422)
    expect((await act("__proto__")).status).toBe(422)
    expect(await activities()).toEqual([])
  })
})

describe("comments", () => {
  const say = (who: SignedIn, fields: [string, string][]) => who.post(page("activity/"), fields)
  const history = async () => (await ann.get(page("activity/"))).text()

  test("are Markdown without anything that runs or calls elsewhere", async () => {
    const text = [
      "**bold** <script>alert(1)</script> <b onclick=x>b</b>",
      "![pixel](https://evil.test/p.png) [x](javascript:alert(1)) [ok](https://ok.test)",
      '<iframe src="https://evil.test"></iframe><style>*{}</style>',
    ].join("\n\n")
    expect(
      (
        await say(ann, [
          ["action", "comment"],
          ["text", text],
        ])
      ).status,
    ).toBe(303)
    const html = await history()
    const [, comment = ""] = /<div class="comment">([\s\S]*?)<\/div>/.exec(html) ?? []
    expect(comment).toContain("<strong>bold</strong>")
    expect(comment).toContain('href="https://ok.test"')
    expect(comment.match(/<script|<img|<iframe|<style|onclick|href="javascript/g)).toBeNull()
  })

  test("are looked at before they are said, and refused when empty with what was written", async () => {
    const preview = await say(ann, [
      ["action", "preview"],
      ["text", "**soon**"],
    ])
    expect(await preview.text()).toContain("<strong>soon</strong>")
    expect(await activities()).toEqual([])
    expect(
      (
        await say(ann, [
          ["action", "comment"],
          ["text", "  "],
        ])
      ).status,
    ).toBe(422)
  })

  test("are changed and taken back by their author alone", async () => {
    await say(ann, [
      ["action", "comment"],
      ["text", "first"],
    ])
    const [{ id } = { id: "" }] = await app.sql<{ id: string }[]>`
      select id from issue_activity where issue_id = ${issueId}`
    expect(
      (
        await say(bob, [
          ["action", "edit_comment"],
          ["id", id],
          ["text", "x"],
        ])
      ).status,
    ).toBe(404)
    expect(
      (
        await say(bob, [
          ["action", "delete_comment"],
          ["id", id],
        ])
      ).status,
    ).toBe(404)
    await say(ann, [
      ["action", "edit_comment"],
      ["id", id],
      ["text", "second"],
    ])
    const html = await history()
    expect(html).toContain("second")
    expect(html).toContain("(edited)")
    await say(ann, [
      ["action", "delete_comment"],
      ["id", id],
    ])
    expect(await activities()).toEqual([])
    expect(await issueRow()).toMatchObject({ commentCount: 0 })
  })

  test("the history begins with the first event, unless only comments are asked for", async () => {
    expect(await history()).toContain("First seen, in shop@2.14.1.")
    const comments = await (await ann.get(page("activity/?filter=comments"))).text()
    expect(comments).not.toContain("First seen, in")
  })
})

describe("who may what", () => {
  test("another organization's issue is not there, whatever its address says", async () => {
    const other = await givenShop(app)
    const eve = await signIn(app, await givenMember(app, other, { name: "Eve2" }))
    const [row] = await app.sql<{ slug: string }[]>`
      select slug from organizations where id = ${other.organizationId}`
    for (const rest of [
      "",
      "events/",
      "events/latest/",
      "activity/",
      "distributions/",
      "changes/",
    ]) {
      expect((await eve.get(page(rest))).status).toBe(404)
      const through = `/organizations/${row?.slug}/issues/${issueId}/${rest}`
      expect([rest, (await eve.get(through)).status]).toEqual([rest, 404])
    }
    const posted = await eve.post(`/organizations/${row?.slug}/issues/${issueId}/`, [
      ["action", "resolve"],
    ])
    expect(posted.status).toBe(404)
  })

  test("somebody who only pays sees no errors", async () => {
    const payer = await signIn(app, await givenMember(app, shop, { name: "Pay", role: "billing" }))
    for (const rest of ["", "events/", "activity/", "distributions/", "changes/"]) {
      expect([rest, (await payer.get(page(rest))).status]).toEqual([rest, 403])
    }
    expect((await payer.post(page(), [["action", "resolve"]])).status).toBe(403)
  })

  test("how traces are read is kept, and leads back to the event", async () => {
    const event = "a".repeat(32)
    const response = await ann.post(page(), [
      ["action", "trace_view"],
      ["event", event],
      ["query", "level:error"],
      ["view", "raw"],
      ["order", "sideways"],
    ])
    expect(response.headers.get("location")).toBe(
      page(`events/${event}/?query=level%3Aerror#stack-trace`),
    )
    const [row] = await app.sql`select preferences from users where id = ${annId}`
    expect(preferencesOf(row?.preferences)).toMatchObject({
      traceView: "raw",
      frameOrder: "newest",
    })
    const html = await (await ann.get(page())).text()
    expect(html).toContain("Traceback (most recent call last):")
    expect(html).not.toContain('class="frames"')
  })
})

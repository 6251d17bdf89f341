import { beforeAll, describe, expect, test } from "bun:test"
import { gzipSync } from "node:zlib"
import { foldTags } from "#issues/tags/fold.ts"
import { testApp } from "../../../../support/app.ts"
import { eventKinds, typical } from "../../../../support/event-kinds.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
} from "../../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../../support/pages.ts"

const app = await testApp()
let shop: GivenProject
let ann: SignedIn
const issues = new Map<string, string>()

/** The page of a kind's issue, or one below it. */
const pathOf = (kind: string, rest = "") =>
  `/organizations/${org}/issues/${issues.get(kind)}/${rest}`
let org = ""

async function htmlOf(path: string): Promise<string> {
  const response = await ann.get(path)
  expect([path, response.status]).toEqual([path, 200])
  return response.text()
}

beforeAll(async () => {
  shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann" }))
  const [row] = await app.sql<{ slug: string }[]>`
    select slug from organizations where id = ${shop.organizationId}`
  org = row?.slug ?? ""
  for (const [kind, make] of Object.entries(eventKinds)) {
    const event = { fingerprint: ["{{ default }}", kind], ...make() }
    issues.set(kind, (await givenEvents(app, shop, [event])).issueId)
  }
  await foldTags(app.sql, new AbortController().signal)
})

describe.each(Object.keys(eventKinds))("an event of the kind %p", (kind) => {
  test("has its pages, without inline code and unescaped markup, within the budget", async () => {
    for (const rest of ["", "events/latest/", "events/", "activity/", "distributions/"]) {
      const html = await htmlOf(pathOf(kind, rest))
      expect(
        html.match(/<[^>]* style=|<[^>]* on[a-z]+=|<script>|<img|href="javascript:/gi),
      ).toBeNull()
      // Direction overrides and controls are shown as marks.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not arrive
      expect(html.match(/[\u0000\u0007\u001b\u202a-\u202e\u2066-\u2069]/g)).toBeNull()
      expect(gzipSync(html, { level: 5 }).length).toBeLessThan(40 * 1024)
    }
  })

  test("shows at most 60 frames at first", async () => {
    const html = await htmlOf(pathOf(kind))
    expect(html.split('class="frame-where"').length - 1).toBeLessThanOrEqual(62)
  })

  test("is JSON and Markdown too", async () => {
    const json = await ann.get(pathOf(kind, "events/latest/json/?download=1"))
    expect(json.headers.get("content-disposition")).toMatch(
      /^attachment; filename="[0-9a-f]{32}\.json"$/,
    )
    expect(await json.json()).toHaveProperty("event_id")
    const markdown = await ann.get(pathOf(kind, "events/latest/md/"))
    expect(markdown.headers.get("content-type")).toStartWith("text/plain")
  })
})

describe("the page of an event", () => {
  test("says what it did to whom, and what is asked first", async () => {
    const html = await htmlOf(pathOf("typical"))
    expect(html).toMatch(/Started just now in shop@2\.14\.1: 1 event, 1 user affected\./)
    const highlights = html.slice(html.indexOf('id="highlights"'), html.indexOf('id="stack-trace"'))
    for (const fact of [
      "production",
      "shop@2.14.1",
      "/invoices/{id}/",
      "id:42",
      "CPython 3.12.4",
    ]) {
      expect(highlights).toContain(fact)
    }
  })

  test("scrubbed values are marked, the password is nowhere", async () => {
    const html = await htmlOf(pathOf("typical"))
    expect(html).toContain('class="filtered"')
    expect(html).not.toContain("hunter2")
  })

  test("explains why its events are one issue", async () => {
    const html = await htmlOf(pathOf("typical"))
    const [, grouping = ""] = html.split('id="grouping"')
    expect(grouping).toContain("exceptions and stack traces agree")
    expect(grouping).toContain("billing.module_5")
    const [hash] = await app.sql<{ hash: string }[]>`
      select hash from issue_hashes where issue_id = ${issues.get("typical") ?? ""} limit 1`
    expect(grouping).toContain(hash?.hash ?? "no hash")
  })

  test("exception groups are a tree, chains lead both ways", async () => {
    const group = await htmlOf(pathOf("group"))
    const depths = [...group.matchAll(/<li data-depth="(\d)"/g)].map(([, depth]) => depth)
    expect(depths).toEqual(["0", "1", "1", "2", "2"])
    const chain = await htmlOf(pathOf("chained"))
    expect(chain).toContain('href="#exception-3"')
    expect(chain).toContain('href="#exception-1"')
  })

  test("recursion is counted, native frames tell address, image and missing debug file", async () => {
    expect(await htmlOf(pathOf("recursion"))).toContain("called 180 times")
    const native = await htmlOf(pathOf("native"))
    for (const text of ["0x10a2b4000", "no symbols", "494f3aea-88fa", "SIGSEGV / SEGV_MAPERR"]) {
      expect(native).toContain(text)
    }
  })

  test("the rest of many frames is a link away", async () => {
    const [, href = ""] = /href="([^"]*frames=all[^"]*)"/.exec(await htmlOf(pathOf("deep"))) ?? []
    const all = await htmlOf(href.replaceAll("&amp;", "&").split("#")[0] ?? "")
    expect(all.split('class="frame-where"').length - 1).toBeGreaterThan(200)
    expect(all).not.toContain("Show all frames")
  })

  test("without a trace it says how to get one, without anything that there is nothing", async () => {
    expect(await htmlOf(pathOf("without a trace"))).toContain("attach_stacktrace to true")
    expect(await htmlOf(pathOf("empty"))).toContain("without a message, an exception")
  })

  test("an event that is not there keeps the issue's facts, and a bad search widens nothing", async () => {
    const gone = await htmlOf(pathOf("typical", `events/${"0".repeat(32)}/`))
    expect(gone).toContain("This event is gone")
    expect(gone).toContain("Last 30 days")
    expect(await htmlOf(pathOf("typical", "?query=level:warning"))).toContain(
      "No event of this issue matches",
    )
    expect(await htmlOf(pathOf("typical", "events/?query=words"))).toContain("searched by tags")
  })
})

describe("the list of events", () => {
  test("has the tags one asks for as columns, at most four", async () => {
    const html = await htmlOf(
      pathOf(
        "typical",
        `events/?${["region", "url", "os", "runtime", "browser"].map((key) => `column=${key}`).join("&")}`,
      ),
    )
    expect(html.match(/<th scope="col"/g)).toHaveLength(10)
    expect(html).toContain('data-label="region">')
    expect(html).not.toContain('data-label="browser"')
  })

  test("narrows to a time and back", async () => {
    const hour = 3_600_000
    const range = (from: number, to: number) =>
      new URLSearchParams({
        start: new Date(Date.now() + from * hour).toISOString(),
        end: new Date(Date.now() + to * hour).toISOString(),
      })
    expect(await htmlOf(pathOf("typical", `events/?${range(-1, 1)}`))).toContain("All times")
    expect(await htmlOf(pathOf("typical", `events/?${range(-3, -2)}`))).toContain(
      "None of the stored",
    )
    expect(await htmlOf(pathOf("typical", "events/?start=soon&end=99999-01-01"))).not.toContain(
      "All times",
    )
  })
})

test("the pill counts what came since the page was made", async () => {
  const { issueId } = await givenEvents(app, shop, [typical({ fingerprint: ["news"] })])
  const changes = (since: string) =>
    ann.get(`/organizations/${org}/issues/${issueId}/changes/?since=${since}`)
  expect((await changes("1.1")).status).toBe(204)
  await givenEvents(app, shop, [
    typical({ fingerprint: ["news"] }),
    typical({ fingerprint: ["news"] }),
  ])
  expect(await (await changes("1.1")).json()).toEqual({ token: "1.3", news: 2, events: {} })
  expect((await changes("1.3")).status).toBe(204)
  expect((await changes("nonsense")).status).toBe(204)
})

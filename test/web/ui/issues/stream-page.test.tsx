import { expect, test } from "bun:test"
import { defaultPreferences } from "#accounts/users/preferences.ts"
import type { StreamIssue } from "#issues/stream/stream.ts"
import type { StreamData } from "#web/ui/issues/stream/data.ts"
import { StreamPage } from "#web/ui/issues/stream/page.tsx"
import type { StreamRequest } from "#web/ui/issues/stream/request.ts"
import type { Shell } from "#web/ui/shell.ts"

const NOW = new Date("2026-11-24T12:00:00Z")
const organization = {
  organizationId: "1",
  slug: "acme",
  name: "Acme <b>",
  role: "owner",
  memberId: "1",
} as const
const shell: Shell = {
  viewer: {
    user: {
      id: "1",
      email: "ada@acme.test",
      name: "Ada",
      isSuperuser: false,
      isActive: true,
      preferences: defaultPreferences,
      createdAt: NOW,
      lastLoginAt: null,
      lastActiveAt: null,
    },
    memberships: [organization],
  },
  organization,
  csrf: "token",
  appearance: {},
  flash: null,
  now: NOW,
  zone: "Europe/Berlin",
}
const request: StreamRequest = {
  query: "is:unresolved",
  sort: "date",
  period: "14d",
  projects: [],
  environments: [],
  cursor: undefined,
  limit: 25,
}
const project = {
  id: "1",
  slug: "backend",
  name: "Backend",
  platform: "python",
  firstEventAt: NOW,
  changeSeq: "1",
}

const issue = (given: Partial<StreamIssue> = {}): StreamIssue => ({
  id: "7",
  projectId: "1",
  projectSlug: "backend",
  shortId: "88",
  status: "unresolved",
  substatus: "new",
  type: "error",
  level: "error",
  platform: "python",
  title: "TypeError: x is undefined",
  culprit: "app/pay.py in total",
  metadata: { type: "TypeError", value: "x is undefined" },
  priority: "high",
  isUnhandled: true,
  timesSeen: 1302,
  usersSeen: 10_000,
  firstSeen: new Date("2026-10-01T12:00:00Z"),
  lastSeen: new Date("2026-11-24T11:56:00Z"),
  returnedAt: null,
  release: "2.14.1",
  assignee: null,
  commentCount: 2,
  isBookmarked: true,
  ...given,
})

const data = (issues: StreamIssue[], given: Partial<StreamData> = {}): StreamData => ({
  answer: {
    ok: true,
    page: { issues, next: "abc", previous: null, hits: { count: 10_000, isMore: true } },
  },
  series: new Map([["7", [0, 5, 1000]]]),
  projects: [project],
  environments: ["production", ""],
  assignables: [],
  empty: null,
  token: "1.1",
  slow: null,
  reviewCount: null,
  preview: null,
  ...given,
})

const render = async (
  given: StreamData,
  change: Partial<StreamRequest> = {},
  dress: Partial<Shell> = {},
) =>
  String(
    await (
      <StreamPage
        shell={{ ...shell, ...dress }}
        org="acme"
        request={{ ...request, ...change }}
        data={given}
      />
    ),
  )

test("a row says everything there is to know at a glance", async () => {
  const html = await render(data([issue()]))
  for (const text of [
    "TypeError",
    "x is undefined",
    "BACKEND-2R",
    "New",
    "app/pay.py in total",
    "2.14.1",
    "1,005",
  ]) {
    expect(html).toContain(text)
  }
  expect(html).toContain("10k+")
  expect(html).toContain("4m ago")
  expect(html).toContain("24 Nov 2026, 12:56:00.000 CET · 11:56:00.000 UTC")
  expect(html).toContain("unhandled")
  expect(html).toContain("1,302 events in all")
})

test("nothing that an event says becomes markup", async () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
  const html = await render(
    data([
      issue({
        title: hostile,
        culprit: hostile,
        release: hostile,
        metadata: { type: hostile, value: hostile },
      }),
    ]),
    { query: hostile },
  )
  expect(html).not.toContain("<script>alert")
  expect(html).not.toContain("<img")
  expect(html).toContain("&lt;script&gt;")
})

test("control and direction characters are shown, not obeyed", async () => {
  const html = await render(
    data([issue({ metadata: { type: "evil\u202Etxt", value: "a\u0000b\u001b[31m" } })]),
  )
  expect(html).toContain("\\u202e")
  expect(html).toContain("\\x00")
  expect(html).not.toContain("\u202E")
  expect(html).not.toContain("\u0000")
  expect(html).toContain("<bdi>")
})

test("a value of 200 kB does not make a page of 200 kB", async () => {
  const html = await render(data([issue({ metadata: { type: "E", value: "x".repeat(200_000) } })]))
  expect(html.length).toBeLessThan(40_000)
})

test("the page carries no inline style, script or handler", async () => {
  const html = await render(data([issue()]), {}, { flash: { tone: "success", text: "Done" } })
  expect(html).not.toMatch(/\sstyle=|<style|\son[a-z]+=|javascript:|hx-on/)
  expect([...html.matchAll(/<script[^>]*>/g)].every(([tag]) => tag.includes("src="))).toBe(true)
})

test("counts say what they count", async () => {
  expect(await render(data([issue()]), { environments: ["production"] })).toContain(
    "14d · production",
  )
  expect(await render(data([issue()]))).toContain("10k+ issues")
})

test("a query error marks what is meant and lists nothing", async () => {
  const answer = { ok: false, message: "Unknown level 'loud'", at: { from: 3, to: 13 } } as const
  const html = await render(data([], { answer }), { query: "ab level:loud cd" })
  expect(html).toContain("<mark>level:loud</mark>")
  expect(html).toContain('aria-invalid="true"')
  expect(html).not.toContain("data-row")
})

const nothing = (given: Partial<StreamData> = {}) =>
  data([], {
    answer: {
      ok: true,
      page: { issues: [], next: null, previous: null, hits: { count: 0, isMore: false } },
    },
    empty: { lastResolved: null, inAllEnvironments: null, inLongestPeriod: null },
    ...given,
  })

test("a range that took too long says what is shown instead, and leads back to it", async () => {
  const narrowed = await render(data([issue()], { slow: "narrowed" }), { period: "90d" })
  expect(narrowed).toContain("Showing the last 24 h; the full range took too long")
  expect(narrowed).toContain('href="/organizations/acme/issues/?statsPeriod=90d"')
  expect(narrowed).toContain("cursor=abc")
  expect(narrowed).toContain('<option value="24h" selected')
  const gaveUp = await render(nothing({ slow: "gave_up" }))
  expect(gaveUp).toContain("took the database too long, even for the last 24 h")
  expect(gaveUp).not.toContain("Nothing unresolved")
})

test("an empty stream says why, and the one thing to do", async () => {
  expect(await render(nothing({ projects: [] }))).toContain("Create a project")
  const silent = await render(nothing({ projects: [{ ...project, firstEventAt: null }] }))
  expect(silent).toContain("/organizations/acme/projects/backend/getting-started/")
  const lastResolved = {
    id: "9",
    projectSlug: "backend",
    shortId: "88",
    resolvedAt: NOW,
    by: "Ann",
  }
  const done = await render(
    nothing({ empty: { lastResolved, inAllEnvironments: null, inLongestPeriod: 4 } }),
  )
  expect(done).toContain("Nothing unresolved")
  expect(done).toContain("by Ann")
  expect(done).toContain("4 in the last 90 days")
})

test("a query without a match comes apart into removable parts", async () => {
  const empty = { lastResolved: null, inAllEnvironments: 14, inLongestPeriod: null }
  const html = await render(nothing({ empty }), {
    query: "is:new browser:x",
    environments: ["production"],
  })
  expect(html).toContain("query=browser%3Ax&amp;environment=production")
  expect(html).toContain("14 in all environments")
})

import { beforeAll, expect, test } from "bun:test"
import { applyAction } from "#issues/actions/actions.ts"
import { testApp } from "../../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp({ "ingest.sampling.enabled": true })
let shop: GivenProject
let ann: SignedIn
let path = ""
beforeAll(async () => {
  shop = await givenShop(app)
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann" }))
  path = `/organizations/${shop.slug}/issues/`
})

const plain = (message: string) => ({ message, extra: { secretless: "detail" } })
const look = async (address: string) => (await ann.get(address)).text()
const forReview = () => look(`${path}?query=is:for_review`)

test("what is new, or back from the archive, waits for review until somebody says that they looked", async () => {
  const fresh = await givenEvents(app, shop, [plain("fresh trouble")])
  const old = await givenEvents(app, shop, [plain("old trouble")])
  await app.sql`update issues set first_seen = now() - interval '30 days', substatus = 'ongoing' where id = ${old.issueId}`
  expect(await forReview()).not.toContain("old trouble")
  await applyAction(app, {
    issues: [{ projectId: shop.projectId, id: old.issueId }],
    actor: null,
    action: { kind: "archive", how: "until_condition", rule: { untilEvents: 1 } },
  })
  await givenEvents(app, shop, [plain("old trouble")])
  const html = await forReview()
  expect(html).toContain("old trouble")
  expect(html).toMatch(/<svg[^>]*>.{0,80}<\/svg>Back</)
  expect(html).toMatch(/For review<span class="count">2</)
  expect(await look(`${path}${old.issueId}/`)).toContain("Came back from the archive just now")

  await ann.post(path, [
    ["action", "review"],
    ["id", old.issueId],
    ["id", fresh.issueId],
  ])
  expect(await forReview()).not.toContain("trouble</a>")
  expect(await look(path)).not.toContain('For review<span class="count">')
})

test("a sampled issue says so on its list of events and on events without details", async () => {
  const { issueId } = await givenEvents(app, shop, [plain("noisy")])
  // Of the next twelve only number 1,010 is kept whole.
  await app.sql`update issues set times_seen = 1001 where id = ${issueId}`
  const more = Array.from({ length: 12 }, () => plain("noisy"))
  await givenEvents(app, shop, more)
  const list = await look(`${path}${issueId}/events/`)
  expect(list).toContain("its events are sampled: all are counted and listed")
  expect(list).toContain("no details")
  const bare = [
    ...list.matchAll(/events\/([0-9a-f]{32})\/">[0-9a-f]{8}<\/a><span class="muted"> no details/g),
  ]
  expect(bare.length).toBe(11)
  const page = await look(`${path}${issueId}/events/${bare[0]?.[1]}/`)
  expect(page).toContain("of this event only tags and stack trace were kept")
  expect(page).not.toContain("secretless")
  const whole = await look(`${path}${issueId}/events/recommended/`)
  expect(whole).not.toContain("of this event only tags")
  expect(whole).toContain("secretless")
})

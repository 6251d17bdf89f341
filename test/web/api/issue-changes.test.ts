import { beforeAll, beforeEach, expect, test } from "bun:test"
import {
  type ApiClient,
  apiClient,
  givenOrganizationToken,
  givenUserToken,
} from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"

const app = await testApp()

type Issue = {
  id: string
  status: string
  substatus: string | null
  statusDetails: Record<string, unknown>
  assignedTo: object | null
  priority: string
  isBookmarked: boolean
  isSubscribed: boolean
  activity: { type: string; user: { id: string } | null; data: object }[]
}

let shop: GivenProject
let ann: string
let client: ApiClient
let issueId: string
beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
})
beforeEach(async () => {
  const event = zeroDivision({ fingerprint: [crypto.randomUUID()] })
  issueId = (await givenEvents(app, shop, [event])).issueId
})

async function change(body: object, by = client): Promise<Issue> {
  const response = await by.put(`/issues/${issueId}/`, body)
  expect([body, response.status]).toEqual([body, 200])
  return (await response.json()) as Issue
}
async function refusal(body: object): Promise<unknown> {
  const response = await client.put(`/issues/${issueId}/`, body)
  expect([body, response.status]).toEqual([body, 400])
  return response.json()
}

test("a change answers the whole issue as it is afterwards, and its history names who did it", async () => {
  const issue = await change({ status: "resolved" })
  expect(issue).toMatchObject({
    id: issueId,
    status: "resolved",
    substatus: null,
    statusDetails: {},
  })
  expect(issue.activity[0]).toMatchObject({ type: "set_resolved", user: { id: ann }, data: {} })
  expect(Object.keys(issue.activity[0]?.data ?? {})).toEqual([])
  expect((await change({ status: "unresolved" })).status).toBe("unresolved")
})

test("a resolution names the next release, one release, or the latest", async () => {
  expect(
    (await change({ status: "resolved", statusDetails: { inNextRelease: true } })).statusDetails,
  ).toMatchObject({ inNextRelease: true })
  expect((await change({ status: "resolvedInNextRelease" })).status).toBe("resolved")
  for (const inRelease of ["2.14.1", "latest"]) {
    const issue = await change({ status: "resolved", statusDetails: { inRelease } })
    expect(issue.statusDetails).toMatchObject({ inRelease: "2.14.1" })
  }
  expect(await refusal({ status: "resolved", statusDetails: { inRelease: "9.9" } })).toMatchObject({
    statusDetails: ["Unable to find a release with the given version."],
  })
})

test("ignoring archives: for good, until it escalates, for a while, until it happens again", async () => {
  for (const details of [{}, { substatus: "archived_forever" }]) {
    const issue = await change({ status: "ignored", ...details })
    expect([issue.substatus, issue.statusDetails]).toEqual(["archived_forever", {}])
  }
  for (const details of [
    { statusDetails: { untilEscalating: true } },
    { substatus: "archived_until_escalating" },
  ]) {
    const issue = await change({ status: "ignored", ...details })
    expect([issue.substatus, issue.statusDetails]).toEqual(["archived_until_escalating", {}])
  }
  const counted = await change({ status: "ignored", ignoreCount: 10, ignoreWindow: 60 })
  expect(counted).toMatchObject({
    status: "ignored",
    substatus: "archived_until_condition_met",
    statusDetails: {
      ignoreCount: 10,
      ignoreWindow: 60,
      ignoreUserCount: null,
      ignoreUserWindow: null,
      ignoreUntil: null,
      actor: { id: ann, name: "ann", email: "ann@example.test" },
    },
  })
  const users = await change({
    status: "ignored",
    statusDetails: { ignoreUserCount: 5, ignoreUserWindow: 1440 },
  })
  expect(users.statusDetails).toMatchObject({ ignoreUserCount: 5, ignoreUserWindow: 1440 })
  const until = await change({ status: "ignored", ignoreUntil: "2031-01-02T03:04:05" })
  expect(until.statusDetails).toMatchObject({ ignoreUntil: "2031-01-02T03:04:05.000000Z" })
  const snoozed = await change({ status: "muted", statusDetails: { ignoreDuration: 30 } })
  expect(snoozed.statusDetails.ignoreUntil).toMatch(/^\d{4}-.*\.\d{6}Z$/)
  expect((await change({ status: "muted", snoozeDuration: null })).statusDetails).toEqual({})
})

test("an issue is given to a person by id or address, to a team by id or name, and to nobody", async () => {
  const [team] = await app.sql`
    insert into teams (organization_id, slug, name) values (${shop.organizationId}, 'core', 'Core')
    on conflict (organization_id, slug) do update set name = excluded.name returning id`
  const me = { type: "user", id: ann, name: "ann", email: "ann@example.test" }
  const core = { type: "team", id: team?.id, name: "Core" }
  for (const name of [ann, `user:${ann}`, "ann@example.test"]) {
    expect((await change({ assignedTo: name })).assignedTo).toEqual(me)
  }
  for (const name of [`team:${team?.id}`, "#core"]) {
    expect((await change({ assignedTo: name })).assignedTo).toEqual(core)
  }
  expect((await change({ assignedTo: "" })).assignedTo).toBeNull()
  expect((await change({ assignedTo: null })).assignedTo).toBeNull()
})

test("people and teams of other organizations cannot be given an issue", async () => {
  const other = await givenShop(app, `other-${crypto.randomUUID().slice(0, 4)}`)
  const stranger = await givenMember(app, other, { name: "stranger" })
  for (const name of [
    `user:${stranger}`,
    "stranger@example.test",
    "user:9999",
    "team:9999",
    "#no",
  ]) {
    expect(await refusal({ assignedTo: name })).toEqual({
      assignedTo: [expect.stringContaining("no member or team here")],
    })
  }
})

test("priority, bookmark and subscription change; what is unknown is passed over", async () => {
  const issue = await change({
    priority: "low",
    isBookmarked: true,
    isSubscribed: true,
    hasSeen: true,
    statsFor: "n8n",
  })
  expect(issue).toMatchObject({ priority: "low", isBookmarked: true, isSubscribed: true })
  expect(await change({ isBookmarked: false, isSubscribed: false })).toMatchObject({
    isBookmarked: false,
    isSubscribed: false,
  })
  expect((await change({ inbox: false })).substatus).toBe("ongoing")
})

test("a value that makes no sense is refused by the name of its field, and nothing changes", async () => {
  expect(Object.keys((await refusal({ status: "gone" })) as object)).toEqual(["status"])
  expect(Object.keys((await refusal({ priority: 5 })) as object)).toEqual(["priority"])
  expect(Object.keys((await refusal({ status: "ignored", ignoreCount: -1 })) as object)).toEqual([
    "ignoreCount",
  ])
  await refusal({ status: "resolved", assignedTo: "user:9999" })
  const issue = (await (await client.get(`/issues/${issueId}/`)).json()) as Issue
  expect(issue.status).toBe("unresolved")
})

test("an organization's token acts as nobody in particular", async () => {
  const organization = { id: shop.organizationId, slug: "shop" }
  const token = await givenOrganizationToken(app, organization, ["event:write"])
  const issue = await change({ status: "resolved", isBookmarked: true }, apiClient(app, token))
  expect(issue.activity[0]).toMatchObject({ type: "set_resolved", user: null })
  expect(issue.isBookmarked).toBe(false)
})

import { beforeAll, expect, test } from "bun:test"
import { sumOutcomes } from "#stats/outcome-store.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { givenEnvelope } from "../../support/envelopes.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"

const app = await testApp()
const KEY = "0123456789abcdef0123456789abcdef"
let shop: GivenProject
let client: ApiClient
let path: string

beforeAll(async () => {
  shop = await givenShop(app)
  path = `/projects/${shop.slug}/${shop.slug}/user-feedback/`
  await app.sql`
    insert into project_keys (project_id, public_key, secret_key)
    values (${shop.projectId}, ${KEY}, ${KEY})`
  const ann = await givenMember(app, shop, { name: "Ann", role: "owner" })
  client = apiClient(app, await givenUserToken(app, ann))
})

const dsnOf = (projectId: string) => `http://${KEY}@web:9000/${projectId}`
const post = (body: object, headers: Record<string, string> = {}, at = client) =>
  at.send("POST", path, {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  })
const newId = () => crypto.randomUUID().replaceAll("-", "")
const said = (eventId: string, comments = "It broke") => ({
  event_id: eventId,
  name: "Jane",
  email: "jane@acme.test",
  comments,
})

test("a report posted with a token comes back whole, with the issue of its event", async () => {
  const { eventId, issueId } = await givenEvents(app, shop, [zeroDivision()])
  const answer = await post(said(eventId))
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({
    id: expect.stringMatching(/^\d+$/),
    eventID: eventId,
    name: "Jane",
    email: "jane@acme.test",
    comments: "It broke",
    dateCreated: expect.stringMatching(/\.\d{6}Z$/),
    user: null,
    event: { id: eventId, eventID: eventId },
    issue: { id: issueId },
  })
  const again = await post(said(eventId, "It broke twice"))
  expect(await again.json()).toMatchObject({ comments: "It broke twice" })
  const listed = (await (await client.get(`/issues/${issueId}/user-reports/`)).json()) as object[]
  expect(listed).toMatchObject([{ comments: "It broke twice" }])
})

test("with a DSN the answer is empty, and its key counts it", async () => {
  const anybody = apiClient(app, null)
  const eventId = newId()
  const answer = await post(
    said(eventId, "From afar"),
    { authorization: `DSN ${dsnOf(shop.projectId)}` },
    anybody,
  )
  expect([answer.status, await answer.text()]).toEqual([200, ""])
  const outcomes = await sumOutcomes(app.sql, {
    projectId: shop.projectId,
    from: new Date(0),
    to: new Date(Date.now() + 3_600_000),
  })
  expect(outcomes).toMatchObject([
    { category: "error" },
    { category: "feedback", outcome: "accepted", quantity: 3 },
  ])
})

test("a DSN of another project, of no project, or for reading opens nothing", async () => {
  const anybody = apiClient(app, null)
  const other = await givenShop(app)
  for (const dsn of [dsnOf(other.projectId), "http://nonsense", dsnOf("x")]) {
    const answer = await post(said(newId()), { authorization: `DSN ${dsn}` }, anybody)
    expect([dsn, answer.status, await answer.json()]).toEqual([dsn, 401, { detail: "Invalid dsn" }])
  }
  const headers = { authorization: `DSN ${dsnOf(shop.projectId)}` }
  expect((await anybody.get(path, headers)).status).toBe(401)
  expect((await post(said(newId()), {}, anybody)).status).toBe(401)
})

test("a page that may not send events to the project may not send feedback either", async () => {
  await app.sql`
    update projects set settings = '{"allowedDomains":["shop.test"]}' where id = ${shop.projectId}`
  const headers = { authorization: `DSN ${dsnOf(shop.projectId)}` }
  const from = (origin: string) =>
    post(said(newId()), { ...headers, origin }, apiClient(app, null)).then(({ status }) => status)
  expect([await from("https://evil.test"), await from("https://shop.test")]).toEqual([403, 200])
  await app.sql`update projects set settings = '{}' where id = ${shop.projectId}`
})

test("each field that is missing or wrong is named", async () => {
  expect(await (await post({ email: "not one" })).json()).toEqual({
    event_id: ["This field is required."],
    email: ["Enter a valid email address."],
    comments: ["This field is required."],
  })
  const answer = await post({ ...said("zz"), comments: " ", name: "x".repeat(129) })
  expect([answer.status, await answer.json()]).toEqual([
    400,
    {
      event_id: ["Invalid event ID."],
      comments: ["This field may not be blank."],
      name: ["Ensure this field has no more than 128 characters."],
    },
  ])
})

test("feedback on an event that is long over is refused", async () => {
  const eventId = newId()
  await givenEnvelope(app, shop, [["event", zeroDivision()]], {
    eventId,
    receivedAt: Date.now() - 31 * 60_000,
    receivedDay: new Date(Date.now() - 31 * 60_000).toISOString().slice(0, 10),
  })
  const answer = await post(said(eventId))
  expect([answer.status, await answer.json()]).toEqual([
    409,
    { detail: "Feedback for this event cannot be modified." },
  ])
})

test("the list shows what is unresolved, or with an empty status everything", async () => {
  await givenEnvelope(app, shop, [["user_report", said(newId(), "cheap watches")]])
  await app.sql`update feedback set status = 'spam' where message = 'cheap watches'`
  const comments = async (query: string) =>
    ((await (await client.get(path + query)).json()) as { comments: string }[]).map(
      (row) => row.comments,
    )
  expect(await comments("")).not.toContain("cheap watches")
  expect(await comments("?status=")).toContain("cheap watches")
  const wrong = await client.get(`${path}?status=nonsense`)
  expect([wrong.status, await wrong.json()]).toEqual([400, { status: "Invalid status choice" }])
})

test("secrets are taken out of what is posted here, too", async () => {
  const answer = await post(said(newId(), "card 4111 1111 1111 1111"))
  expect(await answer.json()).toMatchObject({ comments: "card [Filtered]" })
})

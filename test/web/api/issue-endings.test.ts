import { beforeAll, beforeEach, expect, test } from "bun:test"
import { followMerge } from "#maintenance/follow-merge.ts"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
const signal = new AbortController().signal
let shop: GivenProject
let client: ApiClient
let reader: ApiClient
let [first, second] = ["", ""]

beforeAll(async () => {
  shop = await givenShop(app)
  const ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
  reader = apiClient(app, await givenUserToken(app, ann, ["event:write"]))
})
beforeEach(async () => {
  const send = async (fingerprint: string) => {
    const event = { platform: "other", logentry: { formatted: "hi" }, fingerprint: [fingerprint] }
    return (await givenEvents(app, shop, [event])).issueId
  }
  first = await send(crypto.randomUUID())
  second = await send(crypto.randomUUID())
})

const list = () => `/organizations/${shop.slug}/issues/`

test("issues are merged by id, and their hashes taken apart", async () => {
  const merged = await client.put(`${list()}?id=${second}&id=${first}`, { merge: 1 })
  expect([merged.status, await merged.json()]).toEqual([
    200,
    { merge: { parent: first, children: [second] } },
  ])
  await followMerge(app, { projectId: shop.projectId, issueId: first }, signal)
  const redirected = (await (await client.get(`/issues/${second}/`)).json()) as {
    id: string
    count: string
  }
  expect(redirected).toMatchObject({ id: first, count: "2" })

  const hashes = (await (await client.get(`/issues/${first}/hashes/`)).json()) as { id: string }[]
  expect(hashes).toMatchObject([{ events: 1 }, { events: 1 }])
  const path = `${list()}${first}/hashes/`
  expect((await client.send("DELETE", `${path}?id=unknown`)).status).toBe(400)
  expect((await client.send("DELETE", `${path}?id=${hashes[1]?.id}`)).status).toBe(202)
  expect(await (await client.get(path)).json()).toHaveLength(1)
})

test("several issues are changed at once, and the answer says what they are now", async () => {
  const both = `${list()}?id=${first}&id=${second}`
  const archived = await client.put(both, { status: "ignored", ignoreCount: 5, priority: "low" })
  expect([archived.status, await archived.json()]).toMatchObject([
    200,
    {
      status: "ignored",
      substatus: "archived_until_condition_met",
      statusDetails: { ignoreCount: 5, actor: { name: "ann" } },
      inbox: null,
      priority: "low",
    },
  ])
  const next = { status: "resolved", statusDetails: { inNextRelease: true } }
  expect(await (await client.put(both, next)).json()).toMatchObject({
    statusDetails: { inNextRelease: true, actor: { name: "ann" } },
  })
  for (const id of [first, second]) {
    expect(await (await client.get(`/issues/${id}/`)).json()).toMatchObject({ status: "resolved" })
  }
  const foreign = await givenShop(app)
  const { issueId } = await givenEvents(app, foreign, [{ logentry: { formatted: "theirs" } }])
  expect((await client.put(`${list()}?id=${issueId}`, { status: "resolved" })).status).toBe(204)
  const [theirs] = await app.sql`select status from issues where id = ${issueId}`
  expect(theirs?.status).toBe(0)
  const missing = await client.put(`/projects/${foreign.slug}/${foreign.slug}/issues/`, next)
  expect(missing.status).toBe(404)
})

test("as sentry-cli asks: a project's issues of a status, or all of them", async () => {
  const ofProject = `/projects/${shop.slug}/${shop.slug}/issues/`
  const statuses = async () => {
    const rows =
      await app.sql`select distinct status from issues where project_id = ${shop.projectId} and status < 3`
    return rows.map(({ status }) => status)
  }
  const mute = { status: "muted", snoozeDuration: null }
  expect((await client.put(`${ofProject}?status=unresolved`, mute)).status).toBe(200)
  expect(await statuses()).not.toContain(0)
  expect((await client.put(`${ofProject}?status=unresolved`, mute)).status).toBe(204)
  expect((await client.put(ofProject, { status: "unresolved" })).status).toBe(200)
  expect(await statuses()).toEqual([0])
  expect((await client.put(`${list()}?query=level:`, mute)).status).toBe(400)
  expect((await client.put(`${list()}?query=is:resolved`, mute)).status).toBe(204)
  expect((await client.put(`${list()}?id=x`, mute)).status).toBe(204)
})

test("issues of several projects are not resolved in one release", async () => {
  const [other] = await app.sql<{ id: string }[]>`
    insert into projects (organization_id, slug, name) values (${shop.organizationId}, 'second', 'second') returning id`
  const place = { ...shop, projectId: other!.id, slug: "second" }
  const { issueId } = await givenEvents(app, place, [{ logentry: { formatted: "there" } }])
  const path = `${list()}?id=${first}&id=${issueId}`
  const refused = await client.put(path, { status: "resolvedInNextRelease" })
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { detail: "Cannot set resolved in next release for multiple projects." },
  ])
  expect((await client.put(path, { status: "resolved" })).status).toBe(200)
})

test("more than a thousand issues are changed in one request, once each", async () => {
  await app.sql`
    insert into issues (project_id, organization_id, short_id, type, level, platform, title, first_seen, last_seen, active_at,
      first_received_day, last_received_day)
    select ${shop.projectId}, ${shop.organizationId}, 100000 + n, 'error', 40, 'other', 'many', now(), now(), now(), current_date, current_date
    from generate_series(1, 1200) n`
  const path = `${list()}?query=title:many%20is:unresolved`
  for (const left of [200, 0]) {
    expect((await client.put(path, { status: "resolved" })).status).toBe(200)
    const [row] = await app.sql`
      select count(*)::int as n from issues where project_id = ${shop.projectId} and title = 'many' and status = 0`
    expect(row?.n).toBe(left)
  }
  const [told] = await app.sql`
    select count(*)::int as n from issue_activity a join issues i on i.project_id = a.project_id and i.id = a.issue_id
    where i.project_id = ${shop.projectId} and i.title = 'many' and a.type = 'set_resolved'`
  expect(told?.n).toBe(1200)
})

test("without ids nothing is merged or deleted", async () => {
  for (const query of ["", "?query=is:unresolved", "?id=abc"]) {
    expect((await client.put(`${list()}${query}`, { merge: 1 })).status).toBe(400)
    expect((await client.send("DELETE", `${list()}${query}`)).status).toBe(400)
  }
  expect((await client.put(`${list()}?id=${first}`, { merge: 1 })).status).toBe(400)
})

test("issues are deleted one by one and several at once, by whoever has the right", async () => {
  expect((await reader.send("DELETE", `/issues/${first}/`)).status).toBe(403)
  expect((await reader.put(`${list()}?id=${first}`, { discard: true })).status).toBe(403)
  expect((await client.send("DELETE", `/issues/${first}/`)).status).toBe(202)
  expect((await client.get(`/issues/${first}/`)).status).toBe(404)
  expect((await client.send("DELETE", `${list()}?id=${second}`)).status).toBe(204)
  expect((await client.get(`/issues/${second}/`)).status).toBe(404)
})

test("a discarded issue leaves a tombstone", async () => {
  expect((await client.put(`${list()}?id=${first}`, { discard: true })).status).toBe(204)
  const [hash] = await app.sql`
    select is_discarded from issue_hashes where project_id = ${shop.projectId} and tombstone_id is not null`
  expect(hash).toEqual({ isDiscarded: true })
})

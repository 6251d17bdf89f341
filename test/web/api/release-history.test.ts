import { beforeAll, expect, test } from "bun:test"
import { listActivity } from "#issues/activity/store.ts"
import { findIssueDetail, findViewerState } from "#issues/detail-store.ts"
import { formatShortId } from "#issues/short-id.ts"
import {
  type ApiClient,
  apiClient,
  givenOrganizationToken,
  givenUserToken,
} from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
let shop: GivenProject
let client: ApiClient
/** With a token of her own. */
let person: ApiClient
let ann: string

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await givenMember(app, shop, { name: "ann" })
  await givenShop(app, "foreign")
  const tokenOf = (project: GivenProject) =>
    givenOrganizationToken(app, { id: project.organizationId, slug: project.slug }, ["org:ci"])
  client = apiClient(app, await tokenOf(shop))
  person = apiClient(app, await givenUserToken(app, ann, ["project:releases"]))
})

const LIST = "/organizations/shop/releases/"
const post = (path: string, body: object) =>
  client.send("POST", path, { body: JSON.stringify(body) })
const json = async (response: Response | Promise<Response>) =>
  (await (await response).json()) as never
const make = (version: string, more: object = {}) =>
  post(LIST, { version, projects: ["shop"], ...more })

const sha = (name: string) => new Bun.CryptoHasher("sha1").update(name).digest("hex")
const commit = (name: string, more: object = {}) => ({
  id: sha(name),
  repository: "acme/shop",
  author_name: "Ann",
  author_email: "Ann@example.test",
  timestamp: "2026-11-20T10:00:00+01:00",
  message: name,
  patch_set: [{ path: "src/shop.py", type: "M" }],
  ...more,
})
const setCommits = (version: string, commits: object[]) =>
  client.put(`${LIST}${version}/`, { commits })

/** An issue of its own; returns its id and how people call it. */
async function givenIssue(name: string) {
  const { issueId } = await givenEvents(app, shop, [
    { platform: "python", fingerprint: [name], logentry: { formatted: name } },
  ])
  const { shortId } = await detail(issueId)
  return { id: issueId, shortId: formatShortId("shop", shortId) }
}
const detail = async (id: string) =>
  (await findIssueDetail(app.sql, shop.organizationId, id))!.issue
const activity = async (id: string) =>
  (await listActivity(app.sql, { projectId: shop.projectId, id }, { limit: 1 }))[0]

test("a release's commits are replaced as told, newest first, with authors and repositories", async () => {
  await make("1.0")
  await setCommits("1.0", [commit("gone")])
  const answer = await setCommits("1.0", [
    commit("old", { timestamp: "2026-11-18T10:00:00Z", author_email: null, author_name: "Bo B." }),
    commit("new", { message: "new\u0000", patch_set: null }),
  ])
  expect(await json(answer)).toMatchObject({
    commitCount: 2,
    lastCommit: { id: sha("new"), message: "new" },
    authors: [
      { name: "Ann", email: "ann@example.test" },
      { name: "Bo B.", email: "bob.@localhost" },
    ],
  })
  expect(await json(client.get(`${LIST}1.0/commits/`))).toMatchObject([
    { id: sha("new"), repository: { name: "acme/shop" }, author: { email: "ann@example.test" } },
    { id: sha("old"), dateCreated: "2026-11-18T10:00:00.000000Z", pullRequest: null },
  ])
  expect(await json(client.get("/organizations/shop/repos/?query=SHOP"))).toMatchObject([
    { name: "acme/shop", externalSlug: "acme/shop", provider: { id: "unknown" }, status: "active" },
  ])
  expect((await client.put(`${LIST}1.0/`, { refs: [] })).status).toBe(200)
  expect(await json(client.get(`${LIST}1.0/commits/`))).toEqual([] as never)
})

test("refs are of repositories that are known", async () => {
  await make("1.1")
  await setCommits("1.1", [commit("head")])
  const refs = (repository: string) =>
    client.put(`${LIST}1.1/`, { refs: [{ repository, commit: "abc", previousCommit: null }] })
  expect((await refs("acme/shop")).status).toBe(200)
  const refused = await refs("acme/none")
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { refs: ["Invalid repository names: acme/none"] },
  ])
})

test("a message resolves issues at once, in the release that has the commit", async () => {
  const [one, two, other] = [
    await givenIssue("one"),
    await givenIssue("two"),
    await givenIssue("x"),
  ]
  await make("2.0")
  const message = `Fixes ${one.shortId}, ${two.shortId.toLowerCase()}. Refs ${other.shortId}`
  await setCommits("2.0", [commit("fix", { message })])
  for (const { id } of [one, two]) {
    expect(await detail(id)).toMatchObject({
      status: 1,
      resolutionType: "in_release",
      resolvedRelease: "2.0",
      resolvedByName: "ann",
    })
  }
  expect((await detail(other.id)).status).toBe(0)
  expect(await activity(one.id)).toMatchObject({
    type: "set_resolved_in_commit",
    userId: ann,
    data: { commit: sha("fix"), version: "2.0" },
  })
  const state = await findViewerState(app.sql, { projectId: shop.projectId, id: one.id }, ann)
  expect(state.isSubscribed).toBe(true)
})

test("what a message does not say any more is taken back", async () => {
  const issue = await givenIssue("taken back")
  await make("2.1")
  await setCommits("2.1", [commit("reworded", { message: `Closes: ${issue.shortId}` })])
  await app.sql`update issues set resolution_type = 'in_commit', resolved_release_id = null where id = ${issue.id}`
  await setCommits("2.1", [commit("reworded", { message: "Tidy up" })])
  expect((await detail(issue.id)).status).toBe(0)
})

test("a released fix that is taken back leaves its issue open, unless another commit fixes it as well", async () => {
  const [alone, both] = [await givenIssue("alone"), await givenIssue("both")]
  await make("2.2")
  const message = `Fixes ${alone.shortId}, ${both.shortId}`
  const second = commit("second fix", { message: `Fixes ${both.shortId}` })
  await setCommits("2.2", [commit("first fix", { message }), second])
  await setCommits("2.2", [commit("first fix", { message: "Tidy up" }), second])
  expect((await detail(alone.id)).status).toBe(0)
  expect((await detail(both.id)).status).toBe(1)
})

test("what is open again is resolved by the next release with the commit, and its history says so", async () => {
  const issue = await givenIssue("again")
  await make("2.3")
  const fix = commit("fix again", { message: `Fixes ${issue.shortId}` })
  await setCommits("2.3", [fix])
  await app.sql`update issues set status = 0, substatus = 'escalating', priority = 75, level = 20 where id = ${issue.id}`
  await make("2.4")
  await setCommits("2.4", [fix])
  expect(await detail(issue.id)).toMatchObject({ status: 1, resolvedRelease: "2.4", priority: 25 })
  expect(await activity(issue.id)).toMatchObject({
    type: "set_resolved_in_release",
    data: { version: "2.4" },
  })
})

test("an issue resolved in a commit is resolved in the release that gets it, once", async () => {
  const issue = await givenIssue("in a commit")
  await make("3.0")
  await setCommits("3.0", [commit("known")])
  await setCommits("3.0", [])
  const token = await givenUserToken(app, ann)
  const answer = await apiClient(app, token).put(`/issues/${issue.id}/`, {
    status: "resolved",
    statusDetails: { inCommit: { commit: sha("known"), repository: "acme/shop" } },
  })
  expect(await json(answer)).toMatchObject({ statusDetails: { inCommit: { id: sha("known") } } })
  expect((await detail(issue.id)).resolutionType).toBe("in_commit")
  await make("3.1")
  await setCommits("3.1", [commit("known")])
  expect(await detail(issue.id)).toMatchObject({
    resolutionType: "in_release",
    resolvedRelease: "3.1",
  })
  await givenEvents(app, shop, [
    {
      platform: "python",
      release: "3.1",
      fingerprint: ["in a commit"],
      logentry: { formatted: "in a commit" },
    },
  ])
  expect((await detail(issue.id)).substatus).toBe("regressed")
  await setCommits("3.1", [commit("known")])
  expect((await detail(issue.id)).status).toBe(0)
})

test("the release before with commits may be the release itself", async () => {
  const path = (version: string) => `${LIST}${version}/previous-with-commits/`
  await make("0.1", { dateReleased: "2020-01-01T00:00:00Z" })
  expect(await json(client.get(path("0.1")))).toEqual({} as never)
  await setCommits("0.1", [commit("first")])
  await make("0.2", { dateReleased: "2020-01-02T00:00:00Z" })
  expect(await json(client.get(path("0.1")))).toMatchObject({ version: "0.1" })
  expect(await json(client.get(path("0.2")))).toMatchObject({
    version: "0.1",
    lastCommit: { id: sha("first") },
  })
})

test("a deploy tells where a release runs, and its environment is there from then on", async () => {
  await make("4.0")
  const made = await post(`${LIST}4.0/deploys/`, { environment: "canary", name: "blue" })
  expect(made.status).toBe(201)
  expect(await json(made)).toMatchObject({
    environment: "canary",
    name: "blue",
    url: null,
    dateStarted: null,
    dateFinished: expect.stringMatching(/Z$/),
  })
  expect(await json(client.get(`${LIST}4.0/`))).toMatchObject({
    deployCount: 1,
    lastDeploy: { environment: "canary" },
  })
  expect(await json(client.get(`/projects/shop/shop/releases/4.0/deploys/`))).toHaveLength(1)
  expect(await json(client.get(`${LIST}?environment=canary`))).toMatchObject([{ version: "4.0" }])
  const [row] = await app.sql`
    select from environments where project_id = ${shop.projectId} and name = 'canary'`
  expect(row).toBeDefined()
  const refused = await post(`${LIST}4.0/deploys/`, {})
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { environment: ["This field is required."] },
  ])
})

test("an archived release is listed only when asked for", async () => {
  await make("5.0-archived")
  expect((await make("5.0-archived", { status: "archived" })).status).toBe(208)
  const versions = async (query: string) =>
    ((await json(client.get(`${LIST}?query=5.0-arch${query}`))) as { version: string }[]).map(
      ({ version }) => version,
    )
  expect(await versions("")).toEqual([])
  expect(await versions("&status=archived")).toEqual(["5.0-archived"])
  expect(await versions("&status=")).toEqual(["5.0-archived"])
  await make("5.0-archived", { status: "open" })
  expect(await versions("")).toEqual(["5.0-archived"])
})

test("versions are sorted as versions when asked", async () => {
  for (const version of ["till@1.9", "till@1.10", "till@1.10-rc"]) await make(version)
  const found = (await json(client.get(`${LIST}?query=till@&sort=semver`))) as { version: string }[]
  expect(found.map(({ version }) => version)).toEqual(["till@1.10", "till@1.10-rc", "till@1.9"])
  const refused = await client.get(`${LIST}?sort=colour`)
  expect([refused.status, await refused.json()]).toEqual([400, { detail: "invalid sort" }])
})

test("a release is deleted unless issues refer to it, not by a build's token", async () => {
  await make("6.0")
  expect((await client.send("DELETE", `${LIST}6.0/`)).status).toBe(403)
  expect((await person.send("DELETE", "/organizations/foreign/releases/6.0/")).status).toBe(404)
  expect((await person.send("DELETE", `${LIST}6.0/`)).status).toBe(204)
  expect((await person.send("DELETE", `${LIST}6.0/`)).status).toBe(404)
  await givenEvents(app, shop, [{ release: "6.1", logentry: { formatted: "of 6.1" } }])
  const refused = await person.send("DELETE", `${LIST}6.1/`)
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { detail: "This release is referenced by active issues and cannot be removed." },
  ])
})

test("an event of a release that was deleted makes it anew", async () => {
  const send = () => givenEvents(app, shop, [{ logentry: { formatted: "of 6.1" } }])
  await make("6.2")
  await send()
  expect((await person.send("DELETE", `${LIST}6.2/`)).status).toBe(204)
  await givenEvents(app, shop, [{ release: "6.2", logentry: { formatted: "of 6.1" } }])
  expect((await client.get(`${LIST}6.2/`)).status).toBe(200)
})

test("bytes that no text can hold are taken out or not found, never a fault", async () => {
  const made = await make("7.0", { ref: "a\u0000b", url: "https://x.test/\u0000" })
  expect(await json(made)).toMatchObject({ ref: "ab" })
  const deployed = await post(`${LIST}7.0/deploys/`, { environment: "a\u0000b", name: "\ud800x" })
  expect(await json(deployed)).toMatchObject({ environment: "ab", name: "\ufffdx" })
  expect((await client.get(`${LIST}7.0%00/`)).status).toBe(404)
  expect((await client.get(`${LIST}?query=7.0%00&environment=a%00`)).status).toBe(200)
})

test("versions are searched as versions", async () => {
  for (const version of ["find@1.0.0", "find@2.0.0+7", "find@2.1.0"]) await make(version)
  const found = async (query: string) =>
    ((await json(client.get(`${LIST}?query=${query}`))) as { version: string }[])
      .map(({ version }) => version)
      .filter((version) => version.startsWith("find"))
      .sort()
  expect(await found("release.version:%3E1.0.0%20find")).toEqual(["find@2.0.0+7", "find@2.1.0"])
  expect(await found("release.version:2.0.0")).toEqual(["find@2.0.0+7"])
  expect(await found("release.package:find%20release.build:7")).toEqual(["find@2.0.0+7"])
  expect((await client.get(`${LIST}?query=release.version:soon`)).status).toBe(400)
})

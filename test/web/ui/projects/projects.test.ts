import { beforeEach, expect, test } from "bun:test"
import type { Organization } from "#accounts/organizations/store.ts"
import { listKeyAccess } from "#projects/key-access-store.ts"
import { PLATFORMS } from "#projects/platforms.ts"
import { getProject } from "#projects/store.ts"
import { testApp } from "../../../support/app.ts"
import { givenEvents, zeroDivision } from "../../../support/issues.ts"
import { givenDays } from "../../../support/occurrences.ts"
import { givenMember, givenOrganization, signedIn } from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
let organization: Organization
let owner: Visitor
let projects = ""

beforeEach(async () => {
  organization = await givenOrganization(app)
  owner = await signedIn(app, await givenMember(app, organization, "owner"))
  projects = `/organizations/${organization.slug}/projects/`
})

const create = (fields: Record<string, string> = {}) =>
  owner.post(`${projects}new/`, {
    name: "Back End",
    slug: "",
    platform: "python",
    team: organization.slug,
    ...fields,
  })

test("a project is made with a key, and its guide shows the DSN", async () => {
  const made = await create()
  expect(made.headers.get("location")).toBe(`${projects}back-end/getting-started/`)
  const html = await (await owner.get(`${projects}back-end/getting-started/`)).text()
  const key = /http:\/\/([0-9a-f]{32})@sentry\.test:9000\/\d+/.exec(html)?.[1] ?? ""
  expect(html).toContain("pip install")
  expect(html).toContain("Waiting for the first event")
  expect((await listKeyAccess(app.sql, [key])).length).toBe(1)
})

test("a slug that is taken, reserved or odd is refused and the form kept", async () => {
  await create({ slug: "taken" })
  for (const slug of ["taken", "new", "Nö", "7"]) {
    const response = await create({ slug, name: "Kept <name>" })
    expect([slug, response.status]).toEqual([slug, 422])
    expect(await response.text()).toContain('value="Kept &lt;name&gt;"')
  }
})

test("every platform has a page that says how", async () => {
  await create()
  for (const { id } of PLATFORMS) {
    const response = await owner.get(`${projects}back-end/getting-started/?platform=${id}`)
    const html = await response.text()
    expect([id, response.status]).toEqual([id, 200])
    expect(html).toContain("curl -sS")
    if (id !== "other") expect(html).toContain("2. Start it")
  }
})

test("the list tells events, unresolved issues and who waits; the first event is announced", async () => {
  await create()
  await create({ slug: "quiet" })
  const project = await getProject(app.sql, organization.id, "back-end")
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  const shop = { organizationId: organization.id, projectId: project.id, slug: project.slug }
  const { issueId } = await givenEvents(app, shop, [zeroDivision(), zeroDivision()])
  const html = await (await owner.get(projects)).text()
  expect(html).toContain("2 events in 24 h")
  expect(html).toContain("Waiting for the first event")
  const guide = await owner.get(`${projects}back-end/getting-started/?part=first-event`)
  const part = await guide.text()
  expect(part).toContain("ZeroDivisionError")
  expect(part).toContain(`/organizations/${organization.slug}/issues/${issueId}/`)
  const overview = await (await owner.get(`${projects}back-end/`)).text()
  expect(overview).toContain("ZeroDivisionError")
})

test("the list is sorted by name, or by the numbers of the last day", async () => {
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  for (const [slug, issues, events] of [
    ["aa", 1, 5],
    ["bb", 3, 1],
    ["cc", 0, 0],
  ] as const) {
    const [row] = await app.sql<{ id: string }[]>`
      insert into projects (organization_id, slug, name) values (${organization.id}, ${slug}, ${slug}) returning id`
    const project = { organizationId: organization.id, projectId: row!.id, slug }
    for (let n = 0; n < issues; n++) {
      const event = { platform: "other", fingerprint: [`${n}`], logentry: { formatted: "x" } }
      await givenEvents(app, project, Array(events).fill(event))
    }
  }
  const order = async (sort: string) => {
    const html = await (await owner.get(`${projects}?sort=${sort}`)).text()
    return [...html.matchAll(/<bdi>(aa|bb|cc)<\/bdi>/g)].map(([, slug]) => slug)
  }
  expect(await order("name")).toEqual(["aa", "bb", "cc"])
  expect(await order("events")).toEqual(["aa", "bb", "cc"])
  expect(await order("new")).toEqual(["bb", "aa", "cc"])
  expect(await order("nonsense")).toEqual(["aa", "bb", "cc"])
})

test("waiting in vain says what arrived", async () => {
  await create()
  const path = `${projects}back-end/getting-started/?late=1`
  expect(await (await owner.get(path)).text()).toContain("Nothing has reached this server")
})

test("a member who may not make projects is told whom to ask", async () => {
  const member = await signedIn(app, await givenMember(app, organization, "member"))
  const html = await (await member.get(projects)).text()
  expect(html).toContain("You may not make one. Ask person")
})

test("settings are kept, lists one a line, and wrong ones are refused", async () => {
  await create()
  const path = `/settings/${organization.slug}/projects/back-end/`
  const fields = {
    name: "Back",
    slug: "back",
    platform: "go",
    allowedDomains: "example.com\n*.example.com",
    resolveAgeHours: "48",
    minimalMail: "on",
  }
  const refused = await owner.post(path, { ...fields, resolveAgeHours: "-1" })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain("whole number of hours")
  expect((await owner.post(path, fields)).headers.get("location")).toBe(
    `/settings/${organization.slug}/projects/back/`,
  )
  const { settings, platform } = await getProject(app.sql, organization.id, "back")
  expect(platform).toBe("go")
  expect(settings).toMatchObject({
    allowedDomains: ["example.com", "*.example.com"],
    resolveAgeHours: 48,
    minimalMail: true,
    scrubData: true,
  })
})

test("a key is made, limited, switched off, rotated and deleted", async () => {
  await create()
  const keys = `/settings/${organization.slug}/projects/back-end/keys/`
  await owner.post(keys, { name: "Second" })
  const [, second] = await app.sql<{ publicKey: string }[]>`
    select public_key from project_keys k join projects p on p.id = k.project_id
    where p.organization_id = ${organization.id} order by k.id`
  const publicKey = second?.publicKey ?? ""
  const path = `${keys}${publicKey}/`
  const save = { action: "save", name: "Second", isActive: "on", count: "100", seconds: "" }
  expect((await owner.post(path, { ...save, count: "0" })).status).toBe(422)
  expect((await owner.post(path, save)).status).toBe(303)
  expect((await listKeyAccess(app.sql, [publicKey]))[0]).toMatchObject({
    rateLimitCount: 100,
    rateLimitWindowSeconds: 60,
  })
  const rotated = await owner.post(path, { action: "rotate" })
  const successor = rotated.headers.get("location")?.split("/").at(-2) ?? ""
  expect((await listKeyAccess(app.sql, [publicKey, successor])).length).toBe(2)
  await owner.post(path, { action: "save", name: "Second" })
  expect((await listKeyAccess(app.sql, [publicKey])).length).toBe(0)
  expect((await owner.post(path, { action: "delete", confirm: "x" })).status).toBe(422)
  expect((await owner.post(path, { action: "delete", confirm: publicKey })).status).toBe(303)
  expect((await owner.get(path)).status).toBe(404)
})

test("a key of another project of the same organization is not reached through this one", async () => {
  await create()
  await create({ slug: "other" })
  const [key] = await app.sql<{ publicKey: string }[]>`
    select public_key from project_keys k join projects p on p.id = k.project_id
    where p.organization_id = ${organization.id} and p.slug = 'other'`
  const path = `/settings/${organization.slug}/projects/back-end/keys/${key?.publicKey}/`
  expect((await owner.get(path)).status).toBe(404)
  expect((await owner.post(path, { action: "rotate" })).status).toBe(404)
})

test("a deleted project is gone at once, its key refused, its slug free, and a task is on its way", async () => {
  await create()
  const { id } = await getProject(app.sql, organization.id, "back-end")
  const [key] = await app.sql<{ publicKey: string }[]>`
    select public_key from project_keys where project_id = ${id}`
  const path = `/settings/${organization.slug}/projects/back-end/danger/`
  expect((await owner.post(path, { action: "delete", confirm: "no" })).status).toBe(422)
  expect((await owner.post(path, { action: "delete", confirm: "back-end" })).status).toBe(303)
  expect((await owner.get(`${projects}back-end/`)).status).toBe(404)
  expect((await listKeyAccess(app.sql, [key?.publicKey ?? ""])).length).toBe(0)
  const tasks = await app.sql`select data from pgboss.job where name = 'delete-project'`
  expect(tasks.map((row) => row.data)).toContainEqual({ projectId: id })
  expect((await create()).status).toBe(303)
})

import { beforeEach, expect, test } from "bun:test"
import { useToken } from "#accounts/tokens/tokens.ts"
import type { User } from "#accounts/users/user.ts"
import { testApp } from "../../../support/app.ts"
import {
  givenMember,
  givenOrganization,
  givenUser,
  givenUserToken,
  PASSWORD,
  signedIn,
} from "../../../support/people.ts"
import type { Visitor } from "../../../support/visitor.ts"

const app = await testApp()
const NEXT = "a lantern for the long walk"
let ann: User & { memberId: string }
let visitor: Visitor
beforeEach(async () => {
  ann = await givenMember(app, await givenOrganization(app), "member")
  visitor = await signedIn(app, ann)
})

test("preferences are kept and shown; nonsense falls back", async () => {
  const path = "/settings/account/details/"
  await visitor.post(path, {
    action: "preferences",
    theme: "dark",
    density: "tiny",
    timezone: "Asia/Kathmandu",
    frameOrder: "oldest",
  })
  const html = await (await visitor.get(path)).text()
  expect(html).toContain('data-theme="dark"')
  expect(html).toContain('data-density="comfortable"')
  expect(html).toContain('<option value="Asia/Kathmandu" selected="">')
  expect(html).toContain('data-shortcuts="off"')
})

test("a new password needs the current one, and ends the other sessions but not this", async () => {
  const other = await signedIn(app, ann)
  const path = "/settings/account/security/"
  const wrong = await visitor.post(path, { action: "password", current: "no", password: NEXT })
  expect(wrong.status).toBe(422)
  expect(await wrong.text()).toContain("not your current password")
  const done = await visitor.post(path, { action: "password", current: PASSWORD, password: NEXT })
  expect(done.status).toBe(303)
  expect((await visitor.get(path)).status).toBe(200)
  expect((await other.get(path)).status).toBe(302)
})

test("a new password is told by mail and leaves API tokens alone, unless they are to go", async () => {
  const path = "/settings/account/security/"
  const token = await givenUserToken(app, ann)
  expect(await (await visitor.get(path)).text()).toContain("Also revoke my personal API token")
  const change = (current: string, password: string, more = {}) =>
    visitor.post(path, { action: "password", current, password, ...more })
  await change("wrong", NEXT, { revokeTokens: "on" })
  await change(PASSWORD, NEXT)
  expect(await useToken(app, token)).not.toBeNull()
  await change(NEXT, PASSWORD, { revokeTokens: "on" })
  expect(await useToken(app, token)).toBeNull()
  const mails = await app.sql`
    select 1 from mail_deliveries where kind = 'password' and recipient = ${ann.email}`
  expect(mails).toHaveLength(2)
})

test("a session can be ended from another, but not somebody else's", async () => {
  const path = "/settings/account/security/"
  const other = await signedIn(app, ann)
  const page = await (await visitor.get(path)).text()
  const id = /name="session" value="([0-9a-f]+)"/.exec(page)?.[1] ?? ""
  const bob = await signedIn(app, await givenUser(app))
  await bob.post(path, { action: "end-session", session: id })
  expect((await other.get(path)).status).toBe(200)
  await visitor.post(path, { action: "end-session", session: id })
  expect((await other.get(path)).status).toBe(302)
})

test("a token is shown once, works, and is gone when revoked", async () => {
  const path = "/settings/account/api/auth-tokens/"
  const made = await visitor.post(path, {
    action: "create",
    name: "script",
    scopes: ["org:read", "event:read"],
    days: "30",
  })
  const token = /sntryu_[0-9a-f]{64}/.exec(await made.text())?.[0] ?? ""
  expect(await useToken(app, token)).toMatchObject({
    userId: ann.id,
    scopes: ["org:read", "event:read"],
  })
  const html = await (await visitor.get(path)).text()
  expect(html).not.toContain(token)
  expect(html).toContain(`…${token.slice(-4)}`)
  const id = /name="token" value="(\d+)"/.exec(html)?.[1] ?? ""
  const bob = await signedIn(app, await givenUser(app))
  await bob.post(path, { action: "revoke", token: id })
  expect(await useToken(app, token)).not.toBeNull()
  await visitor.post(path, { action: "revoke", token: id })
  expect(await useToken(app, token)).toBeNull()
})

test("a token without name or with an unknown scope is refused and the form kept", async () => {
  const path = "/settings/account/api/auth-tokens/"
  const nameless = await visitor.post(path, { action: "create", scopes: ["org:read"] })
  expect(nameless.status).toBe(422)
  const unknown = await visitor.post(path, { action: "create", name: "mine", scopes: ["root"] })
  expect(unknown.status).toBe(422)
  expect(await unknown.text()).toContain('value="mine"')
})

test("closing the account needs the password, and is refused to a last owner", async () => {
  const path = "/settings/account/close-account/"
  expect((await visitor.post(path, { current: "wrong" })).status).toBe(422)
  const organization = await givenOrganization(app, "lonely")
  const boss = await givenMember(app, organization, "owner")
  const owner = await signedIn(app, boss)
  const refused = await owner.post(path, { current: PASSWORD })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain("last owner of lonely")
  expect((await visitor.post(path, { current: PASSWORD })).status).toBe(303)
  expect((await app.sql`select 1 from users where id = ${ann.id}`).length).toBe(0)
})

test("of two owners who close their accounts at once, one stays", async () => {
  for (let round = 0; round < 5; round++) {
    const organization = await givenOrganization(app)
    const owners = [
      await givenMember(app, organization, "owner"),
      await givenMember(app, organization, "owner"),
    ]
    const visitors = await Promise.all(owners.map((owner) => signedIn(app, owner)))
    const form = { current: PASSWORD }
    const answers = await Promise.all(
      visitors.map((each) => each.post("/settings/account/close-account/", form)),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422])
  }
})

test("muting counts only for projects one may see", async () => {
  const { organizationId } = (
    await app.sql`
    select organization_id from org_members where user_id = ${ann.id}`
  )[0] as {
    organizationId: string
  }
  const foreign = await givenOrganization(app)
  const rows = await app.sql<{ id: string; slug: string }[]>`
    insert into projects (organization_id, slug, name)
    values (${organizationId}, 'mine', 'Mine'), (${foreign.id}, 'foreign', 'Foreign')
    returning id, slug`
  const path = "/settings/account/notifications/"
  await visitor.post(path, {})
  const muted = await app.sql`select project_id from project_mutes where user_id = ${ann.id}`
  const mine = rows.find((row) => row.slug === "mine")?.id ?? ""
  expect(muted.map((row) => row.projectId)).toEqual([mine])
  await visitor.post(path, { project: rows.map((row) => row.id) })
  expect((await app.sql`select 1 from project_mutes where user_id = ${ann.id}`).length).toBe(0)
})

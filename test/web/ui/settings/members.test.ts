import { beforeEach, expect, test } from "bun:test"
import type { Organization } from "#accounts/organizations/store.ts"
import type { User } from "#accounts/users/user.ts"
import { testApp } from "../../../support/app.ts"
import {
  givenMember,
  givenOrganization,
  givenUser,
  PASSWORD,
  signedIn,
} from "../../../support/people.ts"
import { type Visitor, visitorOf } from "../../../support/visitor.ts"

const app = await testApp()
let organization: Organization
let boss: User & { memberId: string }
let owner: Visitor
let members = ""

beforeEach(async () => {
  organization = await givenOrganization(app)
  boss = await givenMember(app, organization, "owner")
  owner = await signedIn(app, boss)
  members = `/settings/${organization.slug}/members/`
})

const roleOf = async (memberId: string) =>
  (await app.sql`select role from org_members where id = ${memberId}`)[0]?.role

/** Invites one address and returns the path of the link that was shown. */
async function invited(email: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await owner.post(members, {
    action: "invite",
    emails: email,
    role: "member",
    ...fields,
  })
  expect(response.status).toBe(200)
  const html = await response.text()
  return /sentry\.test:9000(\/accept\/[^<]+)</.exec(html)?.[1] ?? ""
}

test("several lines are invited at once, each gets a mail and a link, teams included", async () => {
  const response = await owner.post(members, {
    action: "invite",
    emails: "Bea@example.test\n cid@example.test,bea@example.test",
    role: "member",
    teams: [organization.slug],
  })
  const html = await response.text()
  expect(html.match(/\/accept\//g)?.length).toBe(2)
  const rows = await app.sql`
    select m.email, m.role, count(tm.*)::int as teams
    from org_members m left join team_members tm on tm.member_id = m.id
    where organization_id = ${organization.id} and user_id is null
    group by m.email, m.role order by m.email`
  expect(rows.map((row) => ({ ...row }))).toEqual([
    { email: "bea@example.test", role: "member", teams: 1 },
    { email: "cid@example.test", role: "member", teams: 1 },
  ])
  const mails = await app.sql`
    select recipient from mail_deliveries where kind = 'invite' order by id desc limit 2`
  expect(mails.map((row) => row.recipient).toSorted()).toEqual([
    "bea@example.test",
    "cid@example.test",
  ])
})

test("one address that does not work leaves the form as it was and invites nobody", async () => {
  const response = await owner.post(members, {
    action: "invite",
    emails: "dora@example.test\nnot-an-address",
    role: "member",
  })
  expect(response.status).toBe(422)
  const html = await response.text()
  expect(html).toContain("not-an-address&quot; is not an e-mail address")
  expect(html).toContain("dora@example.test\nnot-an-address")
  expect((await app.sql`select 1 from org_members where email = 'dora@example.test'`).length).toBe(
    0,
  )
})

test("a new person makes an account with the link, once", async () => {
  const link = await invited("eve@example.test")
  const visitor = visitorOf(app)
  expect(await (await visitor.get(link)).text()).toContain("Make my account and join")
  expect((await visitor.post(link, { name: "Eve", password: "short" })).status).toBe(422)
  const done = await visitor.post(link, { name: "Eve", password: PASSWORD })
  expect(done.headers.get("location")).toBe(`/organizations/${organization.slug}/issues/`)
  expect((await visitor.get(members)).status).toBe(200)
  expect((await visitorOf(app).get(link)).status).toBe(404)
})

test("an existing user joins only with the account that was invited", async () => {
  const fay = await givenUser(app)
  const link = await invited(fay.email)
  expect(await (await visitorOf(app).get(link)).text()).toContain("Sign in to join")
  const other = await signedIn(app, await givenUser(app))
  expect(await (await other.get(link)).text()).toContain("this invitation is for somebody else")
  expect((await other.post(link)).status).toBe(422)
  const visitor = await signedIn(app, fay)
  expect((await visitor.post(link)).status).toBe(303)
  expect((await visitor.get(members)).status).toBe(200)
})

test("an invitation ends: when it is too old, withdrawn, or made again", async () => {
  const first = await invited("gus@example.test")
  const second = await invited("gus@example.test")
  expect((await visitorOf(app).get(first)).status).toBe(404)
  expect((await visitorOf(app).get(second)).status).toBe(200)
  const id = /\/accept\/[^/]+\/(\d+)\//.exec(second)?.[1] ?? ""
  const shown = await owner.post(`${members}${id}/`, { action: "link" })
  const third = /sentry\.test:9000(\/accept\/[^<]+)</.exec(await shown.text())?.[1] ?? ""
  expect((await visitorOf(app).get(second)).status).toBe(404)
  await app.sql`update org_members set invite_expires_at = now() - interval '1 s' where id = ${id}`
  expect((await visitorOf(app).get(third)).status).toBe(404)
  expect((await owner.post(`${members}${id}/`, { action: "resend" })).status).toBe(303)
  expect((await owner.post(`${members}${id}/`, { action: "remove" })).status).toBe(303)
  expect((await app.sql`select 1 from org_members where id = ${id}`).length).toBe(0)
})

test("of two that accept at the same moment, one joins", async () => {
  const link = await invited("hal@example.test")
  const answers = await Promise.all(
    [1, 2].map((n) => visitorOf(app).post(link, { name: `Hal ${n}`, password: PASSWORD })),
  )
  expect(answers.filter(({ status }) => status === 303).length).toBe(1)
})

test("nobody hands out a role above their own, or changes somebody above them", async () => {
  const manager = await signedIn(app, await givenMember(app, organization, "manager"))
  const lift = { action: "invite", emails: "ida@example.test", role: "owner" }
  expect((await manager.post(members, lift)).status).toBe(403)
  const demote = { action: "save", role: "member" }
  expect((await manager.post(`${members}${boss.memberId}/`, demote)).status).toBe(403)
  expect((await manager.post(`${members}${boss.memberId}/`, { action: "remove" })).status).toBe(403)
  expect(await roleOf(boss.memberId)).toBe("owner")
})

test("the last owner stays owner and member, also when two leave at once", async () => {
  const own = `${members}${boss.memberId}/`
  const refused = await owner.post(own, { action: "save", role: "admin" })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain("is the last owner")
  expect((await owner.post(own, { action: "remove" })).status).toBe(422)

  const second = await givenMember(app, organization, "owner")
  const other = await signedIn(app, second)
  const answers = await Promise.all([
    owner.post(own, { action: "remove" }),
    other.post(`${members}${second.memberId}/`, { action: "remove" }),
  ])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422])
})

test("whoever loses the right to invite takes the open invitations with them", async () => {
  const second = await givenMember(app, organization, "owner")
  const other = await signedIn(app, second)
  const links: Record<string, string> = {}
  for (const [name, role] of Object.entries({ lea: "owner", max: "manager", ned: "member" })) {
    const form = { action: "invite", emails: `${name}@example.test`, role }
    const html = await (await other.post(members, form)).text()
    links[name] = /sentry\.test:9000(\/accept\/[^<]+)</.exec(html)?.[1] ?? ""
  }
  const open = async () => {
    const answers = Object.entries(links).map(async ([name, link]) => {
      return (await visitorOf(app).get(link)).status === 200 ? [name] : []
    })
    return (await Promise.all(answers)).flat()
  }
  const path = `${members}${second.memberId}/`
  expect(await open()).toEqual(["lea", "max", "ned"])
  await owner.post(path, { action: "save", role: "manager" })
  expect(await open()).toEqual(["max", "ned"])
  await owner.post(path, { action: "save", role: "admin" })
  expect(await open()).toEqual([])

  const kept = await invited("oda@example.test")
  await owner.post(path, { action: "remove" })
  expect((await visitorOf(app).get(kept)).status).toBe(200)
})

test("a member may leave, and may not remove others", async () => {
  const jo = await givenMember(app, organization, "member")
  const kim = await givenMember(app, organization, "member")
  const visitor = await signedIn(app, jo)
  expect((await visitor.post(`${members}${kim.memberId}/`, { action: "remove" })).status).toBe(403)
  const left = await visitor.post(`${members}${jo.memberId}/`, { action: "remove" })
  expect(left.headers.get("location")).toBe("/")
  expect((await visitor.get(members)).status).toBe(404)
})

test("members of other organizations cannot be reached through one's own", async () => {
  const foreign = await givenMember(app, await givenOrganization(app), "member")
  const path = `${members}${foreign.memberId}/`
  expect((await owner.get(path)).status).toBe(404)
  expect((await owner.post(path, { action: "save", role: "owner" })).status).toBe(404)
  expect(await roleOf(foreign.memberId)).toBe("member")
})

test("what was done stands in the audit log, without secrets", async () => {
  const link = await invited("lea@example.test")
  const html = await (await owner.get(`/settings/${organization.slug}/audit-log/`)).text()
  expect(html).toContain("member.invite")
  expect(html).toContain("email: lea@example.test")
  expect(html).not.toContain(link.split("/").at(-2) ?? "?")
})

import { beforeEach, expect, test } from "bun:test"
import { useToken } from "#accounts/tokens/tokens.ts"
import { createPasswordReset } from "#accounts/users/password-resets.ts"
import type { User } from "#accounts/users/user.ts"
import { testApp } from "../../../support/app.ts"
import {
  givenMember,
  givenOrganization,
  givenUserToken,
  PASSWORD,
  signedIn,
} from "../../../support/people.ts"
import { visitorOf } from "../../../support/visitor.ts"

const app = await testApp()
const NEXT = "a lantern for the long walk"
let ann: User
beforeEach(async () => {
  ann = await givenMember(app, await givenOrganization(app), "member")
})

async function givenLink(): Promise<string> {
  const reset = await app.sql.begin((tx) => createPasswordReset(app, tx, ann.email))
  return `/account/recover/confirm/${ann.id}/${reset?.token}/`
}

test("the page says the same whether there is such an account or not, and only one gets mail", async () => {
  const before = await app.sql`select 1 from mail_deliveries`
  const texts = []
  for (const email of [ann.email, "nobody@example.test"]) {
    const response = await visitorOf(app).post("/account/recover/", { email })
    texts.push([response.status, (await response.text()).replaceAll(email, "")])
  }
  expect(texts[0]).toEqual(texts[1])
  const after = await app.sql`select kind, recipient from mail_deliveries order by id desc`
  expect(after.length).toBe(before.length + 1)
  expect(after[0]).toMatchObject({ kind: "reset", recipient: ann.email })
})

test("the answer takes its time whether there is such an account or not", async () => {
  for (const email of ["ann@example.test", "nobody@example.test"]) {
    const startedAt = performance.now()
    await visitorOf(app).post("/account/recover/", { email })
    expect(performance.now() - startedAt).toBeGreaterThan(240)
  }
})

test("a person gets no more than three mails an hour", async () => {
  for (let i = 0; i < 5; i += 1)
    await visitorOf(app).post("/account/recover/", { email: ann.email })
  const mails = await app.sql`select 1 from mail_deliveries where recipient = ${ann.email}`
  expect(mails.length).toBe(3)
})

test("the link sets a password once, ends every session and signs in", async () => {
  const elsewhere = await signedIn(app, ann)
  const link = await givenLink()
  const visitor = visitorOf(app)
  expect((await visitor.get(link)).status).toBe(200)
  expect((await visitor.post(link, { password: NEXT })).status).toBe(303)
  expect((await visitor.get("/settings/account/details/")).status).toBe(200)
  expect((await elsewhere.get("/settings/account/details/")).status).toBe(302)
  expect((await visitorOf(app).post(link, { password: "another long password" })).status).toBe(404)
  expect((await visitorOf(app).logIn(ann.email, PASSWORD)).status).toBe(422)
  expect((await visitorOf(app).logIn(ann.email, NEXT)).status).toBe(303)
})

test("a password that is too short keeps the link usable", async () => {
  const link = await givenLink()
  const refused = await visitorOf(app).post(link, { password: "short" })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain("at least 12 characters")
  expect((await visitorOf(app).post(link, { password: NEXT })).status).toBe(303)
})

test("a new password offers to revoke API tokens, and does or leaves it as the person says", async () => {
  const tokens = [await givenUserToken(app, ann), await givenUserToken(app, ann)]
  const page = await (await visitorOf(app).get(await givenLink())).text()
  expect(page).toContain("Also revoke my 2 personal API tokens")
  await visitorOf(app).post(await givenLink(), { password: NEXT })
  expect(await useToken(app, tokens[0] ?? "")).not.toBeNull()
  await visitorOf(app).post(await givenLink(), { password: `${NEXT} home`, revokeTokens: "on" })
  for (const token of tokens) expect(await useToken(app, token)).toBeNull()
  const bare = await (await visitorOf(app).get(await givenLink())).text()
  expect(bare).not.toContain("API token")
})

test("who gets a new password by a link is told by mail, and only when it was set", async () => {
  const mails = () =>
    app.sql`select subject from mail_deliveries where kind = 'password' and recipient = ${ann.email}`
  const link = await givenLink()
  await visitorOf(app).post(link, { password: "short" })
  expect(await mails()).toHaveLength(0)
  await visitorOf(app).post(link, { password: NEXT })
  expect(await mails()).toMatchObject([{ subject: "Your password was changed" }])
})

test("a link that is too old, or of another user, does not work", async () => {
  const link = await givenLink()
  const bob = await givenMember(app, await givenOrganization(app), "member")
  expect((await visitorOf(app).get(link.replace(`/${ann.id}/`, `/${bob.id}/`))).status).toBe(404)
  await app.sql`update password_resets set expires_at = now() - interval '1 second'`
  expect((await visitorOf(app).get(link)).status).toBe(404)
})

test("of two that use a link at the same moment, one succeeds", async () => {
  const link = await givenLink()
  const answers = await Promise.all(
    [NEXT, `${NEXT} home`].map((password) => visitorOf(app).post(link, { password })),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404])
})

import { beforeAll, beforeEach, expect, test } from "bun:test"
import type { User } from "#accounts/users/user.ts"
import { testApp } from "../../../support/app.ts"
import { givenMember, givenOrganization, PASSWORD, signedIn } from "../../../support/people.ts"
import { visitorOf } from "../../../support/visitor.ts"

const app = await testApp()
let ann: User

beforeAll(async () => {
  ann = await givenMember(app, await givenOrganization(app, "acme"), "member")
})
beforeEach(async () => {
  await app.sql`delete from login_failures`
})

test("the right password leads to where one wanted to go", async () => {
  const visitor = visitorOf(app)
  const refused = await visitor.get("/organizations/acme/projects/?query=x")
  const login = refused.headers.get("location") ?? ""
  expect(login).toBe("/auth/login/?next=%2Forganizations%2Facme%2Fprojects%2F%3Fquery%3Dx")
  const page = await (await visitor.get(login)).text()
  expect(page).toContain('value="/organizations/acme/projects/?query=x"')
  const done = await visitor.post(login, {
    email: ann.email.toUpperCase(),
    password: PASSWORD,
    next: "/organizations/acme/projects/?query=x",
  })
  expect(done.status).toBe(303)
  expect(done.headers.get("location")).toBe("/organizations/acme/projects/?query=x")
  expect((await visitor.get("/organizations/acme/projects/")).status).toBe(200)
})

test("an unknown address and a wrong password get the same answer", async () => {
  const answers = []
  for (const email of [ann.email, "nobody@example.test"]) {
    const response = await visitorOf(app).logIn(email, "not the password at all")
    const html = (await response.text()).replaceAll(email, "").replace(/value="[^"]*"/g, "")
    answers.push({ status: response.status, html })
  }
  expect(answers[0]?.status).toBe(422)
  expect(answers[0]).toEqual(answers[1])
})

test("a session that somebody planted is never the one that is logged in", async () => {
  const visitor = visitorOf(app)
  visitor.cookies.set("sl_session", "planted-by-an-attacker")
  const login = await (await visitor.get("/auth/login/")).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(login)?.[1] ?? ""
  await visitor.post("/auth/login/", { csrf, email: ann.email, password: PASSWORD })
  expect(visitor.cookies.get("sl_session")).not.toBe("planted-by-an-attacker")
  expect((await visitor.get("/settings/account/details/")).status).toBe(200)
})

test("logging in again ends the session that was there before", async () => {
  const visitor = await signedIn(app, ann)
  const before = visitor.cookies.get("sl_session") ?? ""
  await visitor.logIn(ann.email, PASSWORD)
  const stale = visitorOf(app)
  stale.cookies.set("sl_session", before)
  expect((await stale.get("/settings/account/details/")).status).toBe(302)
})

test("wrong passwords are answered slower and slower, and it says for how long", async () => {
  for (let i = 0; i < 5; i += 1) {
    expect((await visitorOf(app).logIn(ann.email, "wrong")).status).toBe(422)
  }
  const refused = await visitorOf(app).logIn(ann.email, PASSWORD)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(await refused.text()).toContain("Too many tries. Wait")
})

test("an attacker elsewhere does not lock the owner out of a known address", async () => {
  await signedIn(app, ann)
  const attacker = () => visitorOf(app, { address: "203.0.113.7" })
  for (let i = 0; i < 12; i += 1) await attacker().logIn(ann.email, "wrong")
  expect((await attacker().logIn(ann.email, PASSWORD)).status).toBe(429)
  expect((await visitorOf(app).logIn(ann.email, PASSWORD)).status).toBe(303)
})

test("addresses of one IPv6 network are one stranger", async () => {
  for (let i = 0; i < 20; i += 1) {
    const visitor = visitorOf(app, { address: `2001:db8:1:2:${i}::7` })
    expect((await visitor.logIn(`nobody${i}@example.test`, "wrong")).status).toBe(422)
  }
  const last = visitorOf(app, { address: "2001:db8:1:2::99" })
  expect((await last.logIn(ann.email, "wrong")).status).toBe(429)
})

test("next never leads to another site", async () => {
  for (const next of [
    "//evil.test",
    "https://evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "\\\\evil.test",
    "javascript:alert(1)",
    "/%2f%2fevil.test",
    "/.//evil.test",
    "/..//evil.test",
  ]) {
    const visitor = await signedIn(app, ann)
    const response = await visitor.get(`/auth/login/?next=${encodeURIComponent(next)}`)
    expect([next, response.headers.get("location")]).toEqual([next, "/"])
  }
})

test("a form without its token, with another's, or from another site is refused", async () => {
  const visitor = await signedIn(app, ann)
  const other = await signedIn(app, ann)
  const page = await (await other.get("/settings/account/details/")).text()
  const foreign = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ""
  const profile = { action: "profile", name: "Changed" }
  const path = "/settings/account/details/"
  expect((await visitor.post(path, { ...profile, csrf: "" })).status).toBe(403)
  expect((await visitor.post(path, { ...profile, csrf: foreign })).status).toBe(403)
  expect((await visitor.post(path, profile, { origin: "https://evil.test" })).status).toBe(403)
  expect((await visitor.post(path, profile, { "sec-fetch-site": "cross-site" })).status).toBe(403)
  const [row] = await app.sql`select name from users where id = ${ann.id}`
  expect(row?.name).toBe("")
  const own = { origin: "http://sentry.test:9000", "sec-fetch-site": "same-origin" }
  expect((await visitor.post(path, profile, own)).status).toBe(303)
})

test("nobody can be logged in to a stranger's account by another site", async () => {
  const visitor = visitorOf(app)
  const response = await visitor.post("/auth/login/", {
    csrf: "",
    email: ann.email,
    password: PASSWORD,
  })
  expect(response.status).toBe(403)
  expect(visitor.cookies.has("sl_session")).toBe(false)
})

test("logging out ends the session on the server", async () => {
  const visitor = await signedIn(app, ann)
  const token = visitor.cookies.get("sl_session") ?? ""
  const response = await visitor.post("/auth/logout/")
  expect(response.headers.get("clear-site-data")).toContain("storage")
  const thief = visitorOf(app)
  thief.cookies.set("sl_session", token)
  expect((await thief.get("/settings/account/details/")).status).toBe(302)
})

test("a user who is switched off is out with the next request", async () => {
  const bob = await givenMember(app, await givenOrganization(app), "member")
  const visitor = await signedIn(app, bob)
  expect((await visitor.get("/settings/account/details/")).status).toBe(200)
  await app.sql`update users set is_active = false where id = ${bob.id}`
  expect((await visitor.get("/settings/account/details/")).status).toBe(302)
  expect((await visitorOf(app).logIn(bob.email, PASSWORD)).status).toBe(422)
})

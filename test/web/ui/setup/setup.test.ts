import { beforeEach, expect, test } from "bun:test"
import { createSetupToken, findSetupStep } from "#accounts/setup.ts"
import { testApp } from "../../../support/app.ts"
import { givenUser } from "../../../support/people.ts"
import { type Visitor, visitorOf } from "../../../support/visitor.ts"

const app = await testApp()
const ADMIN = { name: "Ann", email: "ann@example.test", password: "moss under seven bridges" }

beforeEach(async () => {
  await app.sql`truncate users, organizations, options cascade`
})

async function opened(): Promise<Visitor> {
  const visitor = visitorOf(app)
  await visitor.get(`/setup/?token=${await createSetupToken(app.sql)}`)
  return visitor
}

test("without a link, or with a wrong one, there is no wizard", async () => {
  expect((await visitorOf(app).get("/setup/")).status).toBe(404)
  expect((await visitorOf(app).get("/setup/?token=guess")).status).toBe(404)
  expect((await visitorOf(app).post("/setup/", ADMIN)).status).toBe(404)
  expect((await app.sql`select 1 from users`).length).toBe(0)
})

test("the link's secret leaves the address at once; links made later do not end it", async () => {
  const token = await createSetupToken(app.sql)
  await createSetupToken(app.sql)
  const visitor = visitorOf(app)
  const response = await visitor.get(`/setup/?token=${token}`)
  expect(response.headers.get("location")).toBe("/setup/")
  expect(await (await visitor.get("/setup/")).text()).toContain("The first administrator")
})

test("an instance with users has no wizard, whoever holds a link", async () => {
  const token = await createSetupToken(app.sql)
  await givenUser(app)
  expect((await visitorOf(app).get(`/setup/?token=${token}`)).status).toBe(404)
})

test("wrong input keeps what was typed and says what is wrong", async () => {
  const visitor = await opened()
  const response = await visitor.post("/setup/", { ...ADMIN, password: "password1234" })
  expect(response.status).toBe(422)
  const html = await response.text()
  expect(html).toContain("among the first that anybody would try")
  expect(html).toContain('value="ann@example.test"')
  expect(html).not.toContain("password1234")
})

test("the whole wizard: administrator, address, mail, project, first event", async () => {
  const visitor = await opened()
  expect((await visitor.post("/setup/", ADMIN)).headers.get("location")).toBe("/setup/address/")
  const [ann] = await app.sql`select is_superuser from users`
  expect(ann?.isSuperuser).toBe(true)

  // A link that was open elsewhere is worth nothing now.
  expect((await visitorOf(app).get("/setup/address/")).status).toBe(302)

  expect(await (await visitor.get("/setup/address/")).text()).toContain("http://sentry.test:9000")
  const wrong = await visitor.post("/setup/address/", { address: "sentry.example.com" })
  expect(wrong.status).toBe(422)
  const address = { address: "http://sentry.test:9000/" }
  expect((await visitor.post("/setup/address/", address)).headers.get("location")).toBe(
    "/setup/mail/",
  )
  const [option] = await app.sql`select value from options where key = 'system.url-prefix'`
  expect(option?.value).toBe("http://sentry.test:9000")

  const mail = { host: "127.0.0.1", port: "2525", encryption: "starttls", from: "a@example.test" }
  const refused = await visitor.post("/setup/mail/", { ...mail, port: "x", action: "save" })
  expect(refused.status).toBe(422)
  const tested = await visitor.post("/setup/mail/", { ...mail, action: "test" })
  expect(tested.headers.get("location")).toBe("/setup/mail/")
  const waiting = await (await visitor.get("/setup/mail/")).text()
  expect(waiting).toContain("A worker takes it")
  // What was just typed, though the program reads its options every few seconds only.
  expect(waiting).toContain('value="2525"')
  const [queued] = await app.sql`select subject from mail_deliveries`
  expect(queued?.subject).toBe("Test mail from sentry-lite on sentry.test:9000")
  await app.sql`
    update mail_deliveries set attempts = 1, reply = '127.0.0.1:2525 refused the connection'`
  const part = await (await visitor.get("/setup/mail/?part=test")).text()
  expect(part).toStartWith('<div id="test-mail" hx-get="/setup/mail/?part=test"')
  expect(part).toContain("was not sent, 1 try so far")
  expect(part).toContain("127.0.0.1:2525 refused the connection")
  await visitor.post("/setup/mail/", { ...mail, action: "save" })

  const names = { organization: "Acme Inc.", project: "Back end", platform: "python" }
  const made = await visitor.post("/setup/project/", names)
  expect(made.headers.get("location")).toBe("/setup/event/")
  const event = await (await visitor.get("/setup/event/")).text()
  expect(event).toContain("Waiting for the first event")
  expect(event).toMatch(/http:\/\/[0-9a-f]{32}@sentry\.test:9000\/\d+/)
  expect(await findSetupStep(app.sql)).toBe("event")

  const done = await visitor.post("/setup/event/")
  expect(done.headers.get("location")).toBe("/organizations/acme-inc/issues/")
  expect((await visitor.get("/setup/event/")).status).toBe(404)
  expect((await visitor.get("/setup/")).status).toBe(404)
})

test("of two that finish the first step at the same moment, one becomes administrator", async () => {
  const visitors = [await opened(), await opened()]
  const answers = await Promise.all(
    visitors.map((visitor, index) =>
      visitor.post("/setup/", { ...ADMIN, email: `admin${index}@example.test` }),
    ),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 422])
  expect((await app.sql`select 1 from users`).length).toBe(1)
})

test("mail can be left out", async () => {
  const visitor = await opened()
  await visitor.post("/setup/", ADMIN)
  await visitor.post("/setup/address/", { address: "http://sentry.test:9000" })
  const response = await visitor.post("/setup/mail/", { action: "skip" })
  expect(response.headers.get("location")).toBe("/setup/project/")
  const [option] = await app.sql`select value from options where key = 'mail.backend'`
  expect(option?.value).toBe("dummy")
})

import { expect, spyOn, test } from "bun:test"
import { recordOption } from "#accounts/options-store.ts"
import { jobPolicies } from "#jobs.ts"
import { type MailRequest, queueMail } from "#mail/queue-mail.ts"
import { sendMail } from "#mail/send.ts"
import { listMailDeliveries } from "#mail/store.ts"
import { upgradeTaskSchema } from "#platform/tasks.ts"
import { testApp } from "../support/app.ts"
import { givenMember, givenShop } from "../support/issues.ts"
import { startMailbox } from "../support/mailbox.ts"
import { freePort, until } from "../support/services.ts"

const port = await freePort()
const app = await testApp({ "mail.host": "127.0.0.1", "mail.port": port, "mail.timeout": 2 })
// As in production, but a second in place of ten.
const impatient = { ...jobPolicies["send-mail"], retryDelaySeconds: 1, retryDelayMaxSeconds: 1 }
await upgradeTaskSchema(app.config["database.url"], { "send-mail": impatient })
await app.tasks.work("send-mail", (job) => sendMail(app, job))

const request = (mail: Partial<MailRequest> = {}, from = app) =>
  from.sql.begin((tx) =>
    queueMail(from, tx, {
      kind: "test",
      recipient: "ann@example.test",
      idempotencyKey: crypto.randomUUID(),
      subject: "Test mail",
      data: { requestedBy: "ann" },
      ...mail,
    }),
  )

async function lastDelivery() {
  const [delivery] = await listMailDeliveries(app.sql, 1)
  if (!delivery) throw new Error("no delivery")
  return delivery
}
const deliveryIs = (status: string) =>
  until(`the delivery to be ${status}`, async () => (await lastDelivery()).status === status)

test("a mail waits while the server is away, saying why, and goes out when it is back", async () => {
  await request()
  await until("a first try", async () => (await lastDelivery()).attempts > 0)
  expect(await lastDelivery()).toMatchObject({
    status: "queued",
    reply: `127.0.0.1:${port} refused the connection (mail.host, mail.port)`,
    sentAt: null,
  })
  const mailbox = await startMailbox({ port })
  await deliveryIs("sent")
  const delivery = await lastDelivery()
  expect(delivery.reply).toStartWith("250")
  expect(delivery.attempts).toBeGreaterThan(1)
  expect(delivery.sentAt).toBeInstanceOf(Date)
  expect(mailbox.messages).toHaveLength(1)
  await mailbox.stop()
})

test("a test mail goes by what was set a moment ago, not by what the worker read before", async () => {
  const mailbox = await startMailbox()
  const asked = await testApp()
  await asked.tasks.work("send-mail", (job) => sendMail(asked, job))
  await recordOption(asked.sql, "mail.host", "127.0.0.1")
  await recordOption(asked.sql, "mail.port", mailbox.port)
  await request({}, asked)
  const { mail } = await mailbox.waitFor("the test", () => true)
  expect(mail.subject).toBe("Test mail")
})

test("the log does not call a mail sent that was thrown away", async () => {
  const silent = await testApp({ "mail.backend": "dummy" })
  const told = spyOn(silent.log, "info")
  await silent.tasks.work("send-mail", (job) => sendMail(silent, job))
  await request({}, silent)
  await until("the log to tell of it", async () => told.mock.calls.length > 0)
  expect(told.mock.calls.map((words) => words.at(-1) as unknown)).toEqual([
    "mail thrown away: sending is switched off",
  ])
})

test("a busy server is asked again; a refused recipient is recorded and left alone", async () => {
  const busy = await startMailbox({ port, refuseWith: 450 })
  await request()
  await until("a second try", async () => (await lastDelivery()).attempts > 1)
  expect(await lastDelivery()).toMatchObject({ status: "queued" })
  await busy.stop()
  const refusing = await startMailbox({ port, refuseWith: 550 })
  await deliveryIs("failed")
  const delivery = await lastDelivery()
  expect(delivery.reply).toContain("550 no such mailbox")
  const open = await app.sql`
    select 1 from pgboss.job where name = 'send-mail' and state in ('created', 'retry', 'active')`
  expect(open).toHaveLength(0)
  expect((await lastDelivery()).attempts).toBe(delivery.attempts)
  await refusing.stop()
})

test("account mails say what they are for, carry their link once, and nothing to unsubscribe from", async () => {
  const mailbox = await startMailbox({ port })
  const shop = await givenShop(app)
  const ann = await givenMember(app, shop, { name: "ann" })
  const [invited] = await app.sql`
    insert into org_members (organization_id, email, role, inviter_id, invite_expires_at)
    values (${shop.organizationId}, 'new@example.test', 'admin', ${ann}, '2026-12-24') returning id`
  await request({
    kind: "reset",
    subject: "Reset your password",
    data: { userId: ann, token: "reset-token", ip: "192.0.2.9", browser: "Firefox on Linux" },
  })
  await request({
    kind: "password",
    subject: "Your password was changed",
    data: { ip: "192.0.2.9", browser: "Firefox on Linux", tokensRevoked: "0", tokensLeft: "2" },
  })
  await request({
    kind: "invite",
    recipient: "new@example.test",
    subject: "You are invited",
    data: { memberId: invited?.id, token: "invite-token" },
  })
  await request()
  const mailOf = (kind: string) =>
    mailbox.waitFor(kind, ({ mail }) => mail.headers.get("x-sentrylite-kind") === kind)

  const reset = (await mailOf("reset")).mail
  const resetLink = `http://sentry.test:9000/account/recover/confirm/${ann}/reset-token/`
  expect(reset.text).toContain(resetLink)
  expect(reset.html).toContain(resetLink)
  expect(reset.text).toContain("The link works once and for 60 minutes.")
  expect(reset.text).toContain("Asked for from 192.0.2.9 with Firefox on Linux.")

  const password = (await mailOf("password")).mail
  expect(password.text).toMatch(/when: \d{4}-\d\d-\d\d \d\d:\d\d UTC\nfrom: 192\.0\.2\.9\n/)
  for (const body of [password.text, password.html]) {
    expect(body).toContain("Firefox on Linux")
    expect(body).toContain("Your personal API tokens still work: 2.")
    expect(body).toContain("http://sentry.test:9000/account/recover/")
    expect(body).toContain("http://sentry.test:9000/settings/account/api/auth-tokens/")
  }

  const invite = (await mailOf("invite")).mail
  expect(invite.text).toContain(`ann invited you to ${shop.slug} as admin.`)
  expect(invite.text).toContain(
    `http://sentry.test:9000/accept/${shop.slug}/${invited?.id}/invite-token/`,
  )
  expect(invite.text).toContain("open until 2026-12-24")

  const trial = (await mailOf("test")).mail
  expect(trial.text).toContain("Mail from sentry-lite on sentry.test:9000 works.")
  expect(trial.text).toContain("asked for by: ann")
  for (const mail of [reset, password, invite, trial]) {
    expect(mail.headers.has("list-unsubscribe")).toBe(false)
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated")
    expect(mail.messageId).toMatch(/^<\w+\.\d+@sentry\.test>$/)
  }
  await mailbox.stop()
})

test("what a mail carries is sealed while it waits", async () => {
  await request({ data: { requestedBy: "a-secret-of-mine" } })
  const jobs = await app.sql`select data::text as data from pgboss.job where name = 'send-mail'`
  expect(jobs.length).toBeGreaterThan(0)
  expect(JSON.stringify(jobs)).not.toContain("a-secret-of-mine")
  expect(JSON.stringify(jobs)).not.toContain("reset-token")
})

test("a mail about what is gone by now is not sent and says so", async () => {
  await request({ kind: "reset", data: { userId: "424242", token: "t" } })
  await deliveryIs("failed")
  expect((await lastDelivery()).reply).toBe("not sent: what it was about is gone")
})

test("after a day nobody tries any more", async () => {
  const idempotencyKey = crypto.randomUUID()
  await app.sql.begin(async (tx) => {
    const mail = { kind: "test" as const, recipient: "ann@example.test", subject: "", data: {} }
    await queueMail(app, tx, { ...mail, idempotencyKey })
    await tx`
      update mail_deliveries set created_at = now() - interval '25 hours' where idempotency_key = ${idempotencyKey}`
  })
  await deliveryIs("failed")
  expect((await lastDelivery()).reply).toContain("refused the connection")
})

test("a link to a new password that has run out by now is not sent", async () => {
  const shop = await givenShop(app)
  const userId = await givenMember(app, shop, { name: "late" })
  const idempotencyKey = crypto.randomUUID()
  await app.sql.begin(async (tx) => {
    const mail = { kind: "reset" as const, recipient: "late@example.test", subject: "" }
    await queueMail(app, tx, { ...mail, idempotencyKey, data: { userId, token: "t" } })
    await tx`
      update mail_deliveries set created_at = now() - interval '61 minutes' where idempotency_key = ${idempotencyKey}`
  })
  await deliveryIs("failed")
})

test("the same news is asked for twice and mailed once", async () => {
  const before = (await listMailDeliveries(app.sql, 100)).length
  await request({ idempotencyKey: "the same" })
  await request({ idempotencyKey: "the same" })
  expect((await listMailDeliveries(app.sql, 100)).length).toBe(before + 1)
})

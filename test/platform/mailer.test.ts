import { afterAll, expect, test } from "bun:test"
import { createServer } from "node:net"
import { createMailer, MailError, type MailerOptions } from "#platform/mailer.ts"
import { selfMadeCertificate } from "../support/certificate.ts"
import { startMailbox } from "../support/mailbox.ts"
import { freePort } from "../support/services.ts"

const login = { user: "sentry", password: "s3cret" }
const certificate = await selfMadeCertificate()

const mail = {
  from: { name: "Alerts", address: "alerts@sentry.test" },
  to: "ann@example.test",
  subject: "Hello",
  text: "hello",
  html: "<p>hello</p>",
  messageId: "<1@sentry.test>",
  headers: {},
}

const mailerFor = (options: Partial<MailerOptions>) =>
  createMailer({
    backend: "smtp",
    host: "127.0.0.1",
    port: 25,
    username: "",
    password: "",
    useTls: false,
    useSsl: false,
    caFile: "",
    timeoutSeconds: 2,
    ...options,
  })

/** What an operator reads when it does not work. */
async function failure(options: Partial<MailerOptions>): Promise<MailError> {
  const error = await mailerFor(options)
    .send(mail)
    .then(
      () => "it was sent",
      (thrown) => thrown,
    )
  expect(error).toBeInstanceOf(MailError)
  return error as MailError
}

test("a plain relay takes the mail and its last words come back", async () => {
  const { port, messages } = await startMailbox()
  expect(await mailerFor({ port }).send(mail)).toStartWith("250")
  expect(messages[0]?.to).toEqual(["ann@example.test"])
})

test("STARTTLS and TLS from the start work with a log-in, believing the authority of mail.ca-file", async () => {
  for (const from of ["starttls", "start"] as const) {
    const { port, messages } = await startMailbox({ login, tls: { ...certificate, from } })
    const reply = await mailerFor({
      port,
      username: login.user,
      password: login.password,
      useTls: from === "starttls",
      useSsl: from === "start",
      caFile: certificate.certFile,
    }).send(mail)
    expect([from, reply.slice(0, 3), messages.length]).toEqual([from, "250", 1])
  }
})

test("a certificate that nobody vouches for is refused, and the password stays here", async () => {
  for (const from of ["starttls", "start"] as const) {
    const { port, messages } = await startMailbox({ tls: { ...certificate, from } })
    const options = { port, useTls: from === "starttls", useSsl: from === "start" }
    const error = await failure(options)
    expect([from, error.message]).toEqual([from, expect.stringContaining("self")])
    expect(error.message).toContain(`TLS with 127.0.0.1:${port} failed`)
    expect(error.message).toContain("mail.ca-file")
    expect([error.isPermanent, messages.length]).toEqual([false, 0])
  }
})

test("a file of authorities that is not there is named", async () => {
  const error = await failure({ caFile: "/nowhere/ca.pem", useTls: true })
  expect(error.message).toStartWith("mail.ca-file cannot be read: ")
  expect(error.isPermanent).toBe(false)
})

test("nobody listening names host and port, and can pass", async () => {
  const port = await freePort()
  const error = await failure({ port })
  expect(error.message).toBe(`127.0.0.1:${port} refused the connection (mail.host, mail.port)`)
  expect(error.isPermanent).toBe(false)
})

test("a host without an address is named", async () => {
  const error = await failure({ host: "no-such-host.invalid" })
  expect(error.message).toBe("no-such-host.invalid has no address (mail.host)")
})

test("a wrong password, or none where one is wanted, can be mended and names the options", async () => {
  const { port } = await startMailbox({ login })
  const wrong = await failure({ port, username: login.user, password: "nope" })
  expect(wrong.message).toContain("refused the log-in (mail.username, mail.password): 535")
  expect(wrong.isPermanent).toBe(false)
  const missing = await failure({ port })
  expect(missing.message).toContain("wants a log-in (mail.username, mail.password): 530")
  expect(missing.isPermanent).toBe(false)
})

test("a server without STARTTLS is not spoken to in the open when TLS is required", async () => {
  const { port, messages } = await startMailbox()
  const error = await failure({ port, useTls: true })
  expect(error.message).toContain("does not offer STARTTLS, which mail.use-tls requires")
  expect([error.isPermanent, messages.length]).toEqual([false, 0])
})

test("TLS spoken to a plain port ends in a sentence about it", async () => {
  const { port } = await startMailbox()
  const error = await failure({ port, useSsl: true, timeoutSeconds: 1 })
  expect(error.message).toMatch(
    /did not answer in time .*use-ssl on a plain port|TLS with .* failed .*use-ssl/,
  )
})

test("a server that says nothing is given up after mail.timeout", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1")
  await new Promise((resolve) => silent.once("listening", resolve))
  afterAll(() => void silent.close())
  const address = silent.address()
  const port = typeof address === "object" ? (address?.port ?? 0) : 0
  const error = await failure({ port, timeoutSeconds: 1 })
  expect(error.message).toContain("did not answer in time (mail.host, mail.port, mail.timeout")
  expect(error.isPermanent).toBe(false)
})

test("a refused recipient is for good, a busy mailbox is not; both keep the server's words", async () => {
  const gone = await failure({ port: (await startMailbox({ refuseWith: 550 })).port })
  expect(gone.message).toContain("550 no such mailbox")
  expect(gone.isPermanent).toBe(true)
  const busy = await failure({ port: (await startMailbox({ refuseWith: 450 })).port })
  expect(busy.isPermanent).toBe(false)
})

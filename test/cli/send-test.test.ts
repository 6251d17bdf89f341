import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { simpleParser } from "mailparser"
import { SMTPServer } from "smtp-server"
import { cli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"

// Each step is a process of its own, on a machine that may be busy.
setDefaultTimeout(60_000)

const { url } = await testDatabase()

const mails: Awaited<ReturnType<typeof simpleParser>>[] = []
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onRcptTo: ({ address }, _session, done) =>
    done(address.startsWith("nobody") ? new Error("No such mailbox") : null),
  onData: (stream, _session, done) => {
    simpleParser(stream).then((mail) => {
      mails.push(mail)
      done()
    }, done)
  },
})
const port = await new Promise<number>((resolve) => {
  const { server } = smtp
  server.listen(0, "127.0.0.1", () => {
    const address = server.address()
    resolve(typeof address === "object" && address ? address.port : 0)
  })
})
afterAll(() => new Promise<void>((resolve) => smtp.close(() => resolve())))

const mailEnv = {
  DATABASE_URL: url,
  SENTRY_EMAIL_HOST: "127.0.0.1",
  SENTRY_EMAIL_PORT: String(port),
  SENTRY_SERVER_EMAIL: "Sentry <sentry@example.com>",
}

test("send-test-email delivers a mail and says what the server said", async () => {
  const { exitCode, stderr } = await cli(["send-test-email", "ada@example.com"], { env: mailEnv })
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/Sent to ada@example\.com: 250/)
  expect(mails[0]?.from?.value[0]?.address).toBe("sentry@example.com")
  expect(mails[0]?.text).toContain("works")
})

test("send-test-email says why a mail cannot go out", async () => {
  const refused = await cli(["send-test-email", "nobody@example.com"], { env: mailEnv })
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).toContain("No such mailbox")
  const away = await cli(["send-test-email", "ada@example.com"], {
    env: { ...mailEnv, SENTRY_EMAIL_PORT: "1" },
  })
  expect(away.exitCode).toBe(1)
  expect(away.stderr).toContain("refused the connection (mail.host, mail.port)")
  const wrong = await cli(["send-test-email", "not an address"], { env: mailEnv })
  expect(wrong.exitCode).toBe(2)
})

test("send-test-event posts an envelope that names its key, and prints the event's id", async () => {
  let seen: { path: string; auth: string | null; body: string } | null = null
  const web = Bun.serve({
    port: 0,
    async fetch(request) {
      const auth = request.headers.get("x-sentry-auth")
      seen = { path: new URL(request.url).pathname, auth, body: await request.text() }
      return Response.json({ id: "x" })
    },
  })
  const dsn = `http://${"a".repeat(32)}@127.0.0.1:${web.port}/7`
  const { exitCode, stdout } = await cli(["send-test-event", "--dsn", dsn])
  await web.stop(true)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^[0-9a-f]{32}\n$/)
  expect(seen).toMatchObject({ path: "/api/7/envelope/" })
  expect(JSON.stringify(seen)).toContain(`sentry_key=${"a".repeat(32)}`)
  expect(JSON.stringify(seen)).toContain(stdout.trim())
})

test("send-test-event tells a refusal, a silent server and a missing project apart", async () => {
  const web = Bun.serve({ port: 0, fetch: () => new Response("no such key", { status: 403 }) })
  const dsn = `http://${"a".repeat(32)}@127.0.0.1:${web.port}/7`
  const refused = await cli(["send-test-event", "--dsn", dsn])
  await web.stop(true)
  expect(refused).toMatchObject({ exitCode: 1 })
  expect(refused.stderr).toContain("answered 403: no such key")
  const silent = await cli(["send-test-event", "--dsn", dsn.replace(/:\d+\//, ":1/")])
  expect(silent.exitCode).toBe(4)
  expect((await cli(["send-test-event", "--dsn", "nonsense"])).exitCode).toBe(2)
  const none = await cli(["send-test-event"], { env: { DATABASE_URL: url } })
  expect(none).toMatchObject({ exitCode: 1 })
  expect(none.stderr).toContain("orgs create")
})

test("send-test-event --wait gives up on an event that nobody stores", async () => {
  const web = Bun.serve({ port: 0, fetch: () => Response.json({ id: "x" }) })
  const dsn = `http://${"a".repeat(32)}@127.0.0.1:${web.port}/7`
  const words = ["send-test-event", "--dsn", dsn, "--wait", "--timeout", "0"]
  const { exitCode, stderr } = await cli(words, { env: { DATABASE_URL: url } })
  await web.stop(true)
  expect(exitCode).toBe(1)
  expect(stderr).toContain("is a worker running?")
})

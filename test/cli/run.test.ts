import { expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { cli, startCli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"
import { freePort, temporaryFolder, until } from "../support/services.ts"

setDefaultTimeout(60_000)

const { sql, url } = await testDatabase()
const SECRET_KEY = "a secret key that is only good for tests"
const envFor = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  SENTRY_SECRET_KEY: SECRET_KEY,
  SENTRY_LITE_DATA: temporaryFolder("run"),
})
const answers = (address: string) =>
  fetch(`${address}/_health/`).then(
    (response) => response.ok,
    () => false,
  )

test.each(["web", "worker", "cron"])("run %s needs a database and a secret key", async (role) => {
  const nothing = await cli(["run", role])
  expect(nothing.exitCode).toBe(2)
  expect(nothing.stderr).toContain("DATABASE_URL")
  const keyless = await cli(["run", role], { env: { DATABASE_URL: url } })
  expect(keyless.exitCode).toBe(2)
  expect(keyless.stderr).toContain("SENTRY_SECRET_KEY")
})

test.each(["web", "worker", "cron"])("run %s refuses an older database", async (role) => {
  const name = `sl_test_old_${role}_${process.pid}`
  await sql.unsafe(`create database ${name}`)
  try {
    const words = ["run", role, ...(role === "web" ? ["--port", "0"] : [])]
    const { exitCode, stderr } = await cli(words, { env: envFor(url.replace(/[^/]+$/, name)) })
    expect(exitCode).toBe(1)
    expect(stderr).toContain("run: sentry-lite upgrade")
  } finally {
    await sql.unsafe(`drop database ${name} with (force)`)
  }
})

test("run web answers while PostgreSQL is away, and ends with 0 on SIGTERM", async () => {
  const port = await freePort()
  const words = ["run", "web", "--port", String(port)]
  const web = startCli(words, envFor("postgres://u:topsecret@127.0.0.1:1/x"))
  await until("web answers", () => answers(`http://127.0.0.1:${port}`))
  web.kill("SIGTERM")
  expect(await web.exited).toBe(0)
  expect(await new Response(web.stderr).text()).not.toContain("topsecret")
})

test("run web -w 2 keeps two processes on one port and stops both", async () => {
  const port = await freePort()
  const env = envFor(url)
  const web = startCli(["run", "web", "-b", `127.0.0.1:${port}`, "-w", "2"], env)
  const roles = () => sql`select pid from processes where role = 'web'`
  await until("two web processes", async () => (await roles()).length === 2)
  const pids = (await roles()).map((row) => row.pid as number)
  expect(await answers(`http://127.0.0.1:${port}`)).toBe(true)
  web.kill("SIGTERM")
  expect(await web.exited).toBe(0)
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow()
  // A forgotten REDIS_URL would leave the events of this host where no other host's worker looks; told once.
  expect((await new Response(web.stderr).text()).match(/no Redis/g)).toHaveLength(1)
})

test.each(["worker", "cron"])("run %s tells systemd that it is ready, and stops", async (role) => {
  const socket = join(temporaryFolder("notify"), "socket")
  const listener = Bun.spawn(["python3", "-u", "-c", LISTENER, socket], { stdout: "pipe" })
  const heard: string[] = []
  void (async () => {
    for await (const chunk of listener.stdout) heard.push(new TextDecoder().decode(chunk))
  })()
  await until("somebody listens", () => heard.join("").includes("listening"))
  const started = startCli(["run", role], { ...envFor(url), NOTIFY_SOCKET: socket })
  await until(`${role} is ready`, () => heard.join("").includes("READY=1"))
  started.kill("SIGTERM")
  expect(await started.exited).toBe(0)
  await until("its stop is told", () => heard.join("").includes("STOPPING=1"))
  listener.kill()
})

const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("listening")
while True: print(s.recv(100).decode())
`

import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { cli, startCli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"
import { testNginx } from "../support/nginx.ts"
import { freePort, temporaryFolder, until } from "../support/services.ts"

setDefaultTimeout(60_000)

const EMAIL = "ada@example.com"
const PASSWORD = "correct horse staple"
/** What a client makes up about itself. */
const LIES = { "X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6" }

const { sql, url } = await testDatabase()
const port = await freePort()
const nginx = await testNginx([port])
const env = {
  DATABASE_URL: url,
  SENTRY_SECRET_KEY: "a secret key that is only good for tests",
  SENTRY_LITE_DATA: temporaryFolder("nginx-web"),
  SENTRY_USE_SSL: "1",
  SENTRY__SYSTEM__URL_PREFIX: nginx.url,
}
await cli(["orgs", "create", "acme"], { env })
const dsn = (await cli(["projects", "create", "backend", "--dsn-only"], { env })).stdout.trim()
await cli(["createuser", "--email", EMAIL, "--password", PASSWORD, "--superuser"], { env })
const web = startCli(["run", "web", "--port", String(port)], env)
afterAll(async () => {
  web.kill("SIGTERM")
  await web.exited
})

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${nginx.url}${path}`, {
    ...init,
    headers: { ...LIES, ...init.headers },
    redirect: "manual",
    tls: { rejectUnauthorized: false },
  })
await until("web answers through nginx", async () => (await ask("/_health/")).status === 200)

test("the DSN leads through nginx, and an event sent to it is accepted", async () => {
  const { username, host, pathname } = new URL(dsn)
  expect(`https://${host}`).toBe(nginx.url)
  const response = await ask(`/api${pathname}/store/?sentry_key=${username}&sentry_version=7`, {
    method: "POST",
    body: JSON.stringify({ message: "through nginx" }),
  })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) })
})

test("one logs in through it, with secure cookies, and the session knows the true address", async () => {
  const page = await ask("/auth/login/")
  expect(page.status).toBe(200)
  const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ""
  const visitor = page.headers.getSetCookie()[0] ?? ""
  expect(visitor).toMatch(/^__Host-[^;]+; .*Secure/)
  const form = new URLSearchParams({ csrf, email: EMAIL, password: PASSWORD, next: "/" })
  const answer = await ask("/auth/login/", {
    method: "POST",
    body: form,
    headers: { Cookie: visitor.split(";")[0] ?? "", Origin: nginx.url },
  })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/"])
  const [session] = await sql`select ip from sessions`
  expect(session?.ip).toBe("127.0.0.1")
})

test("under another name it does not answer", async () => {
  expect((await ask("/auth/login/", { headers: { Host: "evil.example.com" } })).status).toBe(400)
})

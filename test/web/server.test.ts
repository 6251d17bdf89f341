import { afterAll, expect, test } from "bun:test"
import { Hono } from "hono"
import type { Config } from "#config.ts"
import { connect } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import type { WebEnv } from "#web/context.ts"
import { healthRoutes } from "#web/health.ts"
import { createPages } from "#web/server.ts"
import { startWeb } from "#web/start-web.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../support/app.ts"
import { givenMember, givenOrganization, givenUser, PASSWORD, signedIn } from "../support/people.ts"
import { visitorOf } from "../support/visitor.ts"

const app = await testApp()
const HOST = { host: "sentry.test:9000" }

function pagesWith(values: Partial<Config> = {}, ui: Hono<WebEnv> = uiRoutes(app)) {
  const changed = { ...app, config: { ...app.config, ...values } }
  const pages = createPages(changed, { health: healthRoutes(changed), ui })
  return (path: string, init: RequestInit = {}, remoteAddress = "127.0.0.1") =>
    pages.request(path, { ...init, headers: { ...HOST, ...init.headers } }, { remoteAddress })
}
const request = pagesWith()

test("every answer carries the one policy and the headers beside it", async () => {
  for (const path of ["/auth/login/", "/nothing/here/at/all/", "/_health/", "/robots.txt"]) {
    const { headers } = await request(path)
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("referrer-policy")).toBe("same-origin")
    expect(headers.has("strict-transport-security")).toBe(false)
  }
})

test("https brings HSTS, Secure cookies and their __Host- name", async () => {
  const secure = pagesWith({ "system.url-prefix": "https://sentry.test" })
  const response = await secure("/auth/login/", { headers: { host: "sentry.test" } })
  expect(response.headers.get("strict-transport-security")).toContain("max-age=63072000")
  expect(response.headers.get("set-cookie")).toMatch(
    /^__Host-sl_visitor=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
})

test("only the instance's own names are answered; health, setup and files are exempt", async () => {
  const foreign = { headers: { host: "evil.test" } }
  const refused = await request("/auth/login/", foreign)
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain('href="http://sentry.test:9000/"')
  expect((await request("/_health/", foreign)).status).toBe(200)
  expect((await request("/setup/", foreign)).status).toBe(404)
  const anyName = pagesWith({ "system.url-prefix": "" })
  expect((await anyName("/auth/login/", foreign)).status).toBe(200)
})

test("a page without its slash is redirected, a form is understood, other sites are not reached", async () => {
  const response = await request("/auth/login?next=/x/")
  expect(response.status).toBe(301)
  expect(response.headers.get("location")).toBe("/auth/login/?next=/x/")
  expect((await request("/auth/login", { method: "POST" })).status).toBe(403)
  const double = await request("http://sentry.test:9000//evil.test/%2e%2e")
  expect(double.headers.get("location") ?? "").not.toStartWith("//")
})

test("health is ok for everybody, and in full only for addresses of metrics.allowed-ips", async () => {
  expect(await (await request("/_health/")).text()).toBe("ok")
  expect(await (await request("/_health/?full", {}, "203.0.113.9")).text()).toBe("ok")
  const full = await request("/_health/?full")
  expect(full.status).toBe(500)
  const report = (await full.json()) as { problems: string[]; healthy: Record<string, boolean> }
  expect(report.healthy).toMatchObject({ database: true, workers: false })
  expect(report.problems[0]).toContain("worker")
})

test("Relay's health checks are answered while the process is there, with and without their slash", async () => {
  const paths = ["relay/healthcheck/live/", "relay/healthcheck/ready/", "0/relays/live/"]
  for (const path of [...paths, "relay/healthcheck/live"]) {
    const response = await request(`/api/${path}`, { headers: { host: "10.0.0.1" } })
    expect([path, response.status]).toEqual([path, 200])
    expect(await response.json()).toEqual({ is_healthy: true })
  }
})

test("robots stay out, and browsers find an icon where they look for one", async () => {
  expect(await (await request("/robots.txt")).text()).toBe("User-agent: *\nDisallow: /\n")
  const icon = await request("/favicon.ico", { headers: { host: "10.0.0.1" } })
  expect([icon.status, icon.headers.get("content-type")]).toEqual([
    200,
    "image/svg+xml; charset=utf-8",
  ])
})

test("an endpoint that other servers have is 404 for programs, whatever the method", async () => {
  for (const method of ["GET", "POST", "OPTIONS"]) {
    const response = await request("/api/1/integration/otlp/v1/traces", { method })
    expect([method, response.status]).toEqual([method, 404])
    expect(await response.json()).toEqual({ detail: "not found" })
    expect(response.headers.get("access-control-allow-origin")).toBe("*")
  }
})

test("nothing here: a page for people, JSON for programs", async () => {
  const page = await request("/no/such/page/really/", { headers: { accept: "text/html" } })
  expect(page.status).toBe(404)
  expect(await page.text()).toContain("<h1>Nothing here</h1>")
  const json = await request("/no/such/page/really/", { headers: { accept: "application/json" } })
  expect(await json.json()).toEqual({ detail: "There is no such page." })
})

test("who came with an old link finds its issue's id in the jump box; strangers find none", async () => {
  const member = await givenMember(app, await givenOrganization(app, "jumps"), "member")
  const ann = await signedIn(app, member)
  const path = "/organizations/jumps/issues/WEB-9999/"
  const page = await (await ann.get(path, { accept: "text/html" })).text()
  expect(page).toContain('<form class="search-form" action="/organizations/jumps/search/">')
  expect(page).toContain('name="q" type="search" maxlength="500" value="WEB-9999"')
  const hostile = await (await ann.get("/organizations/jumps/nothing/%22%3E%3Cb%3E1/")).text()
  expect(hostile).not.toContain("<b>1")
  const stranger = await request("/no/such/page/7/", { headers: { accept: "text/html" } })
  expect(await stranger.text()).not.toContain("<form")
})

test("a bug is a 500 with a reference and without its message", async () => {
  const broken = new Hono<WebEnv>().get("/broken/", () => {
    throw new Error("select secret from table")
  })
  const response = await pagesWith({}, broken)("/broken/")
  expect(response.status).toBe(500)
  const html = await response.text()
  expect(html).toMatch(/<code>[0-9a-f]{32}<\/code>/)
  expect(html).not.toContain("secret")
})

test("an expected refusal tells its message, escaped", async () => {
  const refusing = new Hono<WebEnv>().get("/refused/", () => {
    throw new AppError("rate_limited", "Slow <down>", { retryAfterSeconds: 7 })
  })
  const response = await pagesWith({}, refusing)("/refused/")
  expect(response.status).toBe(429)
  expect(response.headers.get("retry-after")).toBe("7")
  expect(await response.text()).toContain("Slow &lt;down&gt;")
})

test("without PostgreSQL pages are 503 and say when to come back, health is still ok", async () => {
  const sql = connect("postgres://nobody@127.0.0.1:1/none", { max: 1, connectTimeoutSeconds: 1 })
  const away = { ...app, sql }
  const pages = createPages(away, { health: healthRoutes(away), ui: uiRoutes(away) })
  const get = (path: string) =>
    pages.request(path, { headers: HOST }, { remoteAddress: "127.0.0.1" })
  const response = await get("/auth/login/")
  expect(response.status).toBe(503)
  expect(response.headers.get("retry-after")).toBe("5")
  expect((await get("/_health/")).status).toBe(200)
  expect((await get("/_health/?full")).status).toBe(500)
  await sql.end()
})

test("a form larger than a megabyte is refused", async () => {
  const visitor = await signedIn(app, await givenUser(app))
  const response = await visitor.post("/settings/account/details/", { name: "x".repeat(1 << 21) })
  expect(response.status).toBe(413)
})

test("links of Sentry's clients lead to the pages, and tell strangers nothing", async () => {
  const organization = await givenOrganization(app, "acme")
  const ann = await signedIn(app, await givenMember(app, organization, "member"))
  const eve = await signedIn(app, await givenMember(app, await givenOrganization(app), "owner"))
  for (const [from, to] of [
    ["/acme/", "/organizations/acme/issues/"],
    ["/acme/issues/ACME-1/", "/organizations/acme/issues/ACME-1/"],
    ["/acme/web/issues/7/?a=b", "/organizations/acme/issues/7/?a=b"],
    [
      "/acme/web/getting-started/go/",
      "/organizations/acme/projects/web/getting-started/?platform=go",
    ],
  ]) {
    expect((await ann.get(from ?? "")).headers.get("location")).toBe(to ?? "")
    expect((await eve.get(from ?? "")).status).toBe(404)
  }
  const cli = await ann.get("/orgredirect/organizations/:orgslug/settings/auth-tokens/")
  expect(cli.headers.get("location")).toBe("/settings/acme/auth-tokens/")
  expect((await visitorOf(app).get("/static/x/")).status).toBe(404)
})

test("the real server takes an event, shows pages, and stops in order", async () => {
  const live = await testApp({ "web.port": 0, "system.url-prefix": "" })
  const web = await startWeb(live)
  let isStopped = false
  const stop = async () => {
    if (!isStopped) await web.stop({ withinMs: 2000 })
    isStopped = true
  }
  afterAll(stop)
  const base = `http://127.0.0.1:${web.port}`
  expect(await (await fetch(`${base}/_health/`)).text()).toBe("ok")
  const login = await fetch(`${base}/auth/login/`)
  expect(login.status).toBe(200)
  expect(login.headers.get("cache-control")).toBe("no-store")
  const css = /href="(\/_static\/[^"]+app\.css)"/.exec(await login.text())?.[1] ?? ""
  const style = await fetch(base + css)
  expect(style.headers.get("cache-control")).toContain("immutable")
  const event = await fetch(`${base}/api/1/store/`, {
    method: "POST",
    headers: { "x-sentry-auth": `Sentry sentry_version=7, sentry_key=${"a".repeat(32)}` },
    body: "{}",
  })
  expect(event.status).toBe(403)
  const user = await givenUser(live)
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await fetch(`${base}/auth/login/`)).text())
  expect(csrf).not.toBeNull()
  expect(user.email).toContain("@")
  expect(PASSWORD.length).toBeGreaterThan(12)
  await stop()
  expect(fetch(`${base}/_health/`)).rejects.toThrow()
})

import { afterAll, expect, test } from "bun:test"
import { testNginx } from "../support/nginx.ts"

type Seen = {
  path: string
  forwardedFor: string | null
  realIp: string | null
  proto: string | null
}

const seen: Seen[] = []
const served = [0, 0]
const web = served.map((_, index) =>
  Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      served[index] = (served[index] ?? 0) + 1
      await request.arrayBuffer()
      seen.push({
        path: new URL(request.url).pathname,
        forwardedFor: request.headers.get("x-forwarded-for"),
        realIp: request.headers.get("x-real-ip"),
        proto: request.headers.get("x-forwarded-proto"),
      })
      return new Response("from web", { headers: { "Strict-Transport-Security": "max-age=1" } })
    },
  }),
)
afterAll(() => Promise.all(web.map((server) => server.stop(true))))

const nginx = await testNginx(web.map((server) => server.port ?? 0))
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${nginx.url}${path}`, { ...init, tls: { rejectUnauthorized: false } })
const MB = 1024 * 1024

test("an event passes, and what a client says of its own address does not", async () => {
  const liar = { "X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6", Forwarded: "for=6.6.6.6" }
  const response = await ask("/api/1/envelope/", { method: "POST", body: "{}", headers: liar })
  expect(await response.text()).toBe("from web")
  expect(seen.at(-1)).toEqual({
    path: "/api/1/envelope/",
    forwardedFor: "127.0.0.1",
    realIp: null,
    proto: "https",
  })
})

test("HSTS is sent once", async () => {
  const response = await ask("/")
  expect(response.headers.get("strict-transport-security")).toBe(
    "max-age=63072000; includeSubDomains",
  )
})

test("ingestion takes 20 MB, pages 1 MB", async () => {
  const body = "x".repeat(3 * MB)
  for (const path of ["/api/1/store/", "/api/store/", "/api/1/envelope", "/tunnel/"]) {
    expect((await ask(path, { method: "POST", body })).status).toBe(200)
  }
  expect((await ask("/organizations/a/", { method: "POST", body })).status).toBe(413)
  const tooMuch = "x".repeat(21 * MB)
  expect((await ask("/api/1/store/", { method: "POST", body: tooMuch })).status).toBe(413)
})

test("uploads take 32 MB and what a form adds, and so do releases with their commits", async () => {
  const body = "x".repeat(32.25 * MB)
  for (const path of [
    "/api/0/organizations/a/chunk-upload/",
    "/api/0/organizations/a/releases/",
    "/api/0/organizations/a/releases/shop%401.0.0/",
    "/api/0/projects/a/shop/releases/shop%401.0.0/files/",
  ]) {
    expect((await ask(path, { method: "POST", body })).status).toBe(200)
  }
  expect((await ask("/api/0/projects/a/shop/", { method: "PUT", body })).status).toBe(413)
})

test("in the clear: pages are redirected, data is refused", async () => {
  const page = await fetch(`${nginx.plainUrl}/a`, { redirect: "manual" })
  expect(page.status).toBe(301)
  expect(page.headers.get("location")).toStartWith("https://")
  const status = async (path: string) =>
    (await fetch(`${nginx.plainUrl}${path}`, { method: "POST", body: "x" })).status
  expect(await status("/api/1/envelope/")).toBe(403)
  expect(await status("/auth/login/")).toBe(405)
})

test("a flood of log-ins is answered 429, of events it is not", async () => {
  const statuses = async (path: string) => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => ask(path, { method: "POST", body: "x" })),
    )
    return answers.filter(({ status }) => status === 429).length
  }
  expect(await statuses("/auth/login/")).toBeGreaterThan(30)
  expect(await statuses("/api/1/envelope/")).toBe(0)
})

test("no event gets an error while one of two web processes is away", async () => {
  await web[0]?.stop(true)
  const before = served[1] ?? 0
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => ask("/api/1/envelope/", { method: "POST", body: "{}" })),
  )
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect((served[1] ?? 0) - before).toBe(40)
})

import { beforeAll, expect, test } from "bun:test"
import { type ApiClient, apiClient, givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../support/issues.ts"

const app = await testApp({ "api.rate-limit.token": 60, "api.rate-limit.user": 5 })

let shop: GivenProject
let client: ApiClient
let issueId: string
beforeAll(async () => {
  shop = await givenShop(app, "shop")
  const ann = await givenMember(app, shop, { name: "ann" })
  client = apiClient(app, await givenUserToken(app, ann))
  issueId = (await givenEvents(app, shop, [zeroDivision()])).issueId
})

test("paths work with and without their last slash, for reading and for writing", async () => {
  for (const path of ["", "/organizations/shop/issues", `/issues/${issueId}`]) {
    const [short, long] = [await client.get(path), await client.get(`${path}/`)]
    expect([path, short.status, long.status]).toEqual([path, 200, 200])
  }
  expect((await client.put(`/issues/${issueId}`, { hasSeen: true })).status).toBe(200)
})

test("an unknown path is a JSON 404, whatever the method", async () => {
  for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH"]) {
    for (const path of ["/nope", "/nope/", "/organizations/shop/nope/"]) {
      const response = await client.send(method, path)
      expect([method, path, response.status]).toEqual([method, path, 404])
      expect(response.headers.get("content-type")).toStartWith("application/json")
      expect(await response.json()).toEqual({ detail: "The requested resource does not exist" })
    }
  }
})

test("a browser of another site may ask, and read the headers that lists are paged by", async () => {
  const asked = await client.send("OPTIONS", "/organizations/", {
    headers: { origin: "https://dashboard.example" },
  })
  expect([asked.status, await asked.text()]).toEqual([200, ""])
  expect(asked.headers.get("access-control-allow-methods")).toContain("PUT")
  expect(asked.headers.get("access-control-allow-headers")).toContain("Authorization")
  const answered = await client.get("/organizations/", { origin: "https://dashboard.example" })
  expect(answered.headers.get("access-control-allow-origin")).toBe("*")
  expect(answered.headers.get("access-control-allow-credentials")).toBeNull()
  expect(answered.headers.get("access-control-expose-headers")).toContain("Link")
})

test("answers are never kept by caches", async () => {
  expect((await client.get("/organizations/")).headers.get("cache-control")).toBe("no-store")
  expect((await client.get("/nope/")).headers.get("cache-control")).toBe("no-store")
})

const NUMBERS = ["limit", "remaining", "reset", "concurrentlimit", "concurrentremaining"]

test("every answer tells the rate limit in five whole numbers, refusals included", async () => {
  for (const response of [
    await client.get("/organizations/"),
    await apiClient(app, "garbage", "192.0.2.50").get("/"),
    await client.get("/nope/"),
  ]) {
    for (const name of NUMBERS) {
      expect(response.headers.get(`x-sentry-rate-limit-${name}`)).toMatch(/^\d+$/)
    }
  }
})

test("beyond the limit comes 429 with the moment to come back, for this caller alone", async () => {
  const noisy = apiClient(app, null, "192.0.2.99")
  const statuses: number[] = []
  for (let request = 0; request < 6; request++) statuses.push((await noisy.get("/")).status)
  // A window may end in between; then the second run meets the limit.
  while (statuses.at(-1) !== 429 && statuses.length < 12) {
    statuses.push((await noisy.get("/")).status)
  }
  expect(statuses.at(-1)).toBe(429)
  const refused = await noisy.get("/")
  expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61)
  expect(refused.headers.get("x-sentry-rate-limit-remaining")).toBe("0")
  expect(await refused.json()).toEqual({
    detail:
      "You are attempting to use this endpoint too frequently. Limit is 5 requests in 60 seconds",
  })
  expect((await apiClient(app, null, "192.0.2.98").get("/")).status).toBe(200)
})

test("a body that is not JSON, or too large, gets a clear answer", async () => {
  const broken = await client.put(`/issues/${issueId}/`, "{nope")
  expect(broken.status).toBe(400)
  expect(((await broken.json()) as { detail: string }).detail).toStartWith("JSON parse error")
  const large = await client.put(`/issues/${issueId}/`, { x: "y".repeat(2_000_000) })
  expect(large.status).toBe(413)
  expect((await client.put(`/issues/${issueId}/`, "null")).status).toBe(400)
  expect((await client.put(`/issues/${issueId}/`, "[]")).status).toBe(400)
})

test("health answers anybody and tells strangers nothing", async () => {
  const response = await apiClient(app, null).get("/internal/health/")
  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({ problems: [], healthy: {} })
})

test("regions are this one address", async () => {
  expect(await (await client.get("/users/me/regions/")).json()).toEqual({
    regions: [{ name: "self-hosted", url: "http://sentry.test:9000" }],
  })
})

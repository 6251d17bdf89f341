import { beforeEach, expect, test } from "bun:test"
import { testDatabase } from "../../support/database.ts"
import { AUTH, DISABLED, givenDoor, givenProjects, K1, K2 } from "../../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)

beforeEach(() => {
  door.messages.length = 0
})

const ID = "a".repeat(32)
const body = JSON.stringify({ event_id: ID, message: "hi" })
const withAuth = (value: string) => ({ headers: { "X-Sentry-Auth": value }, body })

test("an event with the header of an SDK is accepted and is on stable storage", async () => {
  const answer = await door.send("/api/1/store/", { headers: AUTH, body })
  expect(answer).toMatchObject({ status: 200, json: { id: ID } })
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  expect(door.messages).toMatchObject([
    { projectId: "1", keyId: "1", organizationId: "1", publicKey: K1, kind: "store", eventId: ID },
  ])
  expect(door.messages[0]).toMatchObject({ client: "test/1.0", clientAddress: "192.0.2.9" })
  expect(Buffer.from(door.messages[0]!.body).toString()).toBe(body)
})

test("without credentials: 401, in words a browser may read", async () => {
  const answer = await door.send("/api/1/store/", { body })
  expect(answer).toMatchObject({
    status: 401,
    json: { detail: "missing authorization information" },
  })
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  expect(answer.headers.get("x-sentry-error")).toBe("missing authorization information")
  expect(answer.headers.get("access-control-expose-headers")).toContain("x-sentry-error")
})

test("credentials in the query, in Authorization, in both places", async () => {
  const query = `/api/1/store/?sentry_key=${K1}&sentry_version=7`
  expect(await door.send(query, { body })).toMatchObject({ status: 200 })
  const authorization = { Authorization: `Sentry sentry_key=${K1}` }
  expect(await door.send("/api/1/store/", { headers: authorization, body })).toMatchObject({
    status: 200,
  })
  expect(await door.send(query, { headers: AUTH, body })).toMatchObject({ status: 200 })
  const differing = `/api/1/store/?sentry_key=${K2}`
  expect(await door.send(differing, { headers: AUTH, body })).toMatchObject({
    status: 401,
    json: { detail: "multiple authorization payloads detected" },
  })
})

test("a header without a key, with a version that does not exist or is too new", async () => {
  expect(await door.send("/api/1/store/", withAuth("Sentry sentry_version=7"))).toMatchObject({
    status: 401,
    json: {
      detail: "bad x-sentry-auth header",
      causes: ["missing public key in auth header"],
    },
  })
  const version = (text: string) => withAuth(`Sentry sentry_key=${K1}, sentry_version=${text}`)
  expect(await door.send("/api/1/store/", version("8"))).toMatchObject({ status: 400 })
  expect(await door.send("/api/1/store/", version("x"))).toMatchObject({ status: 401 })
  expect(await door.send("/api/1/store/", version("2.0"))).toMatchObject({ status: 200 })
})

test("unknown, disabled and foreign keys get one and the same 403", async () => {
  for (const key of ["9".repeat(32), "Z".repeat(32), DISABLED, K2]) {
    expect(await door.send("/api/1/store/", withAuth(`Sentry sentry_key=${key}`))).toMatchObject({
      status: 403,
      json: { detail: "event submission rejected with_reason: ProjectId" },
    })
  }
  expect(await door.send("/api/999/store/", { headers: AUTH, body })).toMatchObject({ status: 403 })
})

test("a key that cannot be one: 400", async () => {
  expect(await door.send("/api/1/store/", withAuth("Sentry sentry_key=abc"))).toMatchObject({
    status: 400,
    json: { detail: "bad sentry DSN public key", causes: ["invalid project key"] },
  })
})

test("a project that is no positive number: 400", async () => {
  for (const project of ["abc", "0", "-1", "1.5", "01", "9".repeat(30)]) {
    expect(await door.send(`/api/${project}/store/`, { headers: AUTH, body })).toMatchObject({
      status: 400,
      json: { detail: "bad project path parameter" },
    })
  }
})

test("slashes too many and too few are no redirect", async () => {
  for (const path of ["//api//1//store/", "/api/1/store", "/api/1/store//", "/api/1/envelope"]) {
    const isEnvelope = path.endsWith("envelope")
    const sent = isEnvelope ? `{}\n{"type":"event"}\n${body}` : body
    expect(await door.send(path, { headers: AUTH, body: sent })).toMatchObject({ status: 200 })
  }
})

test("the preflight needs no key", async () => {
  const answer = await door.send("/api/1/store/", { method: "OPTIONS" })
  expect(answer.status).toBe(200)
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  const allowed = answer.headers.get("access-control-allow-headers")
  for (const name of ["x-sentry-auth", "content-type", "content-encoding", "sentry-trace"]) {
    expect(allowed).toContain(name)
  }
  expect(answer.headers.get("access-control-max-age")).toBe("3600")
  expect(answer.headers.has("access-control-allow-credentials")).toBe(false)
})

test("other methods: 405 that says which are allowed", async () => {
  for (const [method, path] of [
    ["GET", "/api/1/envelope/"],
    ["GET", "/api/1/store/"],
    ["PUT", "/api/1/store/"],
    ["HEAD", "/api/1/envelope/"],
  ] as const) {
    const answer = await door.send(path, { method })
    expect(answer.status).toBe(405)
    expect(answer.headers.get("allow")).toContain("POST")
  }
})

test("other paths are left to others", async () => {
  for (const path of ["/api/0/projects/", "/", "/api/1/", "/api/envelope/", "/api/1/store/x/"]) {
    expect(await door.send(path, { headers: AUTH, body })).toMatchObject({ status: 404 })
  }
})

test("/api/store/ takes the project from the key", async () => {
  expect(await door.send("/api/store/", { headers: AUTH, body })).toMatchObject({ status: 200 })
  expect(door.messages).toMatchObject([{ projectId: "1" }])
})

/** A project with its own key, so that no remembered key hides what its settings say. */
async function givenAllowedDomains(projectId: number, allowedDomains: string[]) {
  const key = String(projectId).repeat(32)
  await sql`
    insert into projects (id, organization_id, slug, name, settings) overriding system value
    values (${projectId}, 1, ${`p${projectId}`}, 'P', ${sql.json({ allowedDomains })})`
  await sql`
    insert into project_keys (project_id, public_key, secret_key) values (${projectId}, ${key}, ${key})`
  return (headers: Record<string, string>) =>
    door.send(`/api/${projectId}/store/?sentry_key=${key}`, { headers, body })
}

test("allowed domains are checked against Origin, else Referer", async () => {
  const send = await givenAllowedDomains(3, ["*.example.com"])
  expect(await send({ Origin: "https://app.example.com" })).toMatchObject({ status: 200 })
  expect(await send({ Origin: "https://example.com" })).toMatchObject({ status: 200 })
  expect(await send({})).toMatchObject({ status: 200 })
  expect(await send({ Origin: "null" })).toMatchObject({ status: 200 })
  expect(await send({ Origin: "https://evil.com" })).toMatchObject({
    status: 403,
    json: { detail: "event submission rejected with_reason: Cors" },
  })
  expect(await send({ Referer: "https://evilexample.com/page" })).toMatchObject({ status: 403 })
})

test("an empty list of allowed domains refuses every page, but no server", async () => {
  const send = await givenAllowedDomains(4, [])
  expect(await send({ Origin: "https://example.com" })).toMatchObject({ status: 403 })
  expect(await send({})).toMatchObject({ status: 200 })
})

test("cookies mean nothing here", async () => {
  const headers = { ...AUTH, Cookie: "__Host-sl_session=whatever" }
  const answer = await door.send("/api/1/store/", { headers, body })
  expect(answer.status).toBe(200)
  expect(answer.headers.has("set-cookie")).toBe(false)
})

test("the client's address is the hop in front of the trusted proxies", async () => {
  const headers = { ...AUTH, "X-Forwarded-For": "6.6.6.6, 203.0.113.7, 10.1.1.1" }
  await door.send("/api/1/store/", { headers, body }, "10.0.0.1")
  await door.send("/api/1/store/", { headers, body }, "192.0.2.1")
  expect(door.messages.map((message) => message.clientAddress)).toEqual([
    "203.0.113.7",
    "192.0.2.1",
  ])
})

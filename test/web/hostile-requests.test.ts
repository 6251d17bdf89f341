import { afterAll, expect, test } from "bun:test"
import { connect } from "node:net"
import { apiRoutes } from "#web/api/router.ts"
import { healthRoutes } from "#web/health.ts"
import { listen } from "#web/server.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { apiClient, givenUserToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import { givenMember, givenOrganization, signedIn } from "../support/people.ts"

const app = await testApp({ "web.port": 0 })
const web = listen(app, {
  ingest: ({ url }) =>
    url.endsWith("/store/") ? Promise.resolve(new Response(`ingest ${url}`)) : null,
  embed: () => null,
  health: healthRoutes(app),
  api: apiRoutes(app),
  ui: uiRoutes(app),
})
afterAll(() => web.stop({ withinMs: 1000 }))

/** The answer to these bytes, whatever they are. */
function answerTo(bytes: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(web.port, "127.0.0.1", () => socket.write(bytes))
  socket.once("data", (data) => {
    resolve(data.toString())
    socket.destroy()
  })
  socket.once("close", () => resolve(""))
  return promise
}

test("a Host that is no name is 400, and no bug of ours", async () => {
  for (const host of ["a b", "[::1", "user@name:99999", "a/b?c#d"]) {
    for (const path of ["/auth/login/", "/api/1/store/", "/_health/"]) {
      const answer = await answerTo(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect([host, path, answer.split("\r\n", 1)[0]]).toEqual([
        host,
        path,
        "HTTP/1.1 400 Bad Request",
      ])
    }
  }
})

test("HTTP/1.0, which load balancers ask for health in, needs no Host", async () => {
  expect(await answerTo("GET /_health/ HTTP/1.0\r\n\r\n")).toEndWith("\r\n\r\nok")
  expect(await answerTo("GET /api/1/store/ HTTP/1.0\r\n\r\n")).toContain(
    "ingest http://localhost/api/1/store/",
  )
})

test("a body's length that is told twice or not in digits is refused", async () => {
  for (const header of [
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: +5",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding : chunked",
  ]) {
    const answer = await answerTo(`POST /auth/login/ HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\nabcde`)
    expect([header, answer.split("\r\n", 1)[0]]).toEqual([header, "HTTP/1.1 400 Bad Request"])
  }
})

test("a NUL or a number past all bounds in an address is no bug of ours", async () => {
  const acme = await givenOrganization(app, "acme")
  const ann = await givenMember(app, acme, "owner")
  const visitor = await signedIn(app, ann)
  for (const path of [
    "/organizations/acme/issues/?environment=%00&query=%00&cursor=%00",
    "/organizations/acme/issues/changes/?since=99999999999999999999.7&id=99999999999999999999",
    "/organizations/acme/projects/?query=%00&cursor=%00",
    "/organizations/acme/search/?q=%00",
    "/settings/acme/teams/%00/",
    "/settings/acme/projects/%00/keys/%00/",
    "/settings/acme/members/99999999999999999999/",
    "/organizations/acme/issues/99999999999999999999/",
    "/account/recover/confirm/99999999999999999999/x/",
    "/accept/acme/99999999999999999999/x/",
  ]) {
    expect([path, (await visitor.get(path)).status]).not.toEqual([path, 500])
  }
  for (const assignee of ["user:9999999999999999999", "team:9999999999999999999", "user:\0"]) {
    const form = { action: "assign", assignee, id: "1" }
    expect((await visitor.post("/organizations/acme/issues/", form)).status).toBe(422)
  }
  const named = await visitor.post("/settings/account/details/", {
    action: "profile",
    name: "a\0b",
  })
  expect(named.status).toBe(422)
  const client = apiClient(app, await givenUserToken(app, ann.id))
  for (const path of [
    "/projects/?query=%00",
    "/organizations/acme/projects/?query=%00",
    "/organizations/acme/issues/?environment=%00",
  ]) {
    expect([path, (await client.get(path)).status]).toEqual([path, 400])
  }
})

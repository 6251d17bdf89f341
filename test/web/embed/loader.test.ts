import { expect, test } from "bun:test"
import { browserSdk } from "../../../scripts/browser-sdk.ts"
import { testDatabase } from "../../support/database.ts"
import { DISABLED, givenDoor, givenProjects, K1 } from "../../support/door.ts"

await browserSdk()
const { sql } = await testDatabase()
await givenProjects(sql)
const door = await givenDoor(sql)
const get = (path: string, headers: Record<string, string> = {}) =>
  door.ask(`/js-sdk-loader/${path}`, { method: "GET", headers })

test("a key's script knows its DSN and names the SDK, for every page and for an hour", async () => {
  for (const path of [`${K1}.min.js`, `${K1}.js`]) {
    const { status, text, headers } = await get(path)
    expect([status, headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"])
    expect(() => new Bun.Transpiler({ loader: "js" }).transformSync(text)).not.toThrow()
    expect(text).toContain(`{"dsn":"https://${K1}@sentry.test/in/1"}`)
    expect(text).toMatch(/"sdk":"sdk\/browser-sdk-[\d.]+-[0-9a-f]{12}\.js"/)
    expect(headers.get("access-control-allow-origin")).toBe("*")
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin")
    expect(headers.get("cache-control")).toStartWith("public, max-age=3600")
  }
})

test("the script of an unknown key, or one that is switched off, is there and does nothing", async () => {
  for (const key of ["unknown", "9".repeat(32), DISABLED, "a'b"]) {
    const { status, text, headers } = await get(`${key}.min.js`)
    expect([status, headers.get("content-type")]).toEqual([200, "text/javascript; charset=utf-8"])
    // No statement, and nothing of the address.
    expect(text.trim().split("\n")).toEqual([expect.stringMatching(/^\/\/ [\w ,]+\.$/)])
    expect(text).not.toContain("a'b")
  }
})

test("the SDK is served with its licence from here, kept for ever under its own name alone", async () => {
  const [, name = ""] = /"sdk\/([^"]+)"/.exec((await get(`${K1}.js`)).text) ?? []
  const { status, text, headers } = await get(`sdk/${name}`)
  expect([status, headers.get("cache-control")]).toEqual([
    200,
    "public, max-age=31536000, immutable",
  ])
  expect(text).toContain("MIT License")
  expect(text).toContain("showReportDialog")
  const zipped = await get(`sdk/${name}`, { "Accept-Encoding": "gzip, br" })
  expect(zipped.headers.get("content-encoding")).toBe("gzip")
  const older = await get("sdk/browser-sdk-9.0.0-000000000000.js")
  expect([older.status, older.headers.get("cache-control")]).toEqual([200, "no-cache"])
})

test("only reading is allowed, from anywhere; other paths are somebody else's", async () => {
  expect(await door.ask(`/js-sdk-loader/${K1}.js`)).toMatchObject({ status: 405 })
  expect(await door.ask(`/js-sdk-loader/${K1}.js`, { method: "OPTIONS" })).toMatchObject({
    status: 200,
  })
  expect(await get(K1)).toMatchObject({ status: 404 })
})

import { expect, test } from "bun:test"
import { defaultScrubSettings, type ScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import { normalized } from "../given.ts"
import { noteAt } from "./given.ts"

/** Rows 74 to 79 of the protocol's checklist. */

const scrubbed = (raw: unknown, settings: Partial<ScrubSettings> = {}) =>
  scrubEvent(normalized(raw), { ...defaultScrubSettings, ...settings })

test("secret names, card numbers and social security numbers in extra are hidden", () => {
  const { extra } = scrubbed({
    extra: {
      password: "x",
      the_secret: "y",
      apiKey: "z",
      n_auth: 5,
      ok: "4111-1111-1111-1111",
      s: "123-45-6789",
    },
  })
  expect(extra).toEqual({
    password: "[Filtered]",
    the_secret: "[Filtered]",
    apiKey: "[Filtered]",
    n_auth: null,
    ok: "[Filtered]",
    s: "[Filtered]",
  })
})

test("the Authorization header and the cookie of a session are hidden", () => {
  const event = scrubbed({
    request: { headers: { Authorization: "Basic YTpi" }, cookies: "sessionid=abc; theme=dark" },
  })
  expect(event.request?.headers).toEqual([["Authorization", "[Filtered]"]])
  expect(event.request?.cookies).toEqual([
    ["sessionid", "[Filtered]"],
    ["theme", "dark"],
  ])
  expect(noteAt(event, "request.headers.0.1")?.rem).toEqual([["@password:filter", "s"]])
  expect(noteAt(event, "request.cookies.0.1")?.rem).toEqual([["@password:filter", "s"]])
})

test("tags and file names stay as they are", () => {
  const frames = [{ filename: "/Users/bob/x.py", lineno: 1 }]
  const event = scrubbed({ tags: { password: "x" }, stacktrace: { frames } })
  expect(event.tags).toEqual([["password", "x"]])
  expect(event.stacktrace?.frames[0]?.filename).toBe("/Users/bob/x.py")
})

test("of a URL in a variable only the password is hidden", () => {
  const frames = [{ function: "f", vars: { url: "postgres://u:p@h/db" } }]
  const event = scrubbed({ stacktrace: { frames } })
  expect(event.stacktrace?.frames[0]?.vars).toEqual({ url: "postgres://u:[Filtered]@h/db" })
  expect(noteAt(event, "stacktrace.frames.0.vars.url")?.rem).toEqual([["@urlauth:filter", "s"]])
})

test("without IP addresses the user's and REMOTE_ADDR are gone", () => {
  const raw = {
    user: { id: "1", ip_address: "192.0.2.1" },
    request: { env: { REMOTE_ADDR: "192.0.2.1", SERVER_NAME: "web" } },
    extra: { peer: "192.0.2.1" },
  }
  const event = scrubbed(raw, { scrubIp: true, safeFields: ["peer"] })
  expect(event.user).toEqual({ id: "1" })
  expect(event.request?.env).toEqual({ SERVER_NAME: "web" })
  // Safe fields are safe from words, not from the wish to keep no addresses.
  expect(event.extra).toEqual({ peer: "[ip]" })
  expect(noteAt(event, "user.ip_address")?.rem).toEqual([["@ip:replace", "x"]])
})

test("a safe field is kept, a sensitive part of a name hides", () => {
  const settings = { safeFields: ["api_key"], sensitiveFields: ["iban"] }
  const event = scrubbed({ extra: { api_key: "k", user_iban: "DE1" } }, settings)
  expect(event.extra).toEqual({ api_key: "k", user_iban: "[Filtered]" })
  expect(noteAt(event, "extra.user_iban")?.rem).toEqual([["strip-fields", "s"]])
})

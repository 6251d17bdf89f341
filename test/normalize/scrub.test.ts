import { describe, expect, test } from "bun:test"
import { defaultScrubSettings, type ScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import { normalized } from "./given.ts"

const scrubbed = (raw: unknown, settings: Partial<ScrubSettings> = {}) =>
  scrubEvent(normalized(raw), { ...defaultScrubSettings, ...settings })

const extraOf = (extra: unknown, settings: Partial<ScrubSettings> = {}) =>
  scrubbed({ extra }, settings).extra

describe("by name", () => {
  test("a secret is hidden, whatever kind it is", () => {
    const extra = {
      password: "x",
      the_secret: "y",
      apiKey: "z",
      "api-key": "z",
      n_auth: 5,
      mySecrets: ["a"],
      AccessToken: "t",
      otp: "123456",
      is_auth: true,
      auth_empty: "",
      colour: "red",
    }
    expect(extraOf(extra)).toEqual({
      password: "[Filtered]",
      the_secret: "[Filtered]",
      apiKey: "[Filtered]",
      "api-key": "[Filtered]",
      n_auth: null,
      mySecrets: null,
      AccessToken: "[Filtered]",
      otp: "[Filtered]",
      is_auth: true,
      auth_empty: "",
      colour: "red",
    })
  })

  test("a project adds names and excepts others", () => {
    const settings = { sensitiveFields: ["IBAN"], safeFields: ["api_key"] }
    const extra = { user_iban: "x", api_key: "shown", Api_Key2: "hidden" }
    expect(extraOf(extra, settings)).toEqual({
      user_iban: "[Filtered]",
      api_key: "shown",
      Api_Key2: "[Filtered]",
    })
  })

  test("nothing happens when it is switched off", () => {
    const extra = { password: "x", card: "4111 1111 1111 1111" }
    expect(extraOf(extra, { scrubData: false })).toEqual(extra)
    expect(extraOf(extra, { scrubDefaults: false })).toEqual(extra)
  })
})

describe("by value", () => {
  test.each([
    ["4111 1111 1111 1111", "[Filtered]"],
    ["4111-1111-1111-1111", "[Filtered]"],
    ["card 378282246310005 ok", "card [Filtered] ok"],
    ["order 123456789012", "order 123456789012"],
    ["ssn 123-45-6789.", "ssn [Filtered]."],
    ["to DE89 3704 0044 0532 0130 00 now", "to [Filtered] now"],
    ["to DE88 3704 0044 0532 0130 00 now", "to DE88 3704 0044 0532 0130 00 now"],
    ["postgres://u:p4ss@h/db", "postgres://u:[Filtered]@h/db"],
    ["https://shop.test/a@b", "https://shop.test/a@b"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", KEY_REPLACED()],
    ["my password is x", "[Filtered]"],
    ["Bearer abcdef", "[Filtered]"],
    ["token: abc", "[Filtered]"],
    ["csrf_token=abc", "[Filtered]"],
    ["unexpected token <", "unexpected token <"],
    ["/home/ann/app.py", "/home/[Filtered]/app.py"],
    ["C:\\Users\\ann\\app.cs", "C:\\Users\\[Filtered]\\app.cs"],
    ["Bericht für José 😀", "Bericht für José 😀"],
  ])("%j is stored as %j", (value, expected) => {
    expect(extraOf({ value })?.value).toBe(expected)
  })

  test("a card number may be a number", () => {
    expect(extraOf({ a: 4111111111111111, b: 1772366400000 })).toEqual({
      a: "[Filtered]",
      b: 1772366400000,
    })
  })
})

function KEY_REPLACED(): string {
  return "-----BEGIN RSA PRIVATE KEY-----[Filtered]-----END RSA PRIVATE KEY-----"
}

describe("messages", () => {
  test("stay readable: only the secret itself goes", () => {
    const event = scrubbed({
      message: "auth failed for postgres://bob:hunter2@db/shop",
      exception: { type: "E", value: "login with password=hunter2 refused, Bearer abcdef123" },
    })
    expect(event.logentry?.formatted).toBe("auth failed for postgres://bob:[Filtered]@db/shop")
    expect(event.exception?.values[0]?.value).toBe(
      "login with password=[Filtered] refused, Bearer [Filtered]",
    )
  })
})

describe("what is no carrier stays", () => {
  test("tags, file names, known contexts and ids of users", () => {
    const raw = {
      tags: [["password", "x"]],
      stacktrace: { frames: [{ filename: "/Users/bob/x.py", abs_path: "/Users/bob/x.py" }] },
      contexts: { device: { name: "auth-box", type: "device" } },
      user: { id: "auth0|17" },
    }
    expect(scrubbed(raw)).toEqual(normalized(raw))
  })

  test("an event without secrets is not copied", () => {
    const event = normalized({ extra: { a: "b" }, exception: { type: "E", value: "v" } })
    expect(scrubEvent(event, defaultScrubSettings)).toBe(event)
  })

  test("the event that is given is not changed", () => {
    const event = normalized({
      extra: { a: { password: "x" } },
      breadcrumbs: [{ message: "my secret" }],
    })
    const before = structuredClone(event)
    scrubEvent(event, defaultScrubSettings)
    expect(event).toEqual(before)
  })
})

describe("addresses", () => {
  test("go when the project says so", () => {
    const event = scrubbed(
      {
        user: { id: "1", ip_address: "192.0.2.1" },
        request: {
          env: { REMOTE_ADDR: "192.0.2.1", HOST: "a" },
          headers: { "X-Forwarded-For": "192.0.2.1", Accept: "x" },
        },
        extra: { peer: "from 192.0.2.1 and 2001:db8::1, 12:30:45" },
      },
      { scrubIp: true },
    )
    expect(JSON.stringify(event)).not.toContain("192.0.2.1")
    expect(event.user).toEqual({ id: "1" })
    expect(event.request).toEqual({ env: { HOST: "a" }, headers: [["Accept", "x"]] })
    expect(event.extra?.peer).toBe("from [ip] and [ip], 12:30:45")
  })
})

describe("seeded secrets", () => {
  const SECRET = "hunter2-7f3a"

  test("do not survive in any field that may carry them", () => {
    const data = { password: SECRET, nested: { list: [{ api_key: SECRET }] } }
    const frames = [{ function: "f", vars: { ...data, url: `https://bob:${SECRET}@shop.test/` } }]
    const event = scrubbed({
      message: { message: "m %s", params: [{ passwd: SECRET }] },
      exception: [
        {
          type: "E",
          value: `secret=${SECRET}`,
          mechanism: { type: "m", data },
          stacktrace: { frames },
          raw_stacktrace: { frames },
        },
      ],
      threads: [{ id: 1, stacktrace: { frames } }],
      breadcrumbs: [{ message: `password: ${SECRET}`, data }],
      request: {
        url: `https://bob:${SECRET}@shop.test/`,
        query_string: `token=${SECRET}`,
        data: `{"credentials":"${SECRET}"}`,
        cookies: `sessionid=${SECRET}`,
        headers: {
          Authorization: `Basic ${SECRET}`,
          "X-Api-Key": SECRET,
          "Set-Cookie": `s=${SECRET}`,
          "X-Csrf-Token": SECRET,
        },
        env: { DB_PASSWORD: SECRET },
      },
      extra: data,
      user: { id: 1, data },
      contexts: { mine: data },
      environment: [`password ${SECRET}`],
    })
    expect(JSON.stringify(event)).not.toContain(SECRET)
  })
})

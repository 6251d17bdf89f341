import { describe, expect, test } from "bun:test"
import { tagsOf } from "#normalize/event-tags.ts"
import { noteOf } from "#normalize/meta.ts"
import { NOW, NOW_SECONDS, normalized, remarksOf } from "./given.ts"

const HOUR = 3600
const CLIENT = { clientAddress: "1.2.3.4" }

describe("the client's clock", () => {
  test("drift of two hours is corrected and noted; fifty minutes are left alone", () => {
    const event = normalized(
      { timestamp: NOW_SECONDS - 2 * HOUR },
      { sentAt: new Date(NOW.getTime() - 2 * HOUR * 1000) },
    )
    expect(event.timestamp).toBeCloseTo(NOW_SECONDS, 3)
    expect(remarksOf(event)).toEqual(["clock_drift timestamp"])
    expect(event.errors?.[0]?.reason).toContain("2026-03-01T10:00:00.000Z there")
    const timestamp = NOW_SECONDS - 50 * 60
    const near = normalized({ timestamp }, { sentAt: new Date(timestamp * 1000) })
    expect(near.timestamp).toBe(timestamp)
    expect(near.errors).toBeUndefined()
  })

  test("drift moves the breadcrumbs of an event without a time, too", () => {
    const breadcrumbs = [{ message: "a", timestamp: NOW_SECONDS - 3 * HOUR }]
    const sentAt = new Date(NOW.getTime() - 3 * HOUR * 1000)
    const event = normalized({ breadcrumbs }, { sentAt })
    expect(event.timestamp).toBe(NOW_SECONDS)
    expect(event.breadcrumbs?.values[0]?.timestamp).toBe(NOW_SECONDS)
  })

  test("times are kept to the microsecond, a naive one is UTC, senseless ones become that of receiving", () => {
    const at = (timestamp: unknown, receivedAt = NOW) =>
      normalized({ timestamp }, { receivedAt }).timestamp
    const then = (iso: string) => new Date(Date.parse(iso))
    expect(at(1700000000.123456, new Date(1700000001_000))).toBe(1700000000.123456)
    expect(at("2025-06-03T02:00:23.7069486+00:00", then("2025-06-03T02:00:30Z"))).toBe(
      1748916023.706949,
    )
    expect(at("2015-03-02T10:00:00", then("2015-03-02T10:00:05Z"))).toBe(1425290400)
    expect(at(NOW_SECONDS + 600)).toBe(NOW_SECONDS)
    expect(at(NOW_SECONDS - 2 * 365 * 24 * HOUR)).toBe(NOW_SECONDS)
    expect(at("x")).toBe(NOW_SECONDS)
    const noted = [NOW_SECONDS + 600, NOW_SECONDS - 2 * 365 * 24 * HOUR, "x"].flatMap((timestamp) =>
      remarksOf(normalized({ timestamp })),
    )
    expect(noted).toEqual([
      "future_timestamp timestamp",
      "past_timestamp timestamp",
      "invalid_data timestamp",
    ])
  })
})

describe("tags", () => {
  test("are read from pairs; too long values and reserved names are removed", () => {
    const event = normalized({
      tags: [
        ["a", "b"],
        ["x y", "1"],
        ["n", 5],
        ["long", "v".repeat(201)],
        ["release", "r"],
      ],
    })
    expect(event.tags).toEqual([
      ["a", "b"],
      ["x-y", "1"],
      ["n", "5"],
    ])
    expect(event.release).toBeUndefined()
    expect(remarksOf(event)).toEqual(["value_too_long tags.long"])
  })

  test("a level that is only a tag is the level", () => {
    const event = normalized({ tags: { level: "warning" } })
    expect(event.level).toBe("warning")
    expect(Object.fromEntries(tagsOf(event)).level).toBe("warning")
    expect(normalized({ tags: { level: "warning" }, level: "info" }).level).toBe("info")
  })
})

describe("exceptions", () => {
  test("an object, a list and a values object mean the same", () => {
    const one = { type: "E", value: "v" }
    const expected = { values: [one] }
    for (const exception of [one, [one], { values: [one] }]) {
      expect(normalized({ exception }).exception).toEqual(expected)
    }
  })

  test("a type within the value is taken out", () => {
    const event = normalized({ exception: { value: "ValueError: bad" } })
    expect(event.exception?.values).toEqual([{ type: "ValueError", value: "bad" }])
  })

  test("one without type and value is removed, the event stored", () => {
    const event = normalized({ exception: { type: null, value: "" }, message: "still here" })
    expect(event.exception).toBeUndefined()
    expect(event.logentry?.formatted).toBe("still here")
    expect(remarksOf(event)).toEqual(["missing_attribute exception.values.0"])
  })

  test("stack traces without frames and frames that are null do no harm", () => {
    for (const stacktrace of [{}, { frames: null }, { frames: [] }]) {
      const exception = { type: "E", stacktrace }
      expect(normalized({ exception }).exception?.values).toEqual([{ type: "E" }])
    }
    const stacktrace = { frames: [null, { function: "f" }, null] }
    expect(normalized({ exception: { type: "E", stacktrace } }).exception?.values[0]).toEqual({
      type: "E",
      stacktrace: { frames: [{ function: "f" }] },
    })
  })

  test("of 300 frames the last 250 are kept, with source and variables on 50", () => {
    const frames = Array.from({ length: 300 }, (_, lineno) => ({
      lineno,
      context_line: "x",
      pre_context: ["w"],
      vars: { lineno },
    }))
    const kept = normalized({ stacktrace: { frames } }).stacktrace?.frames ?? []
    expect(kept).toHaveLength(250)
    expect(kept[0]?.lineno).toBe(50)
    expect(kept.at(-1)?.lineno).toBe(299)
    expect(kept.filter(({ vars, pre_context }) => vars && pre_context)).toHaveLength(50)
    expect(kept.filter(({ vars, pre_context }) => vars || pre_context)).toHaveLength(50)
  })

  test("an empty mechanism is none; a bare signal becomes a generic one", () => {
    const mechanismOf = (mechanism: unknown) =>
      normalized({ exception: { type: "E", mechanism } }).exception?.values[0]?.mechanism
    expect(mechanismOf({})).toBeUndefined()
    expect(mechanismOf(null)).toBeUndefined()
    expect(mechanismOf({ posix_signal: { signal: 11 } })).toEqual({
      type: "generic",
      meta: { signal: { number: 11 } },
    })
  })
})

describe("spellings", () => {
  test("interfaces under their old names are the same as under today's", () => {
    const exception = [{ type: "E", value: "v" }]
    const request = { url: "http://h/p" }
    const user = { id: "7" }
    expect(
      normalized({
        "sentry.interfaces.Exception": exception,
        "sentry.interfaces.Http": request,
        "sentry.interfaces.User": user,
      }),
    ).toEqual(normalized({ exception, request, user }))
  })

  test("levels may be names, aliases and numbers; what is none is an error", () => {
    const given = ["warning", "log", "critical", 30, "x", undefined]
    expect(given.map((level) => normalized({ level }).level)).toEqual([
      "warning",
      "info",
      "fatal",
      "warning",
      "error",
      "error",
    ])
  })

  test("messages are formatted from template and parameters, and may be any JSON", () => {
    const formatted = (raw: object) => normalized(raw).logentry?.formatted
    expect(formatted({ logentry: { message: "a %s", params: ["b"] } })).toBe("a b")
    expect(formatted({ logentry: { message: "{} {}", params: ["x", "y"] } })).toBe("x y")
    expect(formatted({ message: { x: 1 } })).toBe('{"x":1}')
  })

  test("a message of 9000 characters ends in dots at 8192", () => {
    const text = normalized({ message: "m".repeat(9000) }).logentry?.formatted
    expect(text).toBe(`${"m".repeat(8189)}...`)
  })

  test("php's empty lists are stored as nothing", () => {
    const event = normalized({ tags: [], extra: [], contexts: [], user: [], modules: [] })
    for (const name of ["tags", "extra", "contexts", "user", "modules", "errors"]) {
      expect(event).not.toHaveProperty(name)
    }
  })

  test("an unknown attribute is left out and noted", () => {
    const event = normalized({ message: "m", foo: { bar: 1 } })
    expect(event).not.toHaveProperty("foo")
    expect(event.logentry?.formatted).toBe("m")
    expect(remarksOf(event)).toEqual(["invalid_attribute foo"])
    expect(noteOf(event._meta?.foo as never)).toEqual({ err: ["invalid_attribute"] })
  })
})

describe("the request", () => {
  const requestOf = (request: object) => normalized({ request }).request

  test("query and fragment of the address get fields of their own", () => {
    expect(requestOf({ url: "http://h/p?a=1#f" })).toEqual({
      url: "http://h/p",
      query_string: [["a", "1"]],
      fragment: "f",
    })
  })

  test("header values may be lists and numbers; cookies leave the headers", () => {
    const headers = { accept: ["a", "b"], "user-agent": 5, cookie: "a=1; b=2" }
    expect(requestOf({ headers })).toEqual({
      headers: [
        ["Accept", "a,b"],
        ["User-Agent", "5"],
      ],
      cookies: [
        ["a", "1"],
        ["b", "2"],
      ],
    })
  })

  test("a body that is JSON or a form becomes data, and its type is inferred", () => {
    expect(requestOf({ data: '{"a":1}' })).toEqual({
      data: { a: 1 },
      inferred_content_type: "application/json",
    })
    expect(requestOf({ data: "a=1&b=2" })).toEqual({
      data: { a: "1", b: "2" },
      inferred_content_type: "application/x-www-form-urlencoded",
    })
  })
})

describe("the user's address", () => {
  const addressOf = (raw: object) => normalized(raw, CLIENT).user?.ip_address

  test("is the connection's for {{auto}} and for browsers, and nobody's for servers", () => {
    expect(addressOf({ user: { ip_address: "{{auto}}" } })).toBe("1.2.3.4")
    expect(addressOf({ platform: "javascript" })).toBe("1.2.3.4")
    expect(addressOf({ platform: "python" })).toBeUndefined()
  })

  test("is never inferred when the SDK says so", () => {
    const sdk = { name: "s", version: "1", settings: { infer_ip: "never" } }
    expect(addressOf({ platform: "javascript", sdk })).toBeUndefined()
    expect(addressOf({ sdk, user: { ip_address: "{{auto}}" } })).toBe("1.2.3.4")
  })
})

describe("names", () => {
  test("releases and environments that cannot be part of a URL are removed and noted", () => {
    for (const release of ["a/b", "latest", "x".repeat(201)]) {
      const event = normalized({ release })
      expect(event.release).toBeUndefined()
      expect(remarksOf(event)).toEqual(["invalid_data release"])
    }
    expect(normalized({ release: "app@1.0.0+5" }).release).toBe("app@1.0.0+5")
    for (const environment of ["none", "a/b"]) {
      const event = normalized({ environment })
      expect(event.environment).toBeUndefined()
      expect(remarksOf(event)).toEqual(["invalid_data environment"])
    }
  })

  test("a fingerprint is a list of texts; placeholders stay", () => {
    const fingerprintOf = (fingerprint: unknown) => normalized({ fingerprint }).fingerprint
    expect(fingerprintOf(["a", 1, true, null, { x: 1 }])).toEqual(["a", "1", "True"])
    expect(fingerprintOf("x")).toBeUndefined()
    expect(fingerprintOf(["{{ default }}", "b"])).toEqual(["{{ default }}", "b"])
  })
})

describe("contexts", () => {
  test("that are no objects are removed; others keep their name as type", () => {
    const event = normalized({ contexts: { os: null, device: "x", my: { a: 1 } } })
    expect(event.contexts).toEqual({ my: { a: 1, type: "my" } })
    expect(remarksOf(event)).toEqual(["invalid_data contexts.device"])
  })

  test("the user agent tells the browser, and the system of browser or visitor", () => {
    const agent =
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
    const namesOf = (platform: string) => {
      const request = { headers: { "User-Agent": agent } }
      return Object.keys(normalized({ platform, request }).contexts ?? {}).sort()
    }
    expect(namesOf("javascript")).toEqual(["browser", "os"])
    expect(namesOf("python")).toEqual(["browser", "client_os"])
  })
})

describe("geography", () => {
  const locate = (address: string) =>
    address === "1.2.3.4" ? { country_code: "NO", city: "Oslo" } : undefined

  test("is filled in from the user's address, unless the client knows better", () => {
    const geoOf = (user: object) => normalized({ user }, { ...CLIENT, locate }).user?.geo
    expect(geoOf({ ip_address: "{{auto}}" })).toEqual({ country_code: "NO", city: "Oslo" })
    expect(geoOf({ ip_address: "5.6.7.8" })).toBeUndefined()
    expect(geoOf({ ip_address: "1.2.3.4", geo: { city: "Bergen" } })).toEqual({ city: "Bergen" })
    expect(geoOf({ id: 5 })).toBeUndefined()
  })
})

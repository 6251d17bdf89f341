import { describe, expect, test } from "bun:test"
import { tagsOf } from "#normalize/event-tags.ts"
import { normalized, remarksOf } from "./given.ts"

/** Payloads as clients of the last ten years make them, reduced to what is odd in them. */
describe("what clients send", () => {
  test("raven-js 1: no time, an id beside it, culprit and site", () => {
    const event = normalized(
      {
        project: "1",
        logger: "javascript",
        site: "shop",
        platform: "javascript",
        event_id: "0".repeat(32),
        request: { url: "http://shop.test/", headers: { "User-Agent": "x", Referer: "" } },
        message: "Error: no",
        culprit: "http://shop.test/app.js",
        exception: { type: "Error", value: "no" },
        stacktrace: { frames: [{ filename: "http://shop.test/app.js", lineno: 1, function: "?" }] },
        user: {},
        tags: {},
        extra: {},
      },
      { client: "raven-js/1.3.0" },
    )
    expect(event.exception?.values).toHaveLength(1)
    expect(event.exception?.values[0]?.stacktrace?.frames[0]).toEqual({
      filename: "/app.js",
      abs_path: "http://shop.test/app.js",
      lineno: 1,
    })
    expect(event.sdk).toEqual({ name: "raven-js", version: "1.3.0" })
    expect(Object.fromEntries(tagsOf(event))).toMatchObject({ site: "shop", logger: "javascript" })
    expect(event.errors).toBeUndefined()
  })

  test("raven-python: old interface names, checksum, time_spent, naive microseconds", () => {
    const event = normalized({
      "sentry.interfaces.Message": { message: "a %s", params: ["b"] },
      "sentry.interfaces.Exception": { type: "E", value: "v", module: "exceptions" },
      "sentry.interfaces.Stacktrace": { frames: [{ function: "f", vars: { a: "'1'" } }] },
      "sentry.interfaces.Http": { url: "http://h/", method: "get", query_string: "a=1" },
      "sentry.interfaces.Query": { query: "select 1" },
      checksum: "c".repeat(32),
      time_spent: 12,
      site: null,
      timestamp: "2026-03-01T11:59:00.123456",
      extra: { "sys.argv": ["'manage.py'"] },
      level: 40,
    })
    expect(event.checksum).toBe("c".repeat(32))
    expect(event.request?.method).toBe("GET")
    expect(event.logentry?.formatted).toBe("a b")
    expect(event.exception?.values[0]?.stacktrace?.frames).toHaveLength(1)
    expect(event.timestamp % 60).toBeCloseTo(0.123456, 6)
    expect(event.errors).toBeUndefined()
  })

  test("sentry-php: empty lists where objects are meant", () => {
    const event = normalized({
      request: [],
      user: [],
      tags: [],
      extra: [],
      contexts: [],
      modules: [],
      sdk: [],
      breadcrumbs: [],
      fingerprint: [],
      exception: { values: [{ type: "E", mechanism: [], stacktrace: [] }] },
    })
    expect(event.exception?.values).toEqual([{ type: "E" }])
    expect(event.errors).toBeUndefined()
    expect(
      normalized({ request: { url: "http://h/", headers: [], cookies: [], env: [] } }),
    ).toEqual(normalized({ request: { url: "http://h/" } }))
  })

  test("sentry-go: a bare list of exceptions, an empty user, nine digits of a second", () => {
    const event = normalized({
      exception: [{ type: "*errors.errorString", value: "no", stacktrace: { frames: null } }],
      user: {},
      timestamp: "2026-03-01T11:59:59.132514327Z",
      contexts: { device: { arch: "amd64", num_cpu: 8 }, runtime: { name: "go", go_maxprocs: 8 } },
    })
    expect(event.user).toBeUndefined()
    expect(event.contexts?.device).toEqual({ arch: "amd64", num_cpu: 8, type: "device" })
    expect(event.errors).toBeUndefined()
  })

  test("sentry-dotnet: seven digits and an offset; a null in nearly every field", () => {
    const event = normalized({
      timestamp: "2026-03-01T11:59:59.7069486+00:00",
      release: null,
      fingerprint: null,
      user: {},
      exception: [
        {
          type: "System.Exception",
          value: "no",
          mechanism: { type: "chained", data: null, meta: null, help_link: null, parent_id: 0 },
        },
      ],
      contexts: { trace: { trace_id: "a".repeat(32), parent_span_id: null }, os: null },
      transaction_info: {},
    })
    expect(event.exception?.values[0]?.mechanism).toEqual({ type: "chained", parent_id: 0 })
    expect(event.errors).toBeUndefined()
  })

  test("elixir and crystal: platforms of their own, tags as pairs", () => {
    for (const platform of ["elixir", "crystal", "nonsense"]) {
      expect(normalized({ platform, tags: [["a", "b"]] })).toMatchObject({
        platform,
        tags: [["a", "b"]],
      })
    }
  })

  test("unity: frames with an address mode, contexts of its own", () => {
    const frames = [{ function: "f", instruction_addr: "0xAB", addr_mode: "rel:0", native: true }]
    const event = normalized({ stacktrace: { frames }, contexts: { unity: { copy_texture: "x" } } })
    expect(event.stacktrace?.frames[0]).toEqual({
      function: "f",
      instruction_addr: "0xab",
      addr_mode: "rel:0",
      native: true,
    })
    expect(event.errors).toBeUndefined()
  })

  test("capacitor: files of the app", () => {
    const frames = [{ filename: "app:///main.js", abs_path: "app:///main.js" }]
    expect(
      normalized({ platform: "javascript", stacktrace: { frames } }).stacktrace?.frames,
    ).toEqual(frames)
  })

  test("numbers where texts are meant, and the other way round", () => {
    const event = normalized({
      user: { id: 0, username: 17 },
      release: 20260301,
      tags: { n: 1.5, yes: true },
      fingerprint: [123],
      request: { headers: { "User-Agent": 5 } },
      logger: 7,
    })
    expect(event.user).toEqual({ id: "0", username: "17" })
    expect(event.release).toBe("20260301")
    expect(event.fingerprint).toEqual(["123"])
    expect(event.tags).toEqual([
      ["n", "1"],
      ["yes", "True"],
    ])
    expect(remarksOf(event)).toEqual(["invalid_data logger"])
  })

  test("contexts of a server beside those of a device", () => {
    const contexts = {
      "server-os": { type: "os", name: "Linux", version: "6.1" },
      "server-runtime": { type: "runtime", name: "node", version: "22" },
    }
    expect(Object.fromEntries(tagsOf(normalized({ contexts })))).toMatchObject({
      "server-os": "Linux 6.1",
      "server-os.name": "Linux",
      "server-runtime": "node 22",
    })
  })
})

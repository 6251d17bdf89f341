import { describe, expect, test } from "bun:test"
import { EVENT_ID, NOW_SECONDS, normalized, remarksOf } from "./given.ts"

describe("an event as a whole", () => {
  test("without anything is stored with the defaults", () => {
    expect(normalized({})).toEqual({
      event_id: EVENT_ID,
      type: "default",
      timestamp: NOW_SECONDS,
      received: NOW_SECONDS,
      level: "error",
      platform: "other",
    })
  })

  test.each([[null], [[]], ["text"], [17], [true]])(
    "that is %p is stored empty and says so",
    (raw) => {
      const event = normalized(raw)
      expect(event.type).toBe("default")
      expect(event.errors?.[0]?.type).toBe("invalid_data")
    },
  )

  test("keeps what is known, drops what is not and notes it", () => {
    const event = normalized({ server_name: "web-1", colour: "red", project: 4, nothing: null })
    expect(event.server_name).toBe("web-1")
    expect(event).not.toHaveProperty("colour")
    expect(remarksOf(event)).toEqual(["invalid_attribute colour"])
  })

  test("names the place of a wrong value deep inside", () => {
    const frames = [{ function: "f" }, { function: "g", lineno: "12" }]
    const event = normalized({ exception: [{ type: "E", stacktrace: { frames } }] })
    expect(event.errors).toEqual([
      {
        type: "invalid_data",
        name: "exception.values.0.stacktrace.frames.1.lineno",
        value: "12",
        reason: "expected an unsigned integer",
      },
    ])
    expect(event.exception?.values[0]?.stacktrace?.frames[1]).toMatchObject({ function: "g" })
  })

  test("of a well-behaved client is not copied part by part", () => {
    const raw = { exception: { values: [{ type: "E", value: "v" }] }, extra: { a: { b: [1] } } }
    const event = normalized(raw)
    expect(event.exception).toBe(raw.exception as never)
    expect(event.extra).toBe(raw.extra)
  })

  test("is left unchanged itself", () => {
    const raw = { tags: [["a b", "c"]], user: { id: 1 }, exception: [{ value: "T: x" }], dist: "1" }
    const before = structuredClone(raw)
    normalized(raw)
    expect(raw).toEqual(before)
  })
})

describe("older spellings", () => {
  test("of interfaces mean the same as today's", () => {
    const old = normalized({
      "sentry.interfaces.Exception": [{ type: "E", value: "v" }],
      "sentry.interfaces.Http": { url: "http://shop.test/a" },
      "sentry.interfaces.User": { id: 4 },
      "sentry.interfaces.Message": { message: "hello" },
    })
    const today = normalized({
      exception: { values: [{ type: "E", value: "v" }] },
      request: { url: "http://shop.test/a" },
      user: { id: "4" },
      logentry: { formatted: "hello" },
    })
    expect(old).toEqual(today)
  })

  test("lose against today's, and null counts as absent", () => {
    expect(normalized({ message: "old", logentry: "new" }).logentry?.formatted).toBe("new")
    expect(normalized({ message: "old", logentry: null }).logentry?.formatted).toBe("old")
  })

  test.each([
    [{ type: "E", value: "v" }],
    [[{ type: "E", value: "v" }]],
    [{ values: [{ type: "E", value: "v" }] }],
    [{ values: [null, { type: "E", value: "v" }] }],
  ])("of a list of exceptions: %j", (exception) => {
    expect(normalized({ exception }).exception).toEqual({ values: [{ type: "E", value: "v" }] })
  })

  test("php's empty lists are empty objects", () => {
    const event = normalized({
      tags: [],
      extra: [],
      contexts: [],
      user: [],
      modules: [],
      request: [],
    })
    expect(Object.keys(event).sort()).toEqual(
      ["event_id", "level", "platform", "received", "timestamp", "type"].sort(),
    )
  })
})

describe("level", () => {
  test.each([
    ["warning", "warning"],
    ["log", "info"],
    ["critical", "fatal"],
    ["warn", "warning"],
    ["Error", "error"],
    [30, "warning"],
    ["loud", "error"],
    [undefined, "error"],
  ])("%p is %s", (level, expected) => {
    expect(normalized({ level }).level).toBe(expected as "error")
  })
})

describe("release, environment and dist", () => {
  test.each([["a/b"], ["latest"], ["x".repeat(201)], ["a\tb"], [".."]])(
    "%p is no release",
    (release) => {
      const event = normalized({ release, dist: "7" })
      expect(event.release).toBeUndefined()
      expect(event.dist).toBeUndefined()
      expect(remarksOf(event)).toEqual(["invalid_data release"])
    },
  )

  test("a release is trimmed and may be a number", () => {
    expect(normalized({ release: " shop@1.0.0+5 " }).release).toBe("shop@1.0.0+5")
    expect(normalized({ release: 20260301 }).release).toBe("20260301")
  })

  test.each([["none"], ["a/b"], [""], ["e".repeat(65)]])("%p is no environment", (environment) => {
    expect(normalized({ environment }).environment).toBeUndefined()
  })

  test("the environment of the tags stands in for a missing one and is no tag any more", () => {
    const tags = [["environment", "staging"]]
    expect(normalized({ tags })).toMatchObject({ environment: "staging" })
    expect(normalized({ tags, environment: "live" }).environment).toBe("live")
    expect(normalized({ tags }).tags).toBeUndefined()
  })
})

describe("tags", () => {
  test("are read from pairs, cleaned, and dropped when they cannot be indexed", () => {
    const event = normalized({
      tags: [
        ["a", "b"],
        ["x y", " 1 "],
        ["n", 5],
        ["yes", true],
        ["long", "v".repeat(201)],
        ["line", "a\nb"],
        ["release", "r"],
        ["a", "second"],
        ["bad key!", "v"],
        ["empty", ""],
        null,
        ["lonely"],
      ],
    })
    expect(event.tags).toEqual([
      ["a", "b"],
      ["x-y", "1"],
      ["n", "5"],
      ["yes", "True"],
    ])
    expect(remarksOf(event)).toContain("value_too_long tags.long")
  })
})

describe("fingerprint", () => {
  test("parts are spelled out, others dropped", () => {
    const event = normalized({ fingerprint: ["a", 1, 3.7, true, null, { x: 1 }] })
    expect(event.fingerprint).toEqual(["a", "1", "3", "True"])
  })

  test("that is no list is none", () => {
    expect(normalized({ fingerprint: "x" }).fingerprint).toBeUndefined()
  })
})

describe("sdk", () => {
  test("comes from the event, else the envelope, else the client's name", () => {
    const client = "raven-js/3.27.0"
    expect(normalized({ sdk: { name: "a", version: "1" } }, { client }).sdk?.name).toBe("a")
    expect(normalized({}, { client, sdk: { name: "b" } }).sdk?.name).toBe("b")
    expect(normalized({}, { client }).sdk).toEqual({ name: "raven-js", version: "3.27.0" })
  })
})

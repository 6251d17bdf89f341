import { describe, expect, test } from "bun:test"
import { normalized, remarksOf } from "./given.ts"

describe("message", () => {
  test.each([
    [
      { message: "a %s", params: ["b"] },
      { message: "a %s", formatted: "a b" },
    ],
    [
      { message: "{} and {}", params: ["x", 2] },
      { message: "{} and {}", formatted: "x and 2" },
    ],
    [
      { message: "{1} {0}", params: ["x", "y"] },
      { message: "{1} {0}", formatted: "y x" },
    ],
    [
      { message: "%(who)s %d%%", params: { who: "me" } },
      { message: "%(who)s %d%%", formatted: "me %d%" },
    ],
    [{ message: "plain" }, { formatted: "plain" }],
    [{ message: "t", formatted: "t" }, { formatted: "t" }],
    ["text", { formatted: "text" }],
    [{ x: 1 }, { formatted: '{"x":1}' }],
  ])("%j becomes %j", (logentry, expected) => {
    expect(normalized({ logentry }).logentry).toMatchObject(expected)
  })

  test("longer than the limit is cut to 8192 characters and says so", () => {
    const event = normalized({ message: "m".repeat(9000) })
    expect(event.logentry?.formatted).toHaveLength(8192)
    expect(event.logentry?.formatted).toEndWith("m...")
    expect(event._meta).toEqual({
      logentry: { "": { rem: [["!limit", "s", 8189, 8192]], len: 9000 } },
    })
    expect(event.errors).toBeUndefined()
  })

  test("false and empty ones are none", () => {
    expect(normalized({ message: "" })).not.toHaveProperty("errors")
    expect(normalized({ message: false }).logentry).toBeUndefined()
    expect(normalized({ message: { message: "", formatted: null } }).logentry).toBeUndefined()
  })
})

describe("exception", () => {
  test("with its type in the value is taken apart", () => {
    const event = normalized({ exception: { value: "ValueError: bad input" } })
    expect(event.exception?.values).toEqual([{ type: "ValueError", value: "bad input" }])
    expect(event.type).toBe("error")
  })

  test("without type and value is dropped", () => {
    const event = normalized({ exception: [{ type: null, value: "" }] })
    expect(event.exception).toBeUndefined()
    expect(remarksOf(event)).toEqual(["missing_attribute exception.values.0"])
  })

  test("value may be any JSON", () => {
    const event = normalized({ exception: { type: "E", value: { code: 4 } } })
    expect(event.exception?.values[0]?.value).toBe('{"code":4}')
  })

  test.each([[{}], [{ frames: null }], [{ frames: [] }], [null]])(
    "stack trace %j is none",
    (stacktrace) => {
      const event = normalized({ exception: { type: "E", stacktrace } })
      expect(event.exception?.values).toEqual([{ type: "E" }])
      expect(event.errors).toBeUndefined()
    },
  )

  test("takes the stack beside it when it is the only one", () => {
    const stacktrace = { frames: [{ function: "f" }] }
    const one = normalized({ exception: { type: "E" }, stacktrace })
    expect(one.exception?.values[0]?.stacktrace).toEqual(stacktrace)
    expect(one.stacktrace).toBeUndefined()
    const two = normalized({ exception: [{ type: "E" }, { type: "F" }], stacktrace })
    expect(two.stacktrace).toEqual(stacktrace)
  })
})

describe("mechanism", () => {
  const mechanismOf = (mechanism: unknown) =>
    normalized({ exception: { type: "E", mechanism } }).exception?.values[0]?.mechanism

  test("empty is none", () => {
    expect(mechanismOf({})).toBeUndefined()
    expect(mechanismOf(null)).toBeUndefined()
  })

  test("of old cocoa clients becomes generic with meta", () => {
    expect(mechanismOf({ posix_signal: { signal: 11, name: "SIGSEGV" } })).toEqual({
      type: "generic",
      meta: { signal: { number: 11, name: "SIGSEGV" } },
    })
  })

  test("keeps its place in a group and refuses links that are no web addresses", () => {
    const mechanism = { type: "chained", exception_id: 1, parent_id: 0, help_link: "javascript:x" }
    expect(mechanismOf(mechanism)).toEqual({ type: "chained", exception_id: 1, parent_id: 0 })
  })
})

describe("frames", () => {
  const framesOf = (frames: unknown[]) =>
    normalized({ stacktrace: { frames } }).stacktrace?.frames ?? []

  test.each([
    [{ filename: "a.py" }, { filename: "a.py", abs_path: "a.py" }],
    [{ abs_path: "/srv/a.py" }, { filename: "/srv/a.py", abs_path: "/srv/a.py" }],
    [
      { filename: "https://shop.test/js/a.js?v=1" },
      { filename: "/js/a.js", abs_path: "https://shop.test/js/a.js?v=1" },
    ],
    [{ abs_path: "https://shop.test/" }, { filename: "https://shop.test/" }],
    [
      { filename: "a", abs_path: "/b/a" },
      { filename: "a", abs_path: "/b/a" },
    ],
  ])("%j gets its other path", (frame, expected) => {
    expect(framesOf([frame])[0]).toMatchObject(expected)
  })

  test("lose unknown functions, nulls and wrong addresses", () => {
    const [first, second] = framesOf([
      { function: "?", in_app: null, instruction_addr: "0xFF", image_addr: 256 },
      null,
      { function: "f", pre_context: ["a", null], symbol_addr: "zz" },
    ])
    expect(first).toEqual({ instruction_addr: "0xff", image_addr: "0x100" })
    expect(second).toEqual({ function: "f", pre_context: ["a", ""], context_line: "" })
  })

  test("variables may be a list", () => {
    expect(framesOf([{ vars: ["x", 2] }])[0]?.vars).toEqual({ "0": "x", "1": 2 })
  })

  test("beyond 250 the oldest go, beyond 50 the middle loses its context", () => {
    const frames = Array.from({ length: 300 }, (_, lineno) => ({
      function: "f",
      lineno,
      in_app: lineno >= 290,
      context_line: "x",
      vars: { lineno },
    }))
    const kept = framesOf(frames)
    expect(kept).toHaveLength(250)
    expect(kept[0]?.lineno).toBe(50)
    const withVariables = kept.filter((frame) => frame.vars)
    expect(withVariables).toHaveLength(50)
    expect(withVariables.filter((frame) => frame.in_app)).toHaveLength(10)
    expect(kept.every((frame) => frame.context_line === "x")).toBe(true)
  })
})

describe("request", () => {
  test("query and fragment leave the url", () => {
    const event = normalized({ request: { url: "http://shop.test/p?a=1&b=x+y%21#top" } })
    expect(event.request).toEqual({
      url: "http://shop.test/p",
      query_string: [
        ["a", "1"],
        ["b", "x y!"],
      ],
      fragment: "top",
    })
  })

  test("headers become pairs, cookies leave them", () => {
    const headers = { accept: ["a", "b"], "user-agent": 5, Cookie: "a=1; b=2" }
    expect(normalized({ request: { headers } }).request).toEqual({
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

  test.each([
    ['{"a":1}', { a: 1 }, "application/json"],
    ["a=1&b=2", { a: "1", b: "2" }, "application/x-www-form-urlencoded"],
    ["just text", "just text", undefined],
    ["{broken", "{broken", undefined],
  ])("body %j is %j", (data, expected, type) => {
    const { request } = normalized({ request: { data } })
    expect(request?.data).toEqual(expected)
    expect(request?.inferred_content_type).toBe(type)
  })

  test("a method that is none is dropped", () => {
    expect(normalized({ request: { method: "get" } }).request?.method).toBe("GET")
    expect(normalized({ request: { method: "x y" } }).request).toBeUndefined()
  })
})

describe("user", () => {
  const clientAddress = "198.51.100.4"

  test.each([
    [{ user: { ip_address: "{{auto}}" } }, clientAddress],
    [{ platform: "javascript" }, clientAddress],
    [{ platform: "python" }, undefined],
    [{ platform: "javascript", sdk: { name: "x", settings: { infer_ip: "never" } } }, undefined],
    [{ platform: "python", sdk: { name: "x", settings: { infer_ip: "auto" } } }, clientAddress],
    [{ request: { env: { REMOTE_ADDR: "192.0.2.1" } } }, "192.0.2.1"],
    [{ user: { ip_address: "not one" } }, undefined],
  ])("the address of %j", (raw, expected) => {
    expect(normalized(raw, { clientAddress }).user?.ip_address).toBe(expected)
  })

  test("ids may be numbers, and what is not known is data", () => {
    expect(normalized({ user: { id: 0, plan: "gold", email: "" } }).user).toEqual({
      id: "0",
      data: { plan: "gold" },
    })
  })
})

describe("contexts", () => {
  test("get a type, wrong ones are dropped", () => {
    const event = normalized({
      contexts: { os: null, device: "x", my: { a: 1 }, "server-os": { type: "os" } },
    })
    expect(event.contexts).toEqual({ my: { a: 1, type: "my" }, "server-os": { type: "os" } })
    expect(remarksOf(event)).toEqual(["invalid_data contexts.device"])
  })

  test("descriptions are taken apart", () => {
    const contexts = {
      os: { raw_description: "Mac OS X 10.15.3 (19D76)" },
      runtime: { raw_description: ".NET Core 3.1.2" },
    }
    expect(normalized({ contexts }).contexts).toMatchObject({
      os: { name: "macOS", version: "10.15.3", build: "19D76" },
      runtime: { name: ".NET Core", version: "3.1.2" },
    })
  })
})

describe("debug images", () => {
  test("of old clients get today's names, unknown ones go", () => {
    const images = [
      { type: "apple", name: "App", uuid: "u" },
      { type: "elf", id: "d", code_id: "AB" },
      { type: "tape" },
    ]
    expect(normalized({ debug_meta: { images } }).debug_meta?.images).toEqual([
      { type: "macho", code_file: "App", debug_id: "u" },
      { type: "elf", debug_id: "d", code_id: "ab" },
    ])
  })
})

import { describe, expect, test } from "bun:test"
import { normalized, remarksOf } from "./given.ts"

describe("contexts are completed", () => {
  const contextOf = (name: string, context: object) =>
    normalized({ contexts: { [name]: context } }).contexts?.[name]

  test.each([
    ["Microsoft Windows NT 10.0.18362.0", { name: "Windows", version: "10.0.18362.0" }],
    ["Windows 10.0.18362", { name: "Windows", version: "10.0.18362" }],
    ["Windows 10  (10.0.19042) 64bit", { name: "Windows", version: "10.0.19042" }],
    ["Mac OS X 10.15.3 (19D76)", { name: "macOS", version: "10.15.3", build: "19D76" }],
    ["Android OS 11 / API-30 (RP1A.200720.012/6934943)", { name: "Android", version: "11" }],
    ["iOS 17.5.1", { name: "iOS", version: "17.5.1" }],
    ["Linux 4.9.0-8-amd64", { name: "Linux", kernel_version: "4.9.0-8-amd64" }],
  ])("a system from %s", (raw_description, expected) => {
    expect(contextOf("os", { raw_description })).toEqual({
      raw_description,
      type: "os",
      ...expected,
    } as never)
    expect(contextOf("os", { raw_description, name: "mine" })?.name).toBe("mine")
  })

  test("a runtime from its description, and the .NET Framework from its build", () => {
    expect(contextOf("runtime", { raw_description: ".NET Core 3.1.2" })).toMatchObject({
      name: ".NET Core",
      version: "3.1.2",
    })
    expect(contextOf("runtime", { name: ".NET Framework", build: "528049" })?.version).toBe("4.8")
    expect(contextOf("runtime", { name: ".NET Framework", build: 461814 })?.version).toBe("4.7.2")
    expect(contextOf("runtime", { name: "node", build: "528049" })?.version).toBeUndefined()
  })

  test("a trace has ids in lower case, or none", () => {
    const id = "0123456789ABCDEF0123456789ABCDEF"
    const raw = { contexts: { trace: { trace_id: id, span_id: "xyz", parent_span_id: null } } }
    const event = normalized(raw)
    expect(event.contexts?.trace?.trace_id).toBe(id.toLowerCase())
    expect(event.contexts?.trace).not.toHaveProperty("span_id")
    expect(remarksOf(event)).toEqual(["invalid_data contexts.trace.span_id"])
  })

  test("the envelope's trace stands in for missing ones", () => {
    const trace = { trace_id: "a".repeat(32), replay_id: "B".repeat(32) }
    expect(normalized({}, { trace }).contexts).toEqual({
      trace: { type: "trace", trace_id: "a".repeat(32) },
      replay: { type: "replay", replay_id: "b".repeat(32) },
    })
    const own = { trace: { trace_id: "c".repeat(32) } }
    expect(normalized({ contexts: own }, { trace }).contexts?.trace?.trace_id).toBe("c".repeat(32))
    for (const odd of [null, "x", [], { trace_id: 5 }, { trace_id: "0".repeat(32) }]) {
      expect(normalized({}, { trace: odd }).contexts).toBeUndefined()
    }
  })
})

describe("numbers of a mechanism get names", () => {
  const metaOf = (meta: object, contexts?: object) =>
    normalized({ exception: { type: "E", mechanism: { type: "m", meta } }, contexts }).exception
      ?.values[0]?.mechanism?.meta

  test("as the system counts them", () => {
    const meta = { errno: { number: 35 }, signal: { number: 10, code: 1 } }
    expect(metaOf(meta, { os: { name: "iOS" } })).toEqual({
      errno: { number: 35, name: "EAGAIN" },
      signal: { number: 10, code: 1, name: "SIGBUS", code_name: "BUS_ADRALN" },
    })
    expect(metaOf(meta, { os: { name: "Linux" } })).toEqual({
      errno: { number: 35, name: "EDEADLK" },
      signal: { number: 10, code: 1, name: "SIGUSR1" },
    })
    expect(metaOf(meta)).toEqual(meta)
  })

  test("of Mach everywhere; a client's own name stays", () => {
    expect(metaOf({ mach_exception: { exception: 1, code: 2 } })).toEqual({
      mach_exception: { exception: 1, code: 2, name: "EXC_BAD_ACCESS" },
    })
    const named = { signal: { number: 11, name: "MINE" } }
    expect(metaOf(named, { os: { name: "Android" } })).toEqual(named)
  })

  test("unless there is none, or it is no number", () => {
    const meta = { errno: { number: 9999 }, signal: { number: "11" }, mach_exception: [] }
    expect(metaOf(meta, { os: { name: "macOS" } })).toEqual(meta)
  })
})

describe("debug images", () => {
  test.each([
    ["DFB8E43AF2423D73A453AEB6A777EF75", "dfb8e43a-f242-3d73-a453-aeb6a777ef75"],
    ["dfb8e43a-f242-3d73-a453-aeb6a777ef75-A", "dfb8e43a-f242-3d73-a453-aeb6a777ef75-a"],
    ["DFB8E43AF2423D73A453AEB6A777EF75a", "dfb8e43a-f242-3d73-a453-aeb6a777ef75-a"],
    ["DFB8E43AF2423D73A453AEB6A777EF750", "dfb8e43a-f242-3d73-a453-aeb6a777ef75"],
    ["nonsense", "nonsense"],
  ])("have an id in one spelling: %s", (id, expected) => {
    const debug_meta = { images: [{ type: "pe", debug_id: id }] }
    expect(normalized({ debug_meta }).debug_meta?.images?.[0]?.debug_id).toBe(expected)
    const apple = { images: [{ type: "apple", uuid: id, name: "App" }] }
    expect(normalized({ debug_meta: apple }).debug_meta?.images).toEqual([
      { type: "macho", code_file: "App", debug_id: expected },
    ])
  })
})

describe("breadcrumbs", () => {
  test("lose unknown members with a note, and data that is no object", () => {
    const event = normalized({
      breadcrumbs: [{ ty: "http", message: "m", colour: "red", data: ["x"] }],
    })
    expect(event.breadcrumbs?.values).toEqual([{ type: "http", message: "m" }])
    expect(remarksOf(event)).toEqual([
      "invalid_attribute breadcrumbs.values.0.colour",
      "invalid_data breadcrumbs.values.0.data",
    ])
  })
})

describe("the request's address", () => {
  test.each([
    ["https://bücher.example/ä?q=ö", "https://xn--bcher-kva.example/ä"],
    ["https://bücher.example:8443/", "https://xn--bcher-kva.example:8443/"],
    ["https://shop.example/ü", "https://shop.example/ü"],
    ["/ü/relative", "/ü/relative"],
    ["http://shop.example/…", "http://shop.example/..."],
  ])("%s has a host of ASCII", (url, expected) => {
    expect(normalized({ request: { url } }).request?.url).toBe(expected)
  })
})

describe("other attributes", () => {
  test("time_spent has an end", () => {
    expect(normalized({ time_spent: 1200 }).time_spent).toBe(1200)
    expect(normalized({ time_spent: 2 ** 31 }).time_spent).toBeUndefined()
  })

  test("a client's own errors are kept beside ours", () => {
    const event = normalized({
      errors: [{ type: "js_no_source", name: "app.js", value: { url: "x" } }, { name: "none" }, 5],
      colour: "red",
    })
    expect(event.errors).toContainEqual({
      type: "js_no_source",
      name: "app.js",
      value: '{"url":"x"}',
    })
    expect(remarksOf(event)).toContain("invalid_attribute colour")
    expect(event.errors?.every(({ type }) => typeof type === "string")).toBe(true)
  })
})

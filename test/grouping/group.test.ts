import { describe, expect, test } from "bun:test"
import { groupEvent } from "#grouping/group.ts"
import { given, isSameIssue, member, thrown } from "./given.ts"

const CHECKSUM = "0123456789abcdef0123456789abcdef"
const pay = { module: "shop.pay", function: "charge" }
const library = { module: "flask.app", function: "dispatch", in_app: false }
const otherLibrary = { module: "django.core", function: "handle", in_app: false }
const error = (type: string, value: string, more = {}) => ({
  platform: "python",
  exception: { values: [{ type, value, ...more }] },
})
const message = (formatted: string, more = {}) => ({
  platform: "other",
  logentry: { formatted },
  ...more,
})

describe("stack traces", () => {
  test("of the application join although the framework differs", () => {
    expect(
      isSameIssue(thrown("python", [library, pay]), thrown("python", [otherLibrary, pay])),
    ).toBe(true)
  })

  test("have an app and a system hash, in this order", () => {
    const grouping = groupEvent(given(thrown("python", [library, pay])))
    expect(grouping.hashes).toHaveLength(2)
    expect(grouping.variants.map(({ name, hash }) => [name, hash])).toEqual([
      ["app", grouping.hashes[0] ?? null],
      ["system", grouping.hashes[1] ?? null],
    ])
    expect(groupEvent(given(thrown("python", [pay]))).hashes).toEqual([grouping.hashes[0] ?? ""])
  })

  test("of the framework alone split by the framework, never join by type", () => {
    const grouping = groupEvent(given(thrown("python", [library])))
    expect(grouping.variants.map(({ name, contributes }) => [name, contributes])).toEqual([
      ["app", false],
      ["system", true],
    ])
    expect(isSameIssue(thrown("python", [library]), thrown("python", [otherLibrary]))).toBe(false)
  })

  test("make the type count and the value not", () => {
    const base = thrown("python", [pay])
    expect(isSameIssue(base, thrown("python", [pay], { value: "quite different" }))).toBe(true)
    expect(isSameIssue(base, thrown("python", [pay], { type: "Other" }))).toBe(false)
  })

  test("of a synthetic exception make the type not count either", () => {
    const mechanism = { type: "minidump", synthetic: true }
    const crash = (type: string) => thrown("native", [{ function: "f" }], { type, mechanism })
    expect(isSameIssue(crash("SIGSEGV / 0x1"), crash("SIGSEGV / 0x2"))).toBe(true)
  })
})

describe("exceptions without a stack", () => {
  test("join when only numbers and addresses differ", () => {
    expect(isSameIssue(error("E", "user 4 at 192.0.2.1"), error("E", "user 17 at 192.0.2.9"))).toBe(
      true,
    )
    expect(isSameIssue(error("E", "user 4"), error("E", "order 4"))).toBe(false)
  })

  test("of a chain all count", () => {
    const chain = (cause: string) => ({
      exception: {
        values: [
          { type: cause, value: "x" },
          { type: "AppError", value: "y" },
        ],
      },
    })
    expect(isSameIssue(chain("KeyError"), chain("IndexError"))).toBe(false)
  })

  test("of cocoa go by domain and code", () => {
    const ns = (code: number, value: string) =>
      error("NSError", value, {
        mechanism: { type: "NSError", meta: { ns_error: { domain: "net", code } } },
      })
    expect(isSameIssue(ns(-1009, "no network"), ns(-1009, "kein Netz"))).toBe(true)
    expect(isSameIssue(ns(-1009, "no network"), ns(-1001, "no network"))).toBe(false)
  })

  test("do not join messages of the same text", () => {
    expect(isSameIssue(error("E", "x"), message("x"))).toBe(false)
  })
})

describe("exception groups", () => {
  const group = (...children: string[]) => ({
    platform: "python",
    exception: {
      values: [
        ...children.map((type, index) => member(type, index + 1, 0)).reverse(),
        member("ExceptionGroup", 0, null, { is_exception_group: true }),
      ],
    },
  })

  test("of one kind equal the bare exception, however many there are", () => {
    expect(isSameIssue(group("V", "V"), group("V", "V", "V"))).toBe(true)
    expect(isSameIssue(group("V", "V"), error("V", "V happened"))).toBe(true)
    expect(groupEvent(given(group("V", "V"))).mainException?.type).toBe("V")
  })

  test("of two kinds do not depend on the order", () => {
    expect(isSameIssue(group("V", "T"), group("T", "V", "V"))).toBe(true)
    expect(isSameIssue(group("V", "T"), group("V"))).toBe(false)
  })

  test("with ids that contradict each other are plain chains", () => {
    const twice = group("V", "V")
    const [first] = twice.exception.values
    Object.assign(first?.mechanism as object, { exception_id: 1 })
    expect(isSameIssue(twice, group("V", "V"))).toBe(false)
  })

  test("that go round in a ring come to an end", () => {
    const values = [
      member("A", 0, 2, { is_exception_group: true }),
      member("B", 1, 0, { is_exception_group: true }),
      member("C", 2, 1, { is_exception_group: true }),
    ]
    expect(groupEvent(given({ exception: { values } })).hashes).toHaveLength(1)
  })
})

describe("fingerprints", () => {
  test("join anything, in their order", () => {
    const custom = { fingerprint: ["pay", "eu"] }
    expect(isSameIssue(message("a", custom), { ...error("E", "v"), ...custom })).toBe(true)
    expect(isSameIssue(message("a", custom), message("a", { fingerprint: ["eu", "pay"] }))).toBe(
      false,
    )
    expect(isSameIssue(message("a", custom), message("a", { fingerprint: ["payeu"] }))).toBe(false)
  })

  test("with the default in them refine it", () => {
    const of = (...fingerprint: string[]) => message("a", { fingerprint })
    expect(isSameIssue(of("{{ default }}", "eu"), of("{{default}}", "us"))).toBe(false)
    expect(isSameIssue(of("{{ default }}", "eu"), of("{{default}}", "eu"))).toBe(true)
    expect(isSameIssue(of("{{ default }}", "eu"), message("a"))).toBe(false)
    expect(isSameIssue(of("{{default}}"), message("a"))).toBe(true)
    expect(groupEvent(given(of("{{ default }}", "eu"))).fingerprint).toBe("hybrid")
  })

  test("may name parts of the event", () => {
    const event = given({
      ...thrown("python", [pay]),
      transaction: "/cart",
      tags: { region: "eu" },
      fingerprint: [
        "{{ error.type }}",
        "{{function}}",
        "{{ transaction }}",
        "{{ tags.region }}",
        "{{ tags.x }}",
        "{{ y }}",
      ],
    })
    expect(groupEvent(event).variants[0]?.values).toEqual([
      "Oops",
      "charge",
      "/cart",
      "eu",
      "<no-value-for-tag-x>",
      "<unrecognized-variable-y>",
    ])
  })

  test("name the place of the exception that was thrown, not of its cause", () => {
    const cause = { type: "A", stacktrace: { frames: [{ function: "read", in_app: true }] } }
    const event = given({
      platform: "native",
      exception: { values: [cause, { type: "B", value: "b" }] },
      stacktrace: { frames: [{ function: "int run<int>(int)", in_app: true }] },
      fingerprint: ["{{ function }}"],
    })
    expect(groupEvent(event).variants[0]?.values).toEqual(["run<T>"])
  })

  test("that repeat the message mean the message", () => {
    expect(
      isSameIssue(
        message("job 1", { fingerprint: ["job 1"] }),
        message("job 2", { fingerprint: ["job 2"] }),
      ),
    ).toBe(true)
  })

  test("give way to a checksum, which is the hash itself when it can be", () => {
    const event = given(message("a", { checksum: CHECKSUM, fingerprint: ["z"] }))
    expect(groupEvent(event).hashes).toEqual([CHECKSUM])
    for (const other of ["pay-errors", CHECKSUM.toUpperCase()]) {
      const [hash] = groupEvent(given({ checksum: other })).hashes
      expect(hash).toMatch(/^[0-9a-f]{32}$/)
      expect(hash).not.toBe(CHECKSUM)
    }
  })

  test("leave the strategies visible, but without effect", () => {
    const { variants } = groupEvent(given({ ...thrown("python", [pay]), fingerprint: ["x"] }))
    expect(variants.map(({ name, contributes }) => [name, contributes])).toEqual([
      ["custom-fingerprint", true],
      ["app", false],
      ["system", false],
    ])
  })
})

describe("messages", () => {
  test("go by their template", () => {
    const hello = (formatted: string) => ({ logentry: { message: "hello %s", formatted } })
    expect(isSameIssue(hello("hello ann"), hello("hello bob"))).toBe(true)
    expect(isSameIssue(message("hello ann"), message("hello bob"))).toBe(false)
  })

  test("go by two lines, and by nothing else of the event", () => {
    const more = { platform: "python", level: "info", logger: "x", tags: { a: "b" } }
    expect(isSameIssue(message("one\ntwo\nthree"), message("one\ntwo\nfour", more))).toBe(true)
  })

  test("do not count beside an exception", () => {
    const with_ = (formatted: string) => ({ ...error("E", "x"), logentry: { formatted } })
    expect(isSameIssue(with_("one"), with_("two"))).toBe(true)
  })
})

describe("threads", () => {
  const thread = (id: number, name: string, more = {}) => ({
    id,
    stacktrace: { frames: [{ function: name, in_app: true }] },
    ...more,
  })
  const threads = (...values: object[]) => ({
    ...message("m"),
    platform: "native",
    threads: { values },
  })

  test("go by the one that crashed", () => {
    const crashed = thread(1, "f", { crashed: true })
    expect(
      isSameIssue(threads(crashed, thread(2, "idle")), threads(crashed, thread(2, "busy"))),
    ).toBe(true)
    expect(groupEvent(given(threads(crashed, thread(2, "idle")))).method).toBe("threads")
  })

  test("do not count when two crashed", () => {
    const both = threads(thread(1, "f", { crashed: true }), thread(2, "g", { crashed: true }))
    expect(isSameIssue(both, message("m"))).toBe(true)
  })
})

describe("security reports", () => {
  const csp = (effective_directive: string, blocked_uri: string) => ({
    csp: { effective_directive, blocked_uri },
  })

  test("go by directive and host", () => {
    expect(
      isSameIssue(csp("img-src", "https://evil.test/a"), csp("img-src", "https://evil.test/b")),
    ).toBe(true)
    expect(
      isSameIssue(csp("img-src", "https://evil.test/a"), csp("font-src", "https://evil.test/a")),
    ).toBe(false)
    expect(isSameIssue(csp("img-src", ""), csp("img-src", "self"))).toBe(true)
    expect(isSameIssue(csp("img-src", "data"), csp("img-src", "data:image/png"))).toBe(true)
  })
})

test("events with nothing to group by share one issue", () => {
  expect(isSameIssue({ platform: "other" }, { platform: "python", tags: { a: "b" } })).toBe(true)
  expect(groupEvent(given({})).method).toBe("fallback")
})

test("hashes stay what they are: they are stored", () => {
  expect(groupEvent(given(message("hello"))).hashes).toEqual(["c8074faf4562cca2dfd3c1654019503e"])
})

import { describe, expect, test } from "bun:test"
import type { Exception, Frame } from "#normalize/event.ts"
import { crumbLine } from "#web/ui/components/trace/crumb.ts"
import { readingOrder } from "#web/ui/components/trace/exception-order.ts"
import { frameAllowances } from "#web/ui/components/trace/frame-budget.ts"
import { collapseRecursion, frameRuns } from "#web/ui/components/trace/frame-runs.ts"
import { nativeFacts } from "#web/ui/components/trace/native-frame.ts"
import { traceHint } from "#web/ui/components/trace/trace-hint.ts"

const exception = (type: string, mechanism?: object): Exception => ({
  type,
  ...(mechanism && { mechanism: { type: "chained", ...mechanism } }),
})
const outline = (exceptions: Exception[]) =>
  readingOrder(exceptions).map(
    ({ exception: { type }, number, depth, parent, relation }) =>
      `${number} ${" ".repeat(depth)}${type} ${relation} of ${parent}`,
  )

describe("the order in which exceptions are read", () => {
  test("a chain begins with what was thrown last and goes down to its cause", () => {
    expect(outline([exception("KeyError"), exception("RateMissing"), exception("Failed")])).toEqual(
      ["1 Failed thrown of null", "2 RateMissing cause of 1", "3 KeyError cause of 2"],
    )
  })

  test("what was being handled is no cause", () => {
    const handled = exception("KeyError", { source: "__context__" })
    expect(outline([handled, exception("Failed")])[1]).toBe("2 KeyError context of 1")
  })

  test("members stand below their group, in the order of their ids", () => {
    const group = { is_exception_group: true }
    expect(
      outline([
        exception("B", { exception_id: 3, parent_id: 0, source: "exceptions[1]" }),
        exception("Cause", { exception_id: 2, parent_id: 1, source: "__cause__" }),
        exception("A", { exception_id: 1, parent_id: 0, source: "exceptions[0]" }),
        exception("Group", { exception_id: 0, ...group }),
      ]),
    ).toEqual([
      "1 Group thrown of null",
      "2  A member of 1",
      "3   Cause cause of 2",
      "4  B member of 1",
    ])
  })

  test("rings, repeated ids and orphans each appear once", () => {
    const order = readingOrder([
      exception("Ring A", { exception_id: 1, parent_id: 2 }),
      exception("Ring B", { exception_id: 2, parent_id: 1 }),
      exception("Twin", { exception_id: 0, parent_id: 0 }),
      exception("Orphan", { exception_id: 9, parent_id: 7 }),
      exception("Root", { exception_id: 0 }),
    ])
    expect(order.map(({ exception: { type } }) => type).sort()).toEqual(
      ["Orphan", "Ring A", "Ring B", "Root", "Twin"].sort(),
    )
  })
})

describe("the frames of a page", () => {
  test("are shared out among traces, what one does not need goes to the first that does", () => {
    expect(frameAllowances([250])).toEqual([60])
    expect(frameAllowances([10, 250, 250])).toEqual([10, 30, 20])
    expect(frameAllowances([5, 5])).toEqual([5, 5])
    expect(frameAllowances([])).toEqual([])
    const many = frameAllowances(Array.from({ length: 100 }, () => 3))
    expect(many.reduce((sum, count) => sum + count, 0)).toBe(60)
  })

  test("recursion is one frame with a count, library frames between own ones fold", () => {
    const own: Frame = { function: "walk", lineno: 3, in_app: true }
    const library: Frame = { function: "call", lineno: 1 }
    const counted = collapseRecursion([library, { ...library, lineno: 2 }, own, own, own])
    expect(counted.map(({ times }) => times)).toEqual([1, 1, 3])
    expect(frameRuns(counted).map(({ kind }) => kind)).toEqual(["library", "frame"])
  })
})

describe("a native frame", () => {
  const images = [
    {
      type: "elf",
      code_file: "/usr/lib/libshop.so",
      debug_id: "abc",
      image_addr: "0x1000",
      image_size: 0x1000,
    },
  ]

  test("names its image by the address, and the debug file it lacks", () => {
    const facts = nativeFacts({ instruction_addr: "0x1fff" }, images)
    expect(facts).toMatchObject({ address: "0x1fff", image: "libshop.so", hasName: false })
    expect(facts?.rows).toContainEqual(["missing debug file", "abc"])
  })

  test("outside every image has none, and odd addresses are no crash", () => {
    expect(nativeFacts({ instruction_addr: "0x2000" }, images)?.image).toBeNull()
    expect(nativeFacts({ instruction_addr: "0xnothing" }, images)?.image).toBeNull()
    expect(nativeFacts({ function: "main", lineno: 3 }, images)).toBeNull()
  })
})

describe("a breadcrumb", () => {
  test("of a request is its method, address and status", () => {
    const data = { method: "GET", url: "https://x.test/", status_code: 502, retries: 3 }
    expect(crumbLine({ type: "http", category: "fetch", data })).toMatchObject({
      text: "GET https://x.test/",
      status: 502,
      tone: "error",
      icon: "globe",
      rest: [["retries", 3]],
    })
  })

  test("of a query is SQL, of a move both ends, and without anything still a line", () => {
    expect(crumbLine({ category: "query", message: "select 1" }).kind).toBe("sql")
    const data = { from: "/cart", to: "/pay" }
    expect(crumbLine({ category: "navigation", data }).text).toBe("/cart → /pay")
    expect(crumbLine({})).toMatchObject({ text: "", status: null, tone: null, rest: [] })
  })
})

test("of a crash that came as a file the hint leads to the file", () => {
  const hint = (type: string) => traceHint({ platform: "native" }, { mechanism: { type } })
  expect(hint("minidump")).toContain("in the minidump among the attachments")
  expect(hint("unreal")).toContain("in the crash archive")
  expect(hint("generic")).toContain("attachStacktrace")
})

test("the hint for a missing trace is that of the SDK", () => {
  const hint = (name: string, platform = "other") => traceHint({ sdk: { name }, platform })
  expect(hint("sentry.python.django")).toContain("attach_stacktrace=True")
  expect(hint("sentry.go.echo")).toContain("ClientOptions")
  expect(hint("sentry.javascript.nextjs")).toContain("Error objects")
  expect(hint("", "java")).toContain("attachStacktrace")
  expect(hint("mine")).toBe(
    "The SDK sent no stack trace for it. Most SDKs attach one with the option attachStacktrace.",
  )
})

import { describe, expect, test } from "bun:test"
import type { NormalizedEvent } from "#normalize/event.ts"
import { type Meta, MetaNotes } from "#normalize/meta.ts"
import { highlightBudget } from "#web/ui/components/trace/highlight.ts"
import { DataSections, MessageSection } from "#web/ui/issues/detail/sections/data.tsx"
import { TraceSections } from "#web/ui/issues/detail/trace/sections.tsx"
import { normalized } from "../../../../normalize/given.ts"

const view = {
  order: "newest",
  filter: "app",
  view: "pretty",
  code: "original",
  codeHref: "/",
  sourceMapsHref: "/",
  allFramesHref: null,
  form: { action: "/", csrf: "", eventId: "", query: "" },
} as const

/** What a reader sees: without tags, blanks run together. */
function shown(event: NormalizedEvent): string {
  const page = (
    <>
      <MessageSection event={event} />
      <TraceSections event={event} view={view} budget={highlightBudget()} />
      <DataSections event={event} title="t" org="acme" zone="UTC" />
    </>
  )
  return String(page)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
}

function html(event: NormalizedEvent): string {
  return String(<DataSections event={event} title="t" org="acme" zone="UTC" />)
}

describe("the page says what happened to a value", () => {
  test("beside a message, an exception and a breadcrumb that were cut", () => {
    const long = "m".repeat(9000)
    const page = shown(
      normalized({
        message: long,
        exception: { type: "E", value: `${long}x` },
        breadcrumbs: [{ message: `${long}xx`, data: { a: "a".repeat(3000) } }],
      }),
    )
    for (const length of ["9,000", "9,001", "9,002", "3,000"]) {
      expect(page).toContain(`cut, was ${length} characters`)
    }
  })

  test("in variables, contexts and additional data, deep ones too", () => {
    const value = "x".repeat(20_000)
    const frames = [{ function: "f", vars: { locals: { deep: "v".repeat(2500) } } }]
    const page = shown(
      normalized({
        extra: { log: { text: `${value}e` } },
        contexts: { mine: { text: `${value}cc` } },
        exception: { type: "E", stacktrace: { frames } },
      }),
    )
    for (const length of ["2,500", "20,001", "20,002"]) {
      expect(page).toContain(`cut, was ${length} characters`)
    }
  })

  test("of lists that were longer", () => {
    const frames = Array.from({ length: 300 }, (_, lineno) => ({ function: `f${lineno}` }))
    const breadcrumbs = Array.from({ length: 400 }, (_, index) => ({ message: `b${index}` }))
    const page = shown(
      normalized({ exception: { type: "E", stacktrace: { frames } }, breadcrumbs }),
    )
    expect(page).toContain("Frames: cut, had 300 entries")
    expect(page).toContain("cut, had 400 entries")
  })

  test("where a value was that could not be used, once with its value in the list", () => {
    const page = shown(normalized({ user: { id: "7", ip_address: "nowhere" } }))
    expect(page).toContain("ip_address removed: invalid data: expected an ip address")
    expect(page).toContain(
      "user.ip_address invalid data · expected an ip address · &quot;nowhere&quot;",
    )
  })

  test("with the rule that scrubbed it", () => {
    const event = normalized({
      extra: { password: "[Filtered]", card: "****1111", gone: "x" },
      request: { headers: [["Authorization", "[Filtered]"]], data: "[Filtered]" },
    })
    const notes = new MetaNotes()
    notes.note(["extra", "password"], { rule: "@password:filter", type: "s", range: [0, 10] }, 7)
    notes.note(["extra", "card"], { rule: "@creditcard:mask", type: "m" })
    notes.note(["extra", "lost"], { rule: "project:0", type: "x" })
    notes.note(["request", "headers", 0, 1], { rule: "@password:filter", type: "s" })
    const _meta = notes.tree() as Meta
    const page = shown({ ...event, _meta })
    expect(page).toContain("****1111 masked by the built-in list (creditcard)")
    expect(page).toContain("lost removed by project:0")
    expect(html({ ...event, _meta })).toContain(
      'title="Removed by the built-in list (password) before it was stored"',
    )
    expect(page).toMatch(/Authorization Filtered replaced by the built-in list \(password\)/)
  })

  test("what symbolication missed is told in words, what a client made up as it is", () => {
    const errors = [
      {
        type: "native_missing_dsym",
        name: "debug_meta.images.1",
        data: { image_path: "/opt/other.so", image_uuid: "1111" },
      },
      { type: "to_string", name: "extra" },
    ]
    const page = shown({ ...normalized({ message: "m" }), errors } as NormalizedEvent)
    expect(page).toContain("a debug file is missing · image /opt/other.so · debug id 1111")
    expect(page).toContain("to string")
  })

  test("and nothing when nothing happened", () => {
    const event = normalized({ message: "m", extra: { a: 1 }, breadcrumbs: [{ message: "b" }] })
    expect(html(event)).not.toContain("value-note")
    expect(html(event)).not.toContain("Processing notes")
  })

  test("a line that a breadcrumb is made of is not missing from its data", () => {
    const data = { url: `https://shop.test/${"u".repeat(3000)}`, method: "GET", more: 1 }
    const page = shown(normalized({ breadcrumbs: [{ type: "http", data }] }))
    expect(page).not.toContain("url removed")
  })
})

test("notes of a hostile client do no harm", () => {
  const evil = "<script>alert(1)</script>"
  const event = normalized({
    extra: { a: { b: 1 } },
    _meta: {
      extra: {
        a: { "": { rem: [[evil, "x"]], err: [[evil, { reason: evil }]] }, b: { c: { d: {} } } },
        [evil]: { "": { err: [evil] } },
        toString: { "": { len: 5 } },
        constructor: { prototype: { "": { err: ["x"] } } },
      },
      nowhere: { at: { all: { "": { len: 1 } } } },
    },
  })
  const page = html(event)
  expect(page).toContain("&lt;script&gt;")
  expect(page).not.toContain(evil)
})

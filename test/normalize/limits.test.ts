import { describe, expect, test } from "bun:test"
import { type Meta, metaAt, noteOf } from "#normalize/meta.ts"
import { normalized, remarksOf } from "./given.ts"

/** The note at a path such as "extra.log". */
function noteAt(raw: unknown, path: string) {
  return noteOf(metaAt(normalized(raw)._meta, ...path.split(".")))
}

describe("a text that is too long", () => {
  test("ends in dots, and its note says where and how long it was", () => {
    const raw = { exception: [{ type: "E", value: "v" }, { type: "t".repeat(300) }] }
    expect(normalized(raw).exception?.values[1]?.type).toBe(`${"t".repeat(253)}...`)
    expect(noteAt(raw, "exception.values.1.type")).toEqual({
      rem: [["!limit", "s", 253, 256]],
      len: 300,
    })
  })

  test("may be a little longer than the limit", () => {
    const message = "m".repeat(8192 + 200)
    expect(normalized({ message }).logentry?.formatted).toBe(message)
    expect(normalized({ message })._meta).toBeUndefined()
  })

  test("is measured in characters: an emoji is one", () => {
    const smiles = "😀".repeat(200)
    const event = normalized({
      transaction: smiles,
      culprit: `${smiles}😀`,
      tags: { mood: smiles },
    })
    expect(event.transaction).toBe(smiles)
    expect(event.culprit).toBe(`${"😀".repeat(197)}...`)
    expect(event.tags).toEqual([["mood", smiles]])
    expect(normalized({ tags: { mood: `${smiles}😀` } }).tags).toBeUndefined()
  })
})

describe("data that is too much", () => {
  test("is cut where its room ends, each cut noted in its place", () => {
    const raw = {
      breadcrumbs: [
        { message: "one" },
        { data: { a: "a".repeat(1500), b: { c: "c".repeat(1500) }, d: 1, e: 2 } },
      ],
    }
    const data = normalized(raw).breadcrumbs?.values[1]?.data
    expect(data).toMatchObject({ a: "a".repeat(1500) })
    expect(data).toMatchObject({ b: { c: expect.stringMatching(/^c{480,540}\.\.\.$/) } })
    expect(data).not.toHaveProperty("e")
    expect(noteAt(raw, "breadcrumbs.values.1.data")).toEqual({ rem: [["!limit", "x"]], len: 4 })
    expect(noteAt(raw, "breadcrumbs.values.1.data.b.c")).toMatchObject({ len: 1500 })
  })

  test("is shared out: one long value of the additional data leaves room for the others", () => {
    const extra = { long: "x".repeat(50_000), short: "here" }
    expect(normalized({ extra }).extra).toEqual({
      long: expect.stringMatching(/^x{16000,16384}\.\.\.$/),
      short: "here",
    })
    expect(noteAt({ extra }, "extra.long")).toMatchObject({ len: 50_000 })
  })

  test("beside it leaves no note", () => {
    const event = normalized({ extra: { a: "b" }, request: { data: { c: ["d"] } } })
    expect(event._meta).toBeUndefined()
    expect(event.errors).toBeUndefined()
  })
})

describe("a list that is too long", () => {
  test("says how long it was", () => {
    const frames = Array.from({ length: 300 }, (_, lineno) => ({ function: "f", lineno }))
    expect(noteAt({ stacktrace: { frames } }, "stacktrace.frames")).toEqual({
      rem: [["!limit", "x"]],
      len: 300,
    })
    const threads = Array.from({ length: 600 }, (_, id) => ({ id }))
    expect(noteAt({ threads }, "threads.values")).toMatchObject({ len: 600 })
  })

  test("of headers says how many there were", () => {
    const headers = Array.from({ length: 20 }, (_, index) => [`X-${index}`, "v".repeat(1000)])
    expect(noteAt({ request: { headers } }, "request.headers")).toMatchObject({ len: 20 })
  })
})

describe("notes on elements", () => {
  const long = { type: "E", value: "v".repeat(9000) }

  test("stand where the element is now", () => {
    const raw = { exception: [null, {}, long] }
    expect(normalized(raw).exception?.values).toHaveLength(1)
    expect(noteAt(raw, "exception.values.0.value")).toMatchObject({ len: 9000 })
  })

  test("that were dropped stand at their list, and name no other one", () => {
    const raw = { exception: [{ value: 0, thread_id: {} }, "no", { type: "E" }] }
    const event = normalized(raw)
    expect(noteAt(raw, "exception.values")?.err).toContainEqual([
      "invalid_data",
      { reason: "expected an object" },
    ])
    expect(event.errors).toContainEqual({
      type: "invalid_data",
      name: "exception.values.1",
      value: "no",
      reason: "expected an object",
    })
  })
})

describe("many notes", () => {
  const log = Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`k${index}`, { a: { b: { c: { d: {} } } } }]),
  )
  const vars = { a: "v".repeat(1000), b: { c: "v".repeat(2000) } }
  const frames = Array.from({ length: 200 }, () => ({ function: "f", vars, lineno: "1" }))

  test("of one kind leave room for the other", () => {
    const threads = Array.from({ length: 20 }, () => ({ stacktrace: { frames } }))
    const event = normalized({ threads, extra: { log }, user: { ip_address: "x" } })
    expect(event.errors).toHaveLength(100)
    const text = JSON.stringify(event._meta)
    expect(text).toContain("!limit")
    expect(text.length).toBeLessThan(60_000)
  })

  test("are not made of what is thrown away as a whole", () => {
    const event = normalized({ stacktrace: { frames: frames.map(({ vars }) => ({ vars })) } })
    const kept = event.stacktrace?.frames ?? []
    for (const index of Object.keys(metaAt(event._meta, "stacktrace", "frames") ?? {})) {
      if (index !== "") expect(kept[Number(index)]).toHaveProperty("vars")
    }
    expect(remarksOf(event)).toEqual(["value_too_long stacktrace.frames"])
  })
})

describe("a client's own notes", () => {
  test("are kept, and ours added to them", () => {
    const _meta: Meta = { extra: { a: { "": { len: 7, rem: [["!config", "s", 0, 3]] } } } }
    const event = normalized({ _meta, extra: { a: "abc" }, culprit: "c".repeat(300) })
    expect(event._meta).toEqual({
      ..._meta,
      culprit: { "": { rem: [["!limit", "s", 197, 200]], len: 300 } },
    })
    expect(normalized({ _meta: "nonsense" })._meta).toBeUndefined()
  })
})

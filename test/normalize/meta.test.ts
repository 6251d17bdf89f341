import { describe, expect, test } from "bun:test"
import { LIMIT_RULE, MetaNotes, metaAt, noteOf, readMeta } from "#normalize/meta.ts"

describe("notes on what was done to an event", () => {
  test("stand where the value stands, under the empty name", () => {
    const notes = new MetaNotes()
    notes.note(["exception", "values", 0, "value"], {
      rule: "@password",
      type: "s",
      range: [3, 13],
    })
    notes.note(["extra", "log"], { rule: LIMIT_RULE, type: "s", range: [1021, 1024] }, 90_000)
    notes.error(["user", "ip_address"], "invalid_data", "expected an ip address")
    expect(notes.tree()).toEqual({
      exception: { values: { "0": { value: { "": { rem: [["@password", "s", 3, 13]] } } } } },
      extra: { log: { "": { rem: [["!limit", "s", 1021, 1024]], len: 90_000 } } },
      user: {
        ip_address: { "": { err: [["invalid_data", { reason: "expected an ip address" }]] } },
      },
    })
  })

  test("of nothing are nothing", () => {
    expect(new MetaNotes().tree()).toBeUndefined()
    expect(new MetaNotes({}).tree()).toBeUndefined()
  })

  test("on the same value add up; its first length is the original one", () => {
    const notes = new MetaNotes()
    notes.note(["message"], { rule: LIMIT_RULE, type: "s" }, 9000)
    notes.note(["message"], { rule: "@email", type: "x" }, 8192)
    expect(noteOf(metaAt(notes.tree(), "message"))).toEqual({
      rem: [
        ["!limit", "s"],
        ["@email", "x"],
      ],
      len: 9000,
    })
  })

  test("join those that are there already, which stay as they are", () => {
    const earlier = { extra: { a: { "": { len: 5 } } } }
    const notes = new MetaNotes(earlier)
    notes.note(["extra", "a"], { rule: "r", type: "x" }, 3)
    notes.note(["extra", "b"], { rule: "r", type: "x" })
    expect(notes.tree()).toEqual({
      extra: { a: { "": { len: 5, rem: [["r", "x"]] } }, b: { "": { rem: [["r", "x"]] } } },
    })
    expect(earlier).toEqual({ extra: { a: { "": { len: 5 } } } })
  })

  test("on a member without a name are left out: that is where notes stand", () => {
    const notes = new MetaNotes()
    notes.note(["extra"], { rule: "r", type: "x" })
    notes.note(["extra", "", "a"], { rule: "r", type: "x" })
    expect(notes.tree()).toEqual({ extra: { "": { rem: [["r", "x"]] } } })
  })

  test("end somewhere", () => {
    const notes = new MetaNotes()
    for (let index = 0; index < 10_000; index++) {
      notes.note(["extra", index], { rule: "r", type: "x" })
      notes.note(["message"], { rule: "r", type: "x" })
    }
    notes.note(Array<string>(1000).fill("deep"), { rule: "r", type: "x" })
    const text = JSON.stringify(notes.tree())
    expect(text.length).toBeLessThan(30_000)
    expect(text).not.toContain("deep")
  })

  test("cannot reach a prototype", () => {
    const notes = new MetaNotes()
    notes.note(["__proto__", "polluted"], { rule: "r", type: "x" })
    notes.note(["constructor", "prototype"], { rule: "r", type: "x" })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(metaAt(notes.tree(), "toString")).toBeUndefined()
    expect(noteOf(metaAt(notes.tree(), "constructor", "prototype"))).toEqual({ rem: [["r", "x"]] })
  })
})

describe("a client's notes", () => {
  test("are kept as far as they make sense, without the values they quote", () => {
    const sent = {
      extra: {
        log: {
          "": {
            rem: [["!limit", "s", 0, 3], ["r", "z"], "no", ["r", "x", "1", null]],
            err: ["too_long", ["invalid_data", { reason: "why", more: 1 }], 5, [null]],
            len: 9000,
            val: "hunter2",
          },
        },
        odd: { "": "no note" },
        deep: 7,
      },
      message: { "": { len: -1 } },
    }
    expect(readMeta(sent)).toEqual({
      extra: {
        log: {
          "": {
            rem: [
              ["!limit", "s", 0, 3],
              ["r", "x"],
            ],
            err: ["too_long", ["invalid_data", { reason: "why" }]],
            len: 9000,
          },
        },
      },
    })
  })

  test.each([[null], ["text"], [[]], [{}], [{ a: {} }]])("that are %j are none", (sent) => {
    expect(readMeta(sent)).toBeUndefined()
  })

  test("are bounded whatever is sent", () => {
    let deep: unknown = { "": { len: 1 } }
    for (let level = 0; level < 5000; level++) deep = { deep }
    const wide = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`k${index}`, { "": { len: 1 } }]),
    )
    const evil = JSON.parse('{"__proto__":{"":{"len":1}},"a\\u0000b":{"":{"len":1}}}')
    const read = readMeta({ deep, wide, evil: { ...evil, "\ud800": { "": { len: 1 } } } })
    expect(JSON.stringify(read).length).toBeLessThan(20_000)
    expect(readMeta(evil)).toEqual({ ab: { "": { len: 1 } } })
  })
})

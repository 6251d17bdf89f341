import { expect, test } from "bun:test"
import { eventInForm } from "#protocol/crash-form.ts"

const LIMITS = { maxDepth: 32, maxMembers: 1000 }
const read = (fields: Record<string, string>) =>
  eventInForm(
    Object.entries(fields).map(([name, text]) => ({ name, text })),
    LIMITS,
  )

test("an event as JSON, more of it by name, pieces in the order of their numbers, names in brackets, and the rest as extra data", () => {
  expect(
    read({
      sentry__10: '"}}',
      "sentry[user][id]": "7",
      "sentry[release]": "a@2",
      sentry: '{"release":"a@1","tags":{"a":"1"}}',
      sentry___native: '{"tags":{"a":"2","b":"2"}}',
      sentry__2: '{"contexts":{"my":"',
      ptype: "browser",
    }),
  ).toEqual({
    release: "a@1",
    tags: { a: "1", b: "2" },
    contexts: { my: "" },
    user: { id: "7" },
    extra: { ptype: "browser" },
  })
})

test("what is no JSON is left out, what is named oddly is extra data, and nobody reaches a prototype", () => {
  expect(read({ sentry: "{broken", sentry__1: "[1]", "sentry[]": "x", sentryx: "y" })).toEqual({
    extra: { "sentry[]": "x", sentryx: "y" },
  })
  const event = read({
    sentry: '{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}}}',
    "sentry[__proto__][polluted]": "1",
    "sentry[a][b]": "1",
  })
  expect(event.a).toMatchObject({ b: "1" })
  expect(Object.keys(event)).toEqual(["a"])
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

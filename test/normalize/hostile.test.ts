import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { groupEvent } from "#grouping/group.ts"
import { titleOf } from "#grouping/title.ts"
import { tagsOf, termsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { defaultScrubSettings, scrubEvent } from "#normalize/scrub.ts"
import { effortOf } from "../support/effort.ts"
import { normalized } from "./given.ts"

/** Everything that happens to an event between the queue and the transaction. */
function processed(raw: unknown) {
  const event = scrubEvent(normalized(raw), { ...defaultScrubSettings, scrubIp: true })
  const grouping = groupEvent(event)
  const tags = tagsOf(event)
  return { event, grouping, title: titleOf(event), tags, terms: termsOf(tags), user: userOf(event) }
}

function expectCleanText(key: string, value: unknown): unknown {
  for (const each of [key, value]) {
    if (typeof each === "string" && (!each.isWellFormed() || each.includes("\0"))) {
      throw new Error(`not storable: ${JSON.stringify(each)}`)
    }
  }
  return value
}

function expectStorable(raw: unknown): void {
  const result = processed(raw)
  const text = JSON.stringify(result)
  JSON.parse(text, expectCleanText)
  expect(JSON.stringify(JSON.parse(text))).toBe(text)
  expect(result.title.title).not.toBe("")
  expect(result.title.title.length).toBeLessThanOrEqual(256)
  expect(result.title.culprit.length).toBeLessThanOrEqual(200)
  for (const hash of result.grouping.hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/)
  for (const [key, value] of result.tags) expect(key.length + value.length).toBeLessThanOrEqual(400)
}

const FIELDS = (
  "message logentry exception stacktrace threads breadcrumbs request user contexts tags extra modules sdk release " +
  "dist environment fingerprint checksum level platform timestamp transaction culprit logger template csp hpkp " +
  "debug_meta server_name errors _meta __proto__ constructor sentry.interfaces.Http"
).split(" ")
const MEMBERS = (
  "values frames type value module mechanism function filename abs_path in_app vars context_line pre_context lineno " +
  "handled synthetic exception_id parent_id is_exception_group meta ns_error message formatted params headers cookies " +
  "data url query_string env id email ip_address images crashed effective_directive blocked_uri __proto__ raw_description"
).split(" ")

const nasty = fc.constantFrom(
  "\0",
  "a\0b",
  "\ud800",
  "\udc00x",
  "__proto__",
  "{{ default }}",
  "{{auto}}",
  "%s {} %(a)s",
  "::",
  "x".repeat(9000),
  1e308,
  -0,
  2 ** 60,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  "java",
  "native",
  "javascript",
  "Error: x\ny",
)
const leaf = fc.oneof(
  nasty,
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true }),
)
const tree = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, leaf, tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 4 }),
  object: fc
    .array(fc.tuple(fc.constantFrom(...MEMBERS), tie("value")), { maxLength: 6 })
    .map((entries) => Object.fromEntries(entries)),
})).value
const events = fc
  .array(fc.tuple(fc.constantFrom(...FIELDS), tree), { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries))

describe("whatever JSON arrives", () => {
  test("becomes an event that can be stored", () => {
    fc.assert(fc.property(events, expectStorable), { numRuns: 1500 })
  })

  test("even when it knows nothing of events", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), expectStorable), { numRuns: 300 })
  })
})

describe("hostile text", () => {
  test.each([
    ["blanks", " ".repeat(100_000)],
    ["blanks and a letter", `${" ".repeat(100_000)}x`],
    ["at signs", "@".repeat(100_000)],
    ["digits", "1".repeat(100_000)],
    ["half cards", "4111 ".repeat(20_000)],
    ["key starts", "-----BEGIN PRIVATE KEY-----".repeat(4000)],
    ["urls", "//a:b//c:".repeat(11_000)],
    ["angles", "<".repeat(100_000)],
    ["brackets", "(".repeat(50_000) + ")".repeat(50_000)],
    ["colons", "1:".repeat(50_000)],
    ["lines", "\n".repeat(100_000)],
    ["dots", "a.".repeat(50_000)],
    ["placeholders", "%s{}".repeat(25_000)],
    ["bearers", "bearer ".repeat(14_000)],
  ])("of %s takes no time in any field", (_name, text) => {
    const frames = [
      {
        function: text,
        filename: text,
        abs_path: text,
        context_line: text,
        module: text,
        vars: { text },
      },
    ]
    const raw = {
      platform: "native",
      message: { message: text, params: [text, text] },
      exception: {
        value: text,
        type: text,
        stacktrace: { frames: [...frames, { platform: "java", ...frames[0] }] },
      },
      culprit: text,
      transaction: text,
      release: text,
      environment: text,
      logger: text,
      server_name: text,
      request: {
        url: text,
        data: text,
        query_string: text,
        cookies: text,
        headers: { "User-Agent": text },
      },
      user: { id: text, email: text, ip_address: text },
      tags: { text },
      extra: { text, more: [text, text] },
      fingerprint: [text, `{{${text}}}`],
      breadcrumbs: [{ message: text, data: { text }, timestamp: text }],
      contexts: { os: { raw_description: text }, mine: { text } },
      csp: { effective_directive: text, blocked_uri: text },
    }
    expect(effortOf(() => processed(raw))).toBeLessThan(600)
    expect(effortOf(() => processed({ message: text }))).toBeLessThan(400)
  })

  test("of a million list elements and keys is bounded", () => {
    const many = Array.from({ length: 200_000 }, () => ({ type: "E", value: "v" }))
    const keys = Object.fromEntries(many.map((_, index) => [`k${index}`, "v"]))
    const raw = {
      exception: many,
      threads: many,
      breadcrumbs: many,
      tags: keys,
      extra: keys,
      fingerprint: many,
    }
    const { event } = processed(raw)
    expect(JSON.stringify(event).length).toBeLessThan(1_000_000)
    expect(event.errors?.length).toBeLessThanOrEqual(100)
  })
})

describe("hostile names and numbers", () => {
  test("cannot reach a prototype", () => {
    const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    const raw = JSON.parse(
      `{"__proto__":{"level":"fatal"},"extra":${evil},"contexts":${evil},"tags":${evil},"user":${evil},
        "request":{"headers":${evil},"data":${evil}},"modules":${evil},
        "exception":[{"type":"E","mechanism":${evil},"stacktrace":{"frames":[{"vars":${evil}}]}}]}`,
    )
    const { event } = processed(raw)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(JSON.stringify(event)).not.toContain('"__proto__":')
    expect(event.level).toBe("error")
  })

  test("NUL bytes and lone surrogates are taken out everywhere", () => {
    const text = "a\0b\ud800c"
    expectStorable({
      message: text,
      tags: { k: text },
      extra: { [text]: text },
      user: { id: text },
    })
    expect(normalized({ message: text }).logentry?.formatted).toBe("ab\ufffdc")
  })

  test("infinite numbers become null and huge ones stay", () => {
    const { extra } = normalized(
      JSON.parse('{"extra":{"a":1e999,"b":9007199254740993,"c":-1e999}}'),
    )
    expect(JSON.parse(JSON.stringify(extra))).toEqual({ a: null, b: 9007199254740992, c: null })
  })

  test("depth ends in JSON text", () => {
    let deep: unknown = "bottom"
    for (let level = 0; level < 200; level++) deep = { deep }
    const { event } = processed({ extra: { deep }, message: { deep }, user: { deep } })
    let depth = 0
    for (let at: unknown = event.extra; typeof at === "object" && at !== null; depth++) {
      at = (at as { deep?: unknown }).deep
    }
    expect(depth).toBeLessThanOrEqual(7)
  })
})

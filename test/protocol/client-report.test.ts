import { expect, test } from "bun:test"
import { readClientReport } from "#protocol/client-report.ts"

const read = (report: unknown) => readClientReport(Buffer.from(JSON.stringify(report)))

test("tells what an SDK dropped, by category and reason", () => {
  const report = {
    timestamp: 1_769_000_000.5,
    discarded_events: [
      { reason: "ratelimit_backoff", category: "error", quantity: 2 },
      { reason: "sample_rate", category: "transaction" },
    ],
  }
  expect(read(report)).toEqual([
    { category: "error", reason: "ratelimit_backoff", quantity: 2 },
    { category: "transaction", reason: "sample_rate", quantity: 1 },
  ])
})

test("counts the lists of relays, too", () => {
  const entry = { reason: "before_send", category: "error", quantity: 1 }
  expect(read({ rate_limited_events: [entry], filtered_events: [entry] })).toEqual([entry, entry])
})

test("knows the other names of categories", () => {
  const of = (category: string) =>
    read({ discarded_events: [{ category, reason: "ignored" }] })?.map((each) => each.category)
  expect(of("default")).toEqual(["error"])
  expect(of("user_report_v2")).toEqual(["feedback"])
  expect(of("metric")).toEqual(["trace_metric"])
})

test("takes no words of the client's own into the counters", () => {
  const entries = [{ category: "__proto__", reason: "my own" }]
  expect(read({ discarded_events: entries })).toEqual([
    { category: "unknown", reason: "other", quantity: 1 },
  ])
})

test("leaves out what makes no sense and keeps its neighbours", () => {
  const good = { category: "error", reason: "ignored", quantity: 3 }
  const odd = [
    null,
    7,
    {},
    { ...good, quantity: 0 },
    { ...good, quantity: -1 },
    { ...good, reason: 1 },
  ]
  expect(read({ discarded_events: [...odd, good] })).toEqual([good])
  expect(read({ discarded_events: [{ ...good, quantity: 1e300 }] })?.[0]?.quantity).toBe(1_000_000)
})

test("is null for what is no report", () => {
  expect(readClientReport(Buffer.from("x"))).toBeNull()
  expect(read([])).toBeNull()
  expect(read({ discarded_events: "x".repeat(200_000) })).toBeNull()
})

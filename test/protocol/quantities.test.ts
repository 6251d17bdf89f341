import { expect, test } from "bun:test"
import { quantitiesOf } from "#protocol/quantities.ts"

const of = (type: string, payload = "{}", headers: object = {}) =>
  quantitiesOf({ type, headers: { ...headers }, payload: Buffer.from(payload) })
    .map(({ category, quantity }) => `${category} ${quantity}`)
    .join(", ")

test("attachments count by the byte and by the piece", () => {
  expect(of("attachment", "12345")).toBe("attachment 5, attachment_item 1")
  expect(of("attachment", "")).toBe("attachment_item 1")
})

test("containers count their entries, as far as their bytes could hold them", () => {
  expect(of("span", "x".repeat(30), { item_count: 4 })).toBe("span 4")
  expect(of("span", "x".repeat(30), { item_count: 4e9 })).toBe("span 10")
  expect(of("trace_metric", "x".repeat(30), { item_count: -1 })).toBe("trace_metric 1")
  expect(of("log", "", { item_count: "2" })).toBe("log_item 1")
})

test("aggregates count their sessions; what is no aggregate counts as one", () => {
  const aggregates = [{ exited: 8, errored: 1 }, { crashed: 1, abnormal: "x" }, null]
  expect(of("sessions", JSON.stringify({ aggregates }))).toBe("session 10")
  expect(of("sessions", '{"aggregates":[{"exited":1e300},{"exited":1e300}]}')).toBe(
    "session 1000000",
  )
  for (const payload of ["{", "[]", '{"aggregates":7}', `{"a":"${"x".repeat(300_000)}"}`]) {
    expect(of("sessions", payload)).toBe("session 1")
  }
  expect(of("session", "{}")).toBe("session 1")
})

test("profiles of interfaces are counted apart", () => {
  expect(of("profile_chunk", "{}", { platform: "cocoa" })).toBe("profile_chunk_ui 1")
  expect(of("profile_chunk", "{}", { platform: "python" })).toBe("profile_chunk 1")
})

test("everything else counts once", () => {
  expect([of("event"), of("check_in"), of("replay_event"), of("wat")]).toEqual([
    "error 1",
    "monitor 1",
    "replay 1",
    "unknown 1",
  ])
})
